"""The closed lists the clients need for filters and forms, with their Chinese words."""

from dataclasses import dataclass
from functools import cache

from service.organisations.divisions import CITY_CODE, CITY_NAME, COUNTIES, TOWNS
from service.organisations.enums import Industry, NodeKind, WorkerCategory
from service.organisations.labels import INDUSTRIES, NODE_KINDS, WORKER_CATEGORIES
from service.organisations.occupations import OCCUPATIONS, Occupation
from service.skills.enums import LEVEL_NAMES


@dataclass(frozen=True, slots=True)
class Entry:
    """One code and its Chinese word."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """All lists. They change with a release only."""

    city: Entry
    counties: list[Entry]
    towns: list[Entry]
    industries: list[Entry]
    occupations: list[Occupation]
    levels: list[Entry]
    worker_categories: list[Entry]
    node_kinds: list[Entry]


@cache
def reference() -> Reference:
    """The lists, each in the order in which it is shown."""
    return Reference(
        city=Entry(CITY_CODE, CITY_NAME),
        counties=_entries(COUNTIES),
        towns=_entries(TOWNS),
        industries=_entries({each.value: INDUSTRIES[each] for each in Industry}),
        occupations=list(OCCUPATIONS.values()),
        levels=_entries(LEVEL_NAMES),
        worker_categories=_entries({each.value: WORKER_CATEGORIES[each] for each in WorkerCategory}),
        node_kinds=_entries({each.value: NODE_KINDS[each] for each in NodeKind}),
    )


def _entries(names: dict[str, str]) -> list[Entry]:
    return [Entry(code, name) for code, name in names.items()]
