"""What the documents list and what the code has are the same: errors, words, environment variables."""

import re
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping

from blueprints import errors as edge
from config import settings
from service.core.errors import ServiceError
from tests.engines import ROOT

CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
LISTED_CODE = re.compile(r"^\|\s*`([^`]+)`", re.MULTILINE)
VARIABLE = re.compile(r"^(?:#\s?)?([A-Z][A-Z0-9_]*)=", re.MULTILINE)


def subclasses(root: type[ServiceError]) -> Iterator[type[ServiceError]]:
    """Every class below, at any depth."""
    for below in root.__subclasses__():
        yield below
        yield from subclasses(below)


def wrong_codes(codes: Mapping[str, str]) -> list[str]:
    """`{class: code}` -> codes that are not dotted words, or that two classes share."""
    values = list(codes.values())
    found = [f"{name}: {code!r} is not dotted" for name, code in codes.items() if not CODE.fullmatch(code)]
    found += [f"{name}: {code} is used twice" for name, code in codes.items() if values.count(code) > 1]
    return sorted(found)


def difference(listed: Collection[str], real: Collection[str]) -> list[str]:
    """What is missing from the document, what it invents and what it says twice."""
    found = [f"{name}: not listed" for name in set(real) - set(listed)]
    found += [f"{name}: does not exist" for name in set(listed) - set(real)]
    found += [f"{name}: listed twice" for name in listed if list(listed).count(name) > 1]
    return sorted(set(found))


def table_rows(markdown: str) -> list[list[str]]:
    """The cells of each row of a document's tables, heads and rules left out."""
    rows: list[list[str]] = []
    is_body = False
    for line in markdown.splitlines():
        if not line.startswith("|"):
            is_body = False
        elif set(line) <= set("|-: "):
            is_body = True
        elif is_body:
            rows.append([cell.strip().strip("`") for cell in line.strip().strip("|").split("|")])
    return rows


def unclear_words(rows: Iterable[list[str]]) -> list[str]:
    """Terms that stand in two rows: a Chinese term with two English words, or a word with two meanings."""
    seen: set[str] = set()
    found = []
    for row in rows:
        found += [cell for cell in row[:2] if cell in seen]
        seen |= set(row[:2])
    return found


class Recorder(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """As a dict's."""
        self.asked.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)


def unloaded(on_disk: Iterable[str], loaded: Collection[str]) -> list[str]:
    """Modules with tables that the app does not import."""
    return sorted(set(on_disk) - set(loaded))


def error_classes() -> dict[str, str]:
    """`{class: code}` of everything the service may refuse with."""
    return {
        f"{kind.__module__}.{kind.__qualname__}": kind.code
        for kind in subclasses(ServiceError)
        if kind.__module__.startswith("service.")
    }


def test_error_codes_are_dotted_and_unique() -> None:
    assert wrong_codes(error_classes()) == []


def test_the_list_of_errors_is_complete_and_invents_none() -> None:
    listed = LISTED_CODE.findall((ROOT / "docs/errors.md").read_text(encoding="utf-8"))
    real = {*error_classes().values(), *(code for code, _ in edge.EDGE.values())}
    assert difference(listed, real) == []


def test_one_english_word_for_one_chinese_term() -> None:
    rows = table_rows((ROOT / "docs/words.md").read_text(encoding="utf-8"))
    assert rows
    assert unclear_words(rows) == []


def test_the_example_environment_names_every_setting(tmp_path: object) -> None:
    asked = Recorder({"GONGYUN_ENV": "test", "DATA_DIR": str(tmp_path)})
    settings.load(asked)
    named = VARIABLE.findall((ROOT / "config/example.env").read_text(encoding="utf-8"))
    assert difference(named, asked.asked) == []


def test_the_app_imports_every_model() -> None:
    """In a process of its own: other tests import models too, and would hide one the app forgets."""
    on_disk = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in (ROOT / "service").rglob("*models.py")
    ]
    script = "import sys, blueprints.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    assert on_disk
    assert unloaded(on_disk, loaded.stdout.split()) == []


def test_a_wrong_code_would_be_found() -> None:
    assert wrong_codes({"A": "full", "B": "booking.full", "C": "booking.full", "D": "booking.closed"}) == [
        "A: 'full' is not dotted",
        "B: booking.full is used twice",
        "C: booking.full is used twice",
    ]


def test_a_gap_in_a_list_would_be_found() -> None:
    listed = LISTED_CODE.findall("| code | when |\n|---|---|\n| `a.b` | x |\n| `a.c` | y |\n| `a.c` | y |\n")
    assert difference(listed, {"a.b", "a.d"}) == [
        "a.c: does not exist",
        "a.c: listed twice",
        "a.d: not listed",
    ]
    assert VARIABLE.findall("# The port.\nPORT=8000\n# HOST=0.0.0.0\n#HOSTS\n") == ["PORT", "HOST"]


def test_an_unclear_word_would_be_found() -> None:
    rows = table_rows("| 中文 | English |\n|---|---|\n| 课程 | course |\n| 班次 | course |\n| 课程 | class |\n")
    assert unclear_words(rows) == ["course", "课程"]


def test_a_forgotten_model_would_be_found() -> None:
    assert unloaded(["service.a.models", "service.b.models"], {"service.a.models"}) == ["service.b.models"]


def test_every_way_of_asking_is_recorded() -> None:
    recorder = Recorder({"A": "1", "C": "3"})
    recorder.get("A")
    assert "B" not in recorder
    assert recorder["C"] == "3"
    assert recorder.asked == {"A", "B", "C"}


def wrong_numbers(decisions: Mapping[str, str]) -> list[str]:
    """`{file name: heading}` -> decisions whose number another has, or whose heading says another."""
    numbers = [name[:4] for name in decisions]
    found = [f"{name}: {name[:4]} is used twice" for name in decisions if numbers.count(name[:4]) > 1]
    return found + [f"{name}: {said}" for name, said in decisions.items() if not said.startswith(f"# {name[:4]} ")]


def test_each_decision_has_a_number_of_its_own() -> None:
    files = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert wrong_numbers({file.name: file.read_text(encoding="utf-8").splitlines()[0] for file in files}) == []


def test_a_number_used_twice_would_be_found() -> None:
    told = wrong_numbers({"0001-a.md": "# 0001 A", "0001-b.md": "# 0001 B", "0002-c.md": "# 0001 C"})
    assert told == ["0001-a.md: 0001 is used twice", "0001-b.md: 0001 is used twice", "0002-c.md: # 0001 C"]
