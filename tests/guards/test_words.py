"""Every label on screen has its English word in docs/words.md, and documents point at files that are there."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from service.identity import labels as identity
from service.organisations import labels as organisations
from service.skills.enums import LEVEL_NAMES
from service.training import labels as training
from tests.engines import ROOT
from tests.guards.test_documents import table_rows

LABELS: tuple[Mapping[str, str], ...] = (
    organisations.INDUSTRIES,
    organisations.WORKER_CATEGORIES,
    organisations.NODE_KINDS,
    identity.ROLES,
    training.SAID,
    training.MODES_SAID,
    LEVEL_NAMES,
)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
FILE = re.compile(r"`((?:blueprints|config|docs|schemas|service|tests|tools)/[\w./-]+\.(?:py|md|sh|env))`")


def unexplained(labels: Iterable[Mapping[str, str]], words: Collection[str]) -> list[str]:
    """Terms on screen that the glossary does not have."""
    return sorted({label for each in labels for label in each.values()} - set(words))


def dangling(document: Path, text: str) -> Iterator[str]:
    """Links and file names in a document that lead nowhere."""
    for target in LINK.findall(text):
        if "://" not in target and not (document.parent / target).exists():
            yield f"{document.name}: {target}"
    yield from (f"{document.name}: {name}" for name in FILE.findall(text) if not (ROOT / name).exists())


def documents() -> list[Path]:
    """The README and everything under docs/."""
    return [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_label_on_screen_has_its_word() -> None:
    words = {row[0] for row in table_rows((ROOT / "docs/words.md").read_text(encoding="utf-8"))}
    assert unexplained(LABELS, words) == []


def test_documents_point_at_files_that_are_there() -> None:
    assert documents()
    assert [place for each in documents() for place in dangling(each, each.read_text(encoding="utf-8"))] == []


def test_a_word_without_a_row_would_be_found() -> None:
    assert unexplained([{"a": "茶叶", "b": "咖啡"}, {"c": "茶叶"}], {"咖啡"}) == ["茶叶"]


def test_a_dead_pointer_would_be_found() -> None:
    text = (
        "[a](docs/nowhere.md) [b](https://example.org/x) [c](README.md#top) `service/core/nothing.py` `docs/rules.md`"
    )
    assert list(dangling(ROOT / "README.md", text)) == [
        "README.md: docs/nowhere.md",
        "README.md: service/core/nothing.py",
    ]
