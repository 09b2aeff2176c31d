"""Made-up unions and workers in the register, many at a time."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import insert

from service.core import clock, configuration
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people, roster
from service.identity.models import WeChatIdentity
from service.organisations import employers, nodes
from service.organisations.divisions import TOWNS
from service.organisations.enums import NodeKind
from service.organisations.models import Employer, UnionNode
from service.organisations.occupations import OCCUPATIONS
from service.organisations.planting import plant_towns, plant_tree
from service.overview.demo import invention
from service.unions import memberships
from service.wechat.personas import sandbox_openid

CHUNK = 2000
UNION_CHUNK = 200
JOINED_ON = date(2020, 5, 1)

SCALES: dict[str, tuple[int, int]] = {"small": (200, 20), "puer": (114_500, 788), "puer10": (1_145_000, 7_880)}
"""Workers and grassroots unions; 普洱's own as the bulletin of July 2021 counts them, and ten times as many."""


def plant(workers: int, unions: int, tell: Callable[[str], None] = lambda _: None) -> None:
    """See to it that the first `unions` unions and `workers` workers stand in the register; repeating does no harm."""
    plant_tree()
    plant_towns()
    for first in range(0, unions, UNION_CHUNK):
        _plant_unions(range(first, min(first + UNION_CHUNK, unions)))
    for first in range(1, workers + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, workers + 1))
        worker_ids(numbers, unions)
        tell(f"{numbers[-1]}/{workers}")


@transactional
def worker_ids(numbers: range, unions: int) -> list[int]:
    """The ids of these workers in their order; those missing are entered as members of the first `unions` unions."""
    wanted = {invention.id_number(number): number for number in numbers}
    known = {number: person.id for number, person in people.by_id_numbers(wanted).items()}
    missing = {number: id_number for id_number, number in wanted.items() if id_number not in known}
    if missing:
        known |= _enter(missing, unions)
    return [known[id_number] for id_number in wanted]


@transactional
def _plant_unions(numbers: range) -> None:
    known = nodes.every_by_code()
    made = []
    for number in numbers:
        code = invention.union_code(number)
        if code not in known:
            nodes.create(
                parent=_parent(known, number),
                kind=NodeKind.GRASSROOTS,
                code=code,
                name=f"{invention.employer_name(number)}工会委员会",
            )
            made.append(_employer(number))
    employers.add(made)


def _parent(known: dict[str, UnionNode], number: int) -> UnionNode:
    """The unions of a county go to its towns in turn, or to the county itself where no town is known."""
    county = invention.county_code(number)
    towns = [code for code in TOWNS if code.startswith(county)] or [county]
    return known[towns[number // 10 % len(towns)]]


def _employer(number: int) -> Employer:
    return Employer(
        name=invention.employer_name(number),
        industry=invention.industry(number),
        county_code=invention.county_code(number),
    )


def _enter(missing: dict[int, str], unions: int) -> dict[str, int]:
    """Enter workers (number -> ID number) with membership and WeChat account: ID number -> id."""
    of_union = {number: (number - 1) % unions for number in missing}
    tree = nodes.every_by_code()
    wanted = {invention.employer_name(union) for union in of_union.values()}
    employer_ids = {employer.name: employer.id for employer in employers.known(wanted, ())}
    entries = [_entry(number, employer_ids[invention.employer_name(union)]) for number, union in of_union.items()]
    ids = roster.add(entries)
    by_number = dict(zip(missing, ids, strict=True))
    memberships.place(
        {by_number[number]: (tree[invention.union_code(union)].id, JOINED_ON) for number, union in of_union.items()}
    )
    _introduce(by_number)
    return {missing[number]: person_id for number, person_id in by_number.items()}


def _entry(number: int, employer_id: int) -> roster.Entry:
    occupation = OCCUPATIONS[invention.occupation_code(number)]
    return roster.Entry(
        name=invention.name(number),
        id_number=invention.id_number(number),
        phone=invention.phone(number),
        employer_id=employer_id,
        occupation_code=occupation.code,
        industry=occupation.industry,
        worker_category=invention.worker_category(number),
    )


def _introduce(by_number: dict[int, int]) -> None:
    """The sandbox's WeChat accounts belong to these people."""
    appid, now = configuration.current().wechat_appid, clock.now()
    rows = [
        {
            "appid": appid,
            "openid": sandbox_openid(invention.persona(number)),
            "person_id": person_id,
            "created_at": now,
        }
        for number, person_id in by_number.items()
    ]
    db.session.execute(insert(WeChatIdentity), rows)
