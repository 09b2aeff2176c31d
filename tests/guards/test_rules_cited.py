"""Every rule the code cites stands in docs/rules.md with its source, and no rule stands there that nothing cites."""

import re
from collections.abc import Iterable, Iterator

from tests.engines import ROOT
from tests.guards.source import Source, sources
from tests.guards.test_documents import difference, table_rows

CITED = re.compile(r"docs/rules\.md\s+((?:`[a-z_]+\.(?:[a-z_]+|\*)`(?:,\s*|\s+and\s+)?)+)")
RULE = re.compile(r"`([a-z_]+\.(?:[a-z_]+|\*))`")


def citations(source: Source) -> Iterator[str]:
    """The ids a file cites. One that cites `attendance.*` may name `attendance.late` alone further down."""
    ids = [rule for match in CITED.findall(source.text) for rule in RULE.findall(match)]
    whole = tuple(rule.removesuffix("*") for rule in ids if rule.endswith("*"))
    yield from (rule for rule in ids if not rule.endswith("*"))
    if whole:
        yield from (rule for rule in RULE.findall(source.text) if rule.startswith(whole) and not rule.endswith("*"))


def unsourced(rows: Iterable[list[str]]) -> list[str]:
    """Rules without a text or without a source."""
    return [row[0] for row in rows if len(row) != 3 or not all(row)]


def test_every_rule_cited_has_its_row_and_every_row_is_cited() -> None:
    rows = table_rows((ROOT / "docs/rules.md").read_text(encoding="utf-8"))
    cited = {rule for source in sources() for rule in citations(source)}
    assert difference([row[0] for row in rows], cited) == []


def test_every_rule_names_its_source() -> None:
    rows = table_rows((ROOT / "docs/rules.md").read_text(encoding="utf-8"))
    assert rows
    assert unsourced(rows) == []


def test_a_citation_would_be_found() -> None:
    text = '"""Lateness (docs/rules.md `a.late`, `a.early` and\n`a.full`), see `a.other`."""'
    assert list(citations(Source("x.py", text))) == ["a.late", "a.early", "a.full"]
    text = '"""Sources: docs/rules.md `a.*` and `b.*`."""\nX = 1\n"""`a.late`, `c.late`, `b.full`"""'
    assert list(citations(Source("x.py", text))) == ["a.late", "b.full"]


def test_a_rule_without_a_source_would_be_found() -> None:
    assert unsourced(
        [["a.late", "Late is late.", "A law."], ["a.early", "Early is early.", ""], ["a.full", "Full."]]
    ) == [
        "a.early",
        "a.full",
    ]
