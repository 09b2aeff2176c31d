"""Who may do what with a case of legal aid, cell by cell, through real tokens: 200 in the listed cells, nowhere else.

The employer's own staff, a former handler, an administrator and an auditor find nothing; the union above sees a line.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import true

from service.core import clock
from service.core.access import Actor, Grant, Role
from service.core.db import db
from service.identity import people, sign_ins
from service.identity.enums import Channel
from service.legal_aid import access, assignments, covers
from service.legal_aid.models import AidCase
from service.organisations import nodes
from tests import make_legal_aid as aid
from tests.service.legal_aid.conftest import Office, clerk, set_up

DESK, OWN, FILES = "/api/v1/staff/legal-aid/cases", "/api/v1/me/legal-aid/cases", "/api/v1/me/legal-aid/files"
WORKER, OTHER_WORKER, HANDLER, FORMER = "worker", "other worker", "handler", "former handler"
SUPERVISOR, INTAKE, OF_EMPLOYER = "supervisor", "intake", "employer's staff"
COVER, FORMER_COVER, BARRED_COVER = "cover", "former cover", "employer's staff as cover"
ADMINISTRATOR, AUDITOR = "administrator", "auditor"
EVERYBODY = (WORKER, OTHER_WORKER, HANDLER, FORMER, SUPERVISOR, INTAKE, OF_EMPLOYER, ADMINISTRATOR, AUDITOR)
COVERS = (COVER, FORMER_COVER, BARRED_COVER)
READ, LIST, EXPORT, SEARCH, FILE = "read", "list", "export", "search", "file"
DEEDS = (READ, LIST, EXPORT, SEARCH, FILE)

IN_HAND: Mapping[str, frozenset[str]] = {
    WORKER: frozenset({READ, LIST, FILE}),
    HANDLER: frozenset(DEEDS),
    SUPERVISOR: frozenset(DEEDS),
    # From the assignment on a line is all the intake sees.
    INTAKE: frozenset({LIST, EXPORT, SEARCH}),
}
COVERED: Mapping[str, frozenset[str]] = {COVER: frozenset(DEEDS)}
"""Of those who cover: within the days, after an early end, and kept away by the conflict check."""
BEFORE: Mapping[str, frozenset[str]] = {
    WORKER: frozenset({READ, LIST, FILE}),
    # Both are legal staff of the office while nobody has the case.
    SUPERVISOR: frozenset(DEEDS),
    INTAKE: frozenset(DEEDS),
}
"""Who may what; not named: nothing at all."""


@dataclass
class Tried:
    """A case with its file, and the headers of everybody."""

    client: FlaskClient
    case: AidCase
    file_id: object
    id_number: str
    headers: dict[str, dict[str, str]]

    def may(self, who: str, deed: str) -> bool:
        """Whether somebody gets what is asked for: the case itself must be in the answer."""
        number = str(self.case.number)
        asked = {"headers": self.headers[who]}
        if deed == FILE:
            return self.client.get(f"{FILES}/{self.file_id}", **asked).status_code == 200
        if who in (WORKER, OTHER_WORKER):
            return self._at_home(deed, number, asked)
        if deed == READ:
            return self.client.get(f"{DESK}/{self.case.id}", **asked).status_code == 200
        if deed == LIST:
            return number in self.client.get(DESK, **asked).text
        if deed == SEARCH:
            return number in self.client.post(f"{DESK}/search", json={"id_number": self.id_number}, **asked).text
        answer = self.client.get(f"{DESK}.xlsx", **asked)
        return answer.status_code == 200 and number in _cells(answer.data)

    def _at_home(self, deed: str, number: str, asked: dict[str, dict[str, str]]) -> bool:
        if deed == READ:
            return self.client.get(f"{OWN}/{self.case.id}", **asked).status_code == 200
        if deed == LIST:
            return number in self.client.get(OWN, **asked).text
        return number in self.client.get(DESK, **asked).text


def _cells(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return str([[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()])


def tried(client: FlaskClient, *, is_in_hand: bool) -> Tried:
    """The scene: a case of the worker's, in a handler's hands or not yet."""
    office = set_up()
    former = clerk(office.county, Role.LEGAL_AID_OFFICER)
    case = aid.granted(office.worker, office.intake)
    file_id = aid.attached(office.worker, case.id).id
    if is_in_hand:
        for handler in (former, office.handler):
            case = assignments.assign(
                actor=office.supervisor, case_id=case.id, version=case.version, handler_id=handler.worker_id
            )
    who: dict[str, Actor] = {
        WORKER: office.worker, OTHER_WORKER: office.other_worker, HANDLER: office.handler, FORMER: former,
        SUPERVISOR: office.supervisor, INTAKE: office.intake, OF_EMPLOYER: office.of_employer,
        ADMINISTRATOR: clerk(office.city, Role.ADMINISTRATOR), AUDITOR: clerk(office.city, Role.AUDITOR),
    }  # fmt: skip
    headers = {name: _header(actor) for name, actor in who.items()}
    number = str(people.person(office.worker.worker_id).id_number)
    db.session.commit()
    return Tried(client, case, file_id, number, headers)


def _header(actor: Actor) -> dict[str, str]:
    channel = Channel.STAFF if actor.grants else Channel.WECHAT
    return {"Authorization": f"Bearer {sign_ins.sign_in(actor.worker_id, channel).access_token}"}


def wrong_cells(scene: Tried, table: Mapping[str, frozenset[str]], everybody: Sequence[str] = EVERYBODY) -> list[str]:
    """Cells that are not as the table says."""
    return [
        f"{who} {deed}: {scene.may(who, deed)}"
        for who in everybody
        for deed in DEEDS
        if scene.may(who, deed) is not (deed in table.get(who, frozenset()))
    ]


@pytest.mark.parametrize(("is_in_hand", "table"), [(False, BEFORE), (True, IN_HAND)])
def test_only_the_listed_cells_open(client: FlaskClient, is_in_hand: bool, table: Mapping[str, frozenset[str]]) -> None:
    assert wrong_cells(tried(client, is_in_hand=is_in_hand), table) == []


def test_who_covers_opens_the_case_and_nobody_else_who_once_did_or_has_to_keep_away(client: FlaskClient) -> None:
    scene = tried(client, is_in_hand=True)
    handler, case, today = Actor(scene.case.handler_id), scene.case, clock.today()
    handler = replace(handler, grants=(Grant(Role.LEGAL_AID_OFFICER, case.node_id, nodes.node(case.node_id).path),))
    where = nodes.node(case.node_id)
    people_of = {
        FORMER_COVER: clerk(where, Role.LEGAL_AID_OFFICER),
        BARRED_COVER: clerk(where, Role.LEGAL_AID_OFFICER, employer_id=case.employer_id),
        COVER: clerk(where, Role.LEGAL_AID_OFFICER),
    }
    assert case.employer_id is not None
    for who, cover in people_of.items():
        scene.headers[who] = _header(cover)
        made = covers.enter(handler, covers.Absence(None, cover.worker_id, today, today)).cover
        table = {} if who == BARRED_COVER else COVERED | {who: COVERED[COVER]}
        assert wrong_cells(scene, table, [who]) == []
        if who != COVER:
            covers.end(actor=handler, cover_id=made.id)
    assert wrong_cells(scene, COVERED | IN_HAND, [*COVERS, *EVERYBODY]) == []


def test_a_cell_left_open_would_be_found(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: without the conflict check, and with lines for everybody, the table is wrong."""
    scene = tried(client, is_in_hand=True)
    with monkeypatch.context() as patched:
        patched.setattr(access, "is_barred", lambda *_: False)
        patched.setattr(access, "RIGHTS", dict.fromkeys(access.RIGHTS, frozenset(access.Right)))
        patched.setattr(access, "listable", lambda _actor: true())
        found = wrong_cells(scene, IN_HAND)
    assert {f"{OF_EMPLOYER} read: True", f"{INTAKE} file: True", f"{FORMER} list: True"} <= set(found)
    assert not wrong_cells(scene, IN_HAND)


def test_an_office_is_what_the_table_takes_it_for(client: FlaskClient) -> None:
    office: Office = set_up()
    case = aid.submitted(office.worker)
    assert access.relations(office.intake, case) == {access.Relation.LISTED, access.Relation.INTAKE}
    assert access.relations(office.upper, case) == {access.Relation.LISTED}
    for stranger in (office.handler, office.of_employer, office.elsewhere, office.other_worker, Actor()):
        assert access.relations(stranger, case) == frozenset()
