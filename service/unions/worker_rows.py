"""Workers' rows against the register: who is new, what changes, what cannot be; and writing them, many at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from service.core import clock
from service.core.db import db
from service.identity import id_number, people, roster
from service.identity.models import Person
from service.organisations import employers, nodes
from service.organisations.enums import Industry, WorkerCategory
from service.organisations.models import Employer, UnionNode
from service.organisations.rules import takes_members
from service.unions import memberships
from service.unions.import_columns import Reading, cell_text
from service.unions.models import Membership
from service.unions.verdicts import Outcome, Verdict, doubles
from service.unions.worker_columns import WorkerRow, read_worker

CREDIT_CODE = "统一社会信用代码"


@dataclass(slots=True)
class Standing:
    """What the register holds about the people and employers of one chunk."""

    people: dict[str, Person]
    memberships: dict[int, Membership]
    by_name: dict[str, Employer]
    by_credit_code: dict[str, Employer]


@dataclass(slots=True)
class Judged:
    """A readable row with the verdict on it and the person it is about, if there is one yet."""

    row: WorkerRow
    verdict: Verdict
    person: Person | None
    moves: bool = False


class WorkerJudge:
    """Judges workers' rows for an import into the subtree of one node."""

    def __init__(self, scope_path: str, today: date) -> None:
        self.scope_path = scope_path
        self.today = today
        self.nodes = nodes.every_by_code()
        self.paths = {node.id: node.path for node in self.nodes.values()}
        self.lines: dict[str, int] = {}
        self.codes_by_employer: dict[str, str] = {}
        self.employers_by_code: dict[str, str] = {}

    def pass_over(self, readings: Sequence[Reading]) -> None:
        """Remember ID numbers and employers of rows dealt with before a stop."""
        for reading in readings:
            self.lines.setdefault(_raw_id_number(reading), reading.line)
            name, code = (cell_text(reading.cells.get(heading, "")) for heading in ("用人单位", CREDIT_CODE))
            self._remember_employer(name, code.upper())

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        """The outcome of each row."""
        return [verdict for verdict, _ in self._judged(readings)]

    def apply(self, readings: Sequence[Reading]) -> list[Verdict]:
        """Judge anew, under the locks of the people concerned, and write the good rows."""
        numbers = {people.id_number_index(number) for number in map(_raw_id_number, readings)}
        ids = db.session.scalars(select(Person.id).where(Person.id_number_index.in_(numbers)))
        judged = self._judged(readings, people.lock(ids).values())
        writing = [each for verdict, each in judged if each and verdict.outcome in (Outcome.NEW, Outcome.CHANGED)]
        if writing:
            write(writing, self.nodes)
        return [verdict for verdict, _ in judged]

    def _judged(
        self, readings: Sequence[Reading], locked: Iterable[Person] | None = None
    ) -> list[tuple[Verdict, Judged | None]]:
        rows = [(reading, self._read(reading)) for reading in readings]
        standing = look_up([row for _, row in rows if row], locked)
        return [self._judge_row(reading, row, standing) for reading, row in rows]

    def _read(self, reading: Reading) -> WorkerRow | None:
        doubles(reading, "身份证号", _raw_id_number(reading), self.lines)
        return read_worker(reading, self.today)

    def _judge_row(self, reading: Reading, row: WorkerRow | None, standing: Standing) -> tuple[Verdict, Judged | None]:
        person = membership = None
        if row is not None:
            person = standing.people.get(row.id_number)
            membership = standing.memberships.get(person.id) if person else None
            self._judge_node(reading, row, membership)
            self._judge_employer(reading, row, standing)
        if row is None or reading.problems:
            return Verdict(reading.line, Outcome.BAD, reading.problems), None
        changed = [] if person is None else self._changes(row, person, membership, standing)
        outcome = Outcome.NEW if person is None else Outcome.CHANGED if changed else Outcome.SAME
        verdict = Verdict(row.line, outcome, changed=changed)
        moves = membership is None or membership.node_id != self.nodes[row.node_code].id
        return verdict, Judged(row, verdict, person, moves)

    def _judge_node(self, reading: Reading, row: WorkerRow, membership: Membership | None) -> None:
        node = self.nodes.get(row.node_code)
        if node is None:
            reading.add("工会编码", "没有这个工会编码")
        elif not node.path.startswith(self.scope_path):
            reading.add("工会编码", "这个工会不在本次导入的范围内")
        elif not takes_members(node.kind):
            reading.add("工会编码", "县级以上工会不直接登记会员，请填基层或乡镇工会编码")
        elif membership and not self.paths[membership.node_id].startswith(self.scope_path):
            reading.add("身份证号", "该职工会籍在其他工会，请先办理会籍接转")
        elif not node.is_open_for_joining and (membership is None or membership.node_id != node.id):
            reading.add("工会编码", "这个工会暂不接收会员")

    def _judge_employer(self, reading: Reading, row: WorkerRow, standing: Standing) -> None:
        named = standing.by_name.get(row.employer)
        code_of_name = (named.credit_code if named else None) or self.codes_by_employer.get(row.employer)
        coded = standing.by_credit_code.get(row.credit_code or "")
        name_of_code = coded.name if coded else self.employers_by_code.get(row.credit_code or "")
        if row.credit_code and name_of_code not in (None, row.employer):
            reading.add(CREDIT_CODE, "这个代码已登记在另一个单位名下")
        elif row.credit_code and code_of_name not in (None, row.credit_code):
            reading.add(CREDIT_CODE, "这个单位已登记了另一个代码")
        else:
            self._remember_employer(row.employer, row.credit_code or "")

    def _remember_employer(self, name: str, credit_code: str) -> None:
        if name and credit_code:
            self.codes_by_employer.setdefault(name, credit_code)
            self.employers_by_code.setdefault(credit_code, name)

    def _changes(self, row: WorkerRow, person: Person, membership: Membership | None, standing: Standing) -> list[str]:
        employer = standing.by_name.get(row.employer)
        differs = {
            "姓名": row.name != person.name,
            "手机号": roster.phone_index(row.phone) != person.phone_index,
            "工会编码": membership is None or membership.node_id != self.nodes[row.node_code].id,
            "用人单位": employer is None or employer.id != person.employer_id,
            CREDIT_CODE: bool(employer and row.credit_code and employer.credit_code is None),
            "工种": row.occupation_code not in (None, person.occupation_code),
            "产业": row.industry not in (None, person.industry),
            "职工类别": row.category not in (None, person.worker_category),
            "实名状态": not person.is_verified,
        }
        return [heading for heading, is_different in differs.items() if is_different]


