"""One file commits: service/core/transaction.py."""

import ast

from tests.guards.source import Source, sources

THE_ONE = "service/core/transaction.py"
ENDINGS = {"commit", "rollback"}


def endings(source: Source) -> list[str]:
    """Where a file ends a transaction, or opens one that would end by itself."""
    found = []
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = ast.unparse(node.func.value)
        if node.func.attr in ENDINGS or (node.func.attr == "begin" and "session" in owner):
            found.append(f"{source.path}:{node.lineno} {owner}.{node.func.attr}()")
    return found


def test_only_the_transaction_module_ends_a_transaction() -> None:
    found = [place for source in sources() if source.path != THE_ONE for place in endings(source)]
    assert found == []


def test_the_transaction_module_is_where_this_guard_thinks_it_is() -> None:
    assert any(endings(source) for source in sources("service") if source.path == THE_ONE)


def test_a_commit_elsewhere_would_be_found() -> None:
    bad = "def f():\n  db.session.commit()\n  session().rollback()\n  with db.session.begin(): pass\n"
    assert [place.split(" ")[0] for place in endings(Source("service/x.py", bad))] == [
        "service/x.py:2",
        "service/x.py:3",
        "service/x.py:4",
    ]
    assert endings(Source("service/x.py", "with db.session.begin_nested():\n    pass\n")) == []
