"""Budgets of size and name: docs/adr and the README say why, this file says how much."""

import ast
import re

from tests.engines import ROOT
from tests.guards.source import Function, Source, sources

FILE_LINES = 300
FUNCTION_LINES = 40
VIEW_LINES = 12
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "base"}
ROUTE_DECORATORS = {"route", "get", "post", "put", "delete"}
GENERATED = re.compile(r"auto-imports\.d\.ts|components\.d\.ts|schema\.d\.ts")


def long_file(path: str, text: str) -> list[str]:
    """The file, if it is over its budget."""
    lines = len(text.splitlines())
    return [f"{path}: {lines} lines"] if lines > FILE_LINES else []


def long_functions(source: Source) -> list[str]:
    """Functions over 40 lines, signature and docstring included; views over 12, not counting the docstring."""
    found = []
    for function in source.functions:
        lines = (function.end_lineno or 0) - function.lineno + 1
        budget = FUNCTION_LINES
        if is_view(function):
            lines, budget = lines - docstring_lines(function), VIEW_LINES
        if lines > budget:
            found.append(f"{source.path}:{function.lineno} {function.name}: {lines} lines, {budget} allowed")
    return found


def is_view(function: Function) -> bool:
    """Whether a decorator gives it a route."""
    return any(
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in ROUTE_DECORATORS
        for decorator in function.decorator_list
    )


def docstring_lines(function: Function) -> int:
    """How many lines the docstring takes."""
    if ast.get_docstring(function) is None:
        return 0
    first = function.body[0]
    return (first.end_lineno or 0) - first.lineno + 1


def local_imports(source: Source) -> list[str]:
    """Imports inside functions: they hide a dependency from the reader and from the import contracts."""
    return sorted(
        {
            f"{source.path}:{node.lineno} {ast.unparse(node)}"
            for function in source.functions
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
    )


def empty_names(path: str) -> list[str]:
    """Files and folders whose name says nothing about what is in them."""
    words = {word for part in path.removesuffix(".py").split("/") for word in part.lower().split("_")}
    return [path] if words & EMPTY_NAMES else []


def test_files_are_at_most_300_lines() -> None:
    assert [place for source in sources() for place in long_file(source.path, source.text)] == []


def test_vue_files_are_at_most_300_lines() -> None:
    files = [path for path in (ROOT / "client").glob("*/src/**/*.vue") if not GENERATED.search(path.name)]
    assert [place for path in files for place in long_file(path.name, path.read_text(encoding="utf-8"))] == []


def test_functions_are_at_most_40_lines_and_views_12() -> None:
    assert [place for source in sources() for place in long_functions(source)] == []


def test_imports_stand_at_the_top() -> None:
    assert [place for source in sources() for place in local_imports(source)] == []


def test_file_names_say_what_is_inside() -> None:
    assert [place for source in sources() for place in empty_names(source.path)] == []


def test_what_is_over_budget_would_be_found() -> None:
    body = "    x = 1\n"
    assert long_file("a.py", "\n" * 301) == ["a.py: 301 lines"]
    assert long_file("a.py", "\n" * 300) == []
    assert long_functions(Source("a.py", "def f():\n" + body * 40)) == ["a.py:1 f: 41 lines, 40 allowed"]
    assert long_functions(Source("a.py", "def f():\n" + body * 39)) == []
    view = '@blp.route("/x")\n@blp.response(200)\ndef f():\n    """What\n    it gives."""\n'
    assert long_functions(Source("a.py", view + body * 12)) == ["a.py:3 f: 13 lines, 12 allowed"]
    assert long_functions(Source("a.py", view + body * 11)) == []


def test_a_local_import_and_an_empty_name_would_be_found() -> None:
    nested = "def f():\n    def g():\n        from x import y\n"
    assert local_imports(Source("a.py", nested)) == ["a.py:3 from x import y"]
    assert local_imports(Source("a.py", "import x\n")) == []
    assert empty_names("service/booking/date_utils.py") == ["service/booking/date_utils.py"]
    assert empty_names("service/common/clock.py") == ["service/common/clock.py"]
    assert empty_names("service/core/database.py") == []