def look_up(rows: Sequence[WorkerRow], locked: Iterable[Person] | None = None) -> Standing:
    """What the register holds about the people and employers of these rows; `locked` where they are read already."""
    if locked is None:
        found = people.by_id_numbers(row.id_number for row in rows)
    else:
        numbers = {people.id_number_index(row.id_number): row.id_number for row in rows}
        by_index = {person.id_number_index or "": person for person in locked}
        found = {number: by_index[index] for index, number in numbers.items() if index in by_index}
    known = employers.known({row.employer for row in rows}, {row.credit_code for row in rows if row.credit_code})
    return Standing(
        people=found,
        memberships=memberships.active_memberships(person.id for person in found.values()),
        by_name={employer.name: employer for employer in known},
        by_credit_code={employer.credit_code: employer for employer in known if employer.credit_code},
    )


def write(judged: Sequence[Judged], tree: dict[str, UnionNode]) -> None:
    """Write new and changed people with their employers and memberships, in the caller's transaction."""
    employer_ids = _employer_ids([each.row for each in judged], tree)
    new = [each for each in judged if each.person is None]
    entries = [_entry(each.row, None, employer_ids) for each in new]
    ids = dict(zip((each.row.line for each in new), roster.add(entries), strict=True))
    roster.change(
        {
            each.person.id: (each.person.uid, _entry(each.row, each.person, employer_ids))
            for each in judged
            if each.person
        }
    )
    moving = [each for each in judged if each.moves]
    memberships.place(
        {
            each.person.id if each.person else ids[each.row.line]: (
                tree[each.row.node_code].id,
                each.row.joined_on or clock.today(),
            )
            for each in moving
        }
    )


def _entry(row: WorkerRow, person: Person | None, employer_ids: dict[str, int]) -> roster.Entry:
    """What the row says; where its cell is empty, what stands in the register."""
    return roster.Entry(
        name=row.name,
        id_number=row.id_number,
        phone=row.phone,
        employer_id=employer_ids[row.employer],
        occupation_code=row.occupation_code or (person.occupation_code if person else None),
        industry=row.industry or (person.industry if person else Industry.OTHER),
        worker_category=row.category or (person.worker_category if person else WorkerCategory.EMPLOYEE),
    )


def _employer_ids(rows: Iterable[WorkerRow], tree: dict[str, UnionNode]) -> dict[str, int]:
    """Name -> id of every row's employer: those missing are entered, a code that was not known is filled in."""
    by_name: dict[str, WorkerRow] = {}
    for row in rows:
        if row.credit_code or row.employer not in by_name:
            by_name[row.employer] = row
    known = {employer.name: employer for employer in employers.known(by_name, ())}
    for name, row in sorted(by_name.items()):
        if name not in known:
            known[name] = Employer(
                name=name,
                industry=row.industry or Industry.OTHER,
                county_code=tree[row.node_code].county_code,
            )
        known[name].credit_code = known[name].credit_code or row.credit_code
    employers.add(list(known.values()))
    return {name: employer.id for name, employer in known.items()}


def _raw_id_number(reading: Reading) -> str:
    return id_number.normalised(cell_text(reading.cells.get("身份证号", "")))
