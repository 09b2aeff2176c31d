"""One of everything in a county, everybody who may knock at a door, and a request that is taken back afterwards.

The things belong to 思茅: its worker, its trainer, its staff. Who is of 澜沧 finds none of them.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import openpyxl
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import Connection, select
from werkzeug.test import TestResponse

from blueprints import hot
from service.announcements import announcements
from service.announcements.announcements import Writing
from service.announcements.enums import AnnouncementState
from service.announcements.models import Announcement
from service.booking import places, terms, tickets
from service.booking.enums import OfferingKind
from service.booking.models import Booking
from service.booking.sold_out import sold_out
from service.core import clock
from service.core.access import Actor, Role
from service.core.db import db
from service.core.transaction import transactional
from service.identity import (
    consents,
    copies,
    corrections,
    people,
    purposes,
    refresh_tokens,
    sign_ins,
    wechat_sign_in,
)
from service.identity.enums import BindingCaseKind, Channel, CorrectionField
from service.identity.models import Account, Person, RoleGrant
from service.legal_aid import covers, feedback, tasks
from service.legal_aid.consultation import answering, consultations, published
from service.legal_aid.consultation.published import Publishing
from service.legal_aid.enums import Matter
from service.legal_aid.supervision import handling, letters, tips
from service.legal_aid.supervision.enums import LetterKind
from service.legal_aid.supervision.letters import Letter
from service.legal_aid.supervision.models import LabourTip
from service.legal_aid.supervision.tips import Place, Told
from service.messaging import delivery, outbox
from service.messaging.models import InboxMessage
from service.organisations.enums import NodeKind
from service.organisations.models import UnionNode
from service.overview import binding_desk
from service.overview.binding_desk import Dispute
from service.skills import certificates
from service.training import approvals, batches, trainers, windows
from service.training import places as class_places
from service.training.enums import LessonMode, MarkState
from service.training.models import Course, TrainingClass
from service.training.rules import LessonPlan
from service.training.trainers import Teaching
from service.unions import imports, sheets
from service.unions.enums import ImportKind
from tests import make, make_legal_aid, make_training

API = "/api/v1"
DAY = timedelta(days=1)
SIMAO_COUNTY, LANCANG_COUNTY = "530802", "530828"

NOBODY, SIGNED_OUT = "nobody", "signed_out"
NEWCOMER, WORKER, OTHER_WORKER = "newcomer", "worker", "other_worker"
TRAINER, OTHER_TRAINER, TRAINER_ON_PHONE = "trainer", "other_trainer", "trainer_on_phone"
TRAINING, OTHER_TRAINING = "training", "other_training"
MEMBERSHIP, OTHER_MEMBERSHIP = "membership", "other_membership"
PUBLISHING, OTHER_PUBLISHING = "publishing", "other_publishing"
LAWYER, JUDGE, AUDITOR, ADMINISTRATOR = "lawyer", "judge", "auditor", "administrator"
LEGAL, OTHER_LEGAL, UPPER_LEGAL = "legal", "other_legal", "upper_legal"
SUPERVISOR, SECOND_SUPERVISOR, OTHER_SUPERVISOR = "supervisor", "second_supervisor", "other_supervisor"

STAFF_ROLES = {
    TRAINER: Role.TRAINER,
    OTHER_TRAINER: Role.TRAINER,
    TRAINING: Role.TRAINING_STAFF,
    OTHER_TRAINING: Role.TRAINING_STAFF,
    MEMBERSHIP: Role.MEMBERSHIP_STAFF,
    OTHER_MEMBERSHIP: Role.MEMBERSHIP_STAFF,
    PUBLISHING: Role.PUBLISHING_STAFF,
    OTHER_PUBLISHING: Role.PUBLISHING_STAFF,
    LAWYER: Role.LEGAL_AID_OFFICER,
    LEGAL: Role.LEGAL_STAFF,
    OTHER_LEGAL: Role.LEGAL_STAFF,
    UPPER_LEGAL: Role.LEGAL_STAFF,
    SUPERVISOR: Role.LABOUR_LAW_SUPERVISOR,
    SECOND_SUPERVISOR: Role.LABOUR_LAW_SUPERVISOR,
    OTHER_SUPERVISOR: Role.LABOUR_LAW_SUPERVISOR,
    JUDGE: Role.JUDGE,
    AUDITOR: Role.AUDITOR,
    ADMINISTRATOR: Role.ADMINISTRATOR,
}
OF_LANCANG = frozenset(
    {OTHER_WORKER, OTHER_TRAINER, OTHER_TRAINING, OTHER_MEMBERSHIP, OTHER_PUBLISHING, OTHER_LEGAL, OTHER_SUPERVISOR}
)
OF_THE_CITY = frozenset({LAWYER, UPPER_LEGAL, JUDGE, AUDITOR, ADMINISTRATOR})
"""Their scope is everything there is: what they are refused is refused for the role alone."""

TOKENS_OF_NOBODY = frozenset({NOBODY, SIGNED_OUT})
SIGNED_IN = (NEWCOMER, WORKER, OTHER_WORKER, TRAINER_ON_PHONE, *STAFF_ROLES)
EVERYBODY = (NOBODY, SIGNED_OUT, *SIGNED_IN)


@dataclass
class Scene:
    """Headers by who asks, and what the things are called: `ids` fills the paths, `marks` are seen in lists."""

    client: FlaskClient
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, int] = field(default_factory=dict)
    workbook: bytes = b""
    picture: bytes = b""
    versions: dict[str, int] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: clock.now().replace(microsecond=0))

    def path(self, pattern: str) -> str:
        """The path with the scene's own ids in it; those under the API may leave `/api/v1` out."""
        found = pattern.format(**self.ids)
        return found if not pattern.startswith("~") else API + found[1:]

    def ask(self, who: str, method: str, path: str, **request: Any) -> TestResponse:
        """The answer to a request in somebody's name; whatever it wrote is taken back."""
        with taken_back():
            return self.send(who, method, path, **request)

    def send(self, who: str, method: str, path: str, **request: Any) -> TestResponse:
        """The answer to a request in somebody's name; what it wrote stays."""
        headers = self.headers[who] | request.pop("headers", {})
        return self.client.open(self.path(path), method=method, headers=headers, **request)

    def at(self, **since_now: float) -> str:
        """An instant so long from now, as it goes over the wire."""
        return (self.now + timedelta(**since_now)).isoformat()


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written in here is rolled back, and what the process remembers of it forgotten."""
    connection = db.engine
    assert isinstance(connection, Connection), "only inside the `database` fixture"
    db.session.close()
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        db.session.close()
        savepoint.rollback()
        terms.forget()
        sold_out.forget()
        class_places.forget_offerings()
        hot.forget()


def set_up(client: FlaskClient) -> Scene:
    """The scene, on the test's own database."""
    scene = Scene(client)
    nodes = _nodes()
    _people(scene, nodes)
    _training(scene, nodes)
    _own_things(scene)
    _announcements(scene)
    _disputed(scene)
    _legal_aid(scene)
    _import(scene, nodes["factory"])
    scene.secrets = secrets_of_all()
    db.session.commit()
    db.session.close()
    return scene


def _nodes() -> dict[str, UnionNode]:
    city = make.node()
    simao = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city, county=SIMAO_COUNTY)
    lancang = make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=city, county=LANCANG_COUNTY)
    factory = make.node("思茅茶厂工会", kind=NodeKind.GRASSROOTS, parent=simao, county=SIMAO_COUNTY)
    return {"city": city, "simao": simao, "lancang": lancang, "factory": factory}


def _people(scene: Scene, nodes: dict[str, UnionNode]) -> None:
    for who in (WORKER, OTHER_WORKER, *STAFF_ROLES):
        union = nodes["lancang"] if who in OF_LANCANG else nodes["factory"]
        scene.people[who] = make.person(member_of=union, name=f"姓名{who}"[:20]).id
    newcomer = people.newcomer()
    scene.people[NEWCOMER] = newcomer.id
    for who, role in STAFF_ROLES.items():
        where = nodes["city"] if who in OF_THE_CITY else nodes["lancang"] if who in OF_LANCANG else nodes["simao"]
        person_id = scene.people[who]
        db.session.add(RoleGrant(person_id=person_id, role=role, node_id=where.id, granted_at=scene.now))
        db.session.add(Account(person_id=person_id, login=who, password_hash="x"))
    db.session.commit()
    of_trainer = select(Account.id).where(Account.login == TRAINER)
    scene.ids["account"] = db.session.scalars(of_trainer).one()
    for who, person_id in scene.people.items():
        scene.headers[who] = _header(person_id, Channel.STAFF if who in STAFF_ROLES else Channel.WECHAT)
    scene.people[TRAINER_ON_PHONE] = scene.people[TRAINER]
    scene.headers[TRAINER_ON_PHONE] = _header(scene.people[TRAINER], Channel.WECHAT)
    scene.headers[NOBODY] = {}
    gone = make.person().id
    scene.headers[SIGNED_OUT] = _header(gone, Channel.WECHAT)
    sign_ins.revoke_all(gone)
    scene.ids |= {"node": nodes["simao"].id, "other_node": nodes["lancang"].id, "person": scene.people[WORKER]}
    scene.marks |= {"node": "思茅茶厂工会", "person": f"姓名{WORKER}", "trainer": f"姓名{TRAINER}"}


def _header(person_id: int, channel: Channel) -> dict[str, str]:
    return {"Authorization": f"Bearer {sign_ins.sign_in(person_id, channel).access_token}"}


def actor(scene: Scene, who: str) -> Actor:
    """Somebody of the scene as the service knows them."""
    person_id = scene.people[who]
    grants = sign_ins.grants.of(person_id) if who in STAFF_ROLES else ()
    return Actor(person_id=person_id, grants=grants)


def _training(scene: Scene, nodes: dict[str, UnionNode]) -> None:
    staff = actor(scene, TRAINING)
    course = make_training.course(staff, title="思茅茶艺课程")
    archived = make_training.course(staff, title="思茅停用课程")
    archived.archived_at = scene.now
    other = make_training.course(actor(scene, OTHER_TRAINING), title="澜沧课程")
    scene.ids |= {"course": course.id, "archived": archived.id, "other_course": other.id}
    scene.marks |= {"course": course.title, "class": "思茅开放班"}
    scene.ids["draft"] = make_training.draft(staff, course, title="思茅草稿班").id
    opened = make_training.published(staff, course, title="思茅开放班", capacity=50, lessons=_lessons(14))
    scene.ids |= {"class": opened.id, "class_lesson": opened.lessons[0].id}
    colleague = make.staff(nodes["simao"])
    scene.ids["submitted"] = make_training.draft(colleague, course, title="思茅待批班").id
    approvals.submit(colleague, scene.ids["submitted"])
    scene.marks["submitted"] = "思茅待批班"
    scene.ids["scene"] = tickets.of(OfferingKind.TRAINING_CLASS, scene.ids["class"]).scene
    paused = make_training.published(staff, course, title="思茅暂停班", lessons=_lessons(21))
    windows.pause(staff, paused.id, "教室检修")
    scene.ids["paused"] = paused.id
    with time_machine.travel(scene.now - 10 * DAY):
        scene.ids["closed"] = make_training.published(staff, course, title="思茅截止班", lessons=_lessons(38)).id
    _running(scene, staff, course)
    _offered(scene, staff, course)
    for name in ("class", "draft"):
        trainers.appoint(staff, scene.ids[name], Teaching(main_id=scene.people[TRAINER]))


def _lessons(in_days: int) -> list[LessonPlan]:
    return make_training.lessons(timedelta(days=in_days))


def _running(scene: Scene, staff: Actor, course: Course) -> None:
    """A class whose lesson began ten minutes ago; the worker is booked."""
    began = scene.now - timedelta(minutes=10)
    lesson = LessonPlan(began, began + timedelta(hours=2), LessonMode.ON_SITE, 4, "思茅今日课")
    with time_machine.travel(scene.now - 10 * DAY):
        running = make_training.published(
            staff, course, title="思茅上课班", capacity=2, lessons=[lesson], closes_at=scene.now - DAY
        )
        make_training.book(scene.people[WORKER], running)
        trainers.appoint(staff, running.id, Teaching(main_id=scene.people[TRAINER]))
    lesson_id = running.lessons[0].id
    scene.ids |= {"running": running.id, "lesson": lesson_id, "taught_booking": _booking(scene, running)}
    scene.ids["day"] = clock.local(began).date().isoformat()
    scene.marks["lesson"] = "思茅今日课"
    item = batches.Item(worker_id=scene.people[WORKER], client_id="first", at=scene.now, state=MarkState.PRESENT)
    batches.record(actor=actor(scene, TRAINER), lesson_id=lesson_id, items=[item])


def _offered(scene: Scene, staff: Actor, course: Course) -> None:
    """A class of one place: somebody gave it back, and it was offered to the worker."""
    full = make_training.published(staff, course, title="思茅候补班", capacity=1, lessons=_lessons(28))
    first = make.person(member_of=db.session.get_one(UnionNode, scene.ids["node"])).id
    taken = make_training.book(first, full)
    make_training.book(scene.people[WORKER], full)
    places.cancel(actor=make.actor(first), booking_id=UUID(taken["id"]))
    scene.ids |= {"offered": full.id, "booking": _booking(scene, full)}
    scene.marks["booking"] = full.title


def _booking(scene: Scene, of: TrainingClass) -> Any:
    query = select(Booking.id).where(Booking.offering_id == of.offering_id, Booking.person_id == scene.people[WORKER])
    return db.session.scalars(query).one()


def _own_things(scene: Scene) -> None:
    worker = actor(scene, WORKER)
    number = "S000053000001245000001"
    entered = certificates.enter(worker, occupation_code="4-03-02-07", level=5, number=number, issued_on=None)
    wish = corrections.request(actor=worker, field=CorrectionField.NAME, wanted="思茅新名", note="思茅更正说明")
    copy = copies.request(actor=worker)
    scene.ids |= {"correction": wish.id, "copy": copy.id}
    scene.marks |= {"wish": "思茅更正说明", "correction": '"field":"name"'}
    tell(worker.worker_id, "思茅消息")
    while delivery.deliver_due():
        pass
    message = select(InboxMessage.id).where(InboxMessage.title == "思茅消息")
    on_another_phone = sign_ins.sign_in(worker.worker_id, Channel.WECHAT).refresh_token
    scene.ids["sign_in"] = refresh_tokens.sign_in_id(on_another_phone)
    scene.ids |= {"certificate": entered.id, "message": db.session.scalars(message).one()}
    scene.marks |= {"certificate": number, "message": "思茅消息"}


def _announcements(scene: Scene) -> None:
    """A draft that somebody else of the office wrote, and an announcement on its way that has reached the worker."""
    colleague = replace(actor(scene, PUBLISHING), person_id=make.person().id)
    for name in ("draft_announcement", "announcement"):
        writing = Writing(node_id=scene.ids["node"], title=f"思茅公告{name}", body="请查看", text="详情")
        scene.ids[name] = announcements.create(colleague, writing).id
    scene.marks["announcement"] = "思茅公告announcement"
    with time_machine.travel(scene.now.replace(hour=4)):
        announcements.send(colleague, scene.ids["announcement"], 1)
        delivery.deliver_due()
    going_on = db.session.get_one(Announcement, scene.ids["announcement"])
    going_on.state, going_on.finished_at = AnnouncementState.SENDING, None
    db.session.commit()


@transactional
def tell(person_id: int, title: str) -> None:
    """A notice on its way to somebody's inbox."""
    outbox.notice(person_id, title, title, "请查看", "/bookings")


def _disputed(scene: Scene) -> None:
    """Somebody with a new phone says that she is the worker."""
    worker, claimant = people.person(scene.people[WORKER]), people.newcomer().id
    db.session.commit()
    wechat_sign_in.link(claimant, "oDisputed")
    said = Dispute(
        kind=BindingCaseKind.NEW_PHONE, name="思茅申诉人", id_number=str(worker.id_number), phone="13900009999", note=""
    )  # fmt: skip
    scene.ids["case"] = binding_desk.dispute(Actor(claimant), said).id
    scene.marks |= {"case": "思茅申诉人", "id_number": str(worker.id_number)}


def _legal_aid(scene: Scene) -> None:
    """A case of the worker's that was handed in, and one that is being written, with files."""
    worker = actor(scene, WORKER)
    case = make_legal_aid.submitted(worker)
    scene.ids |= {"aid_case": case.id, "aid_file": make_legal_aid.attached(worker, case.id).id}
    scene.marks["aid_case"] = str(case.number)
    for name, kept in make_legal_aid.on_their_way(worker, actor(scene, LEGAL), scene.people[LAWYER]).items():
        scene.ids[name], scene.versions[name] = kept.id, kept.version
    scene.versions["aid_case"] = case.version
    scene.ids["complaint"] = feedback.complain(actor=worker, case_id=scene.ids["aid_working"], words="没人联系").id
    scene.versions["aid_working"] = make_legal_aid.reread(scene.ids["aid_working"]).version
    _tasks(scene)
    for purpose in (purposes.HEALTH, purposes.FINANCE):
        consents.decide(actor=worker, purpose=purpose, is_given=True)
    draft = make_legal_aid.draft(worker)
    scene.picture = make_legal_aid.picture("blue")
    coming = make_legal_aid.announced(worker, draft.id, scene.picture)
    scene.ids |= {"aid_draft": draft.id, "aid_coming": coming.id}
    scene.versions["aid_draft"] = draft.version
    scene.ids["aid_removable"] = make_legal_aid.attached(worker, draft.id).id
    _consultations(scene, worker)
    _tips(scene, worker)


def _tasks(scene: Scene) -> None:
    """Two tasks on the case being worked, one of them done; a cover in two months."""
    handler, case_id, day = actor(scene, LAWYER), scene.ids["aid_working"], clock.today()
    for words in ("写申请书", "打电话"):
        lines = tasks.add(actor=handler, case_id=case_id, words=words, due_on=day)
    scene.ids |= {"aid_task": lines[0].id, "aid_task_done": lines[1].id}
    tasks.tick_off(actor=handler, task_id=lines[1].id)
    away = day + timedelta(days=60)
    entered = covers.enter(handler, covers.Absence(None, scene.people[UPPER_LEGAL], away, away))
    scene.ids["aid_cover"] = entered.cover.id


def _consultations(scene: Scene, worker: Actor) -> None:
    """A question that waits, and two that were answered, one of them for everybody."""

    def ask() -> UUID:
        asked = consultations.ask(actor=worker, matter=Matter.WAGES, county_code=None, words="老板欠薪怎么办")
        return asked.id

    def answered() -> UUID:
        found = ask()
        answering.answer(actor=actor(scene, LAWYER), consultation_id=found, words="可以仲裁")
        return found

    scene.ids |= {"consultation": ask(), "consultation_answered": answered(), "consultation_published": answered()}
    scene.marks["consultation"] = str(scene.ids["consultation"])
    text = Publishing("被欠薪怎么办", "某职工被欠薪。", "可以申请劳动仲裁。")
    shown = published.publish(
        actor=actor(scene, LAWYER), consultation_id=scene.ids["consultation_published"], text=text
    )
    scene.ids["published_answer"] = shown.id


def _tips(scene: Scene, worker: Actor) -> None:
    """Tips by name, one that is asked about, one that is checked, one with a letter; and one of nobody's."""
    told, place = Told(Matter.WAGES, "思茅某茶厂", "", "拖欠工资"), Place(county_code=SIMAO_COUNTY)
    supervisor = actor(scene, SUPERVISOR)

    def checked() -> LabourTip:
        tip = tips.give(actor=worker, told=told, place=place)
        return handling.begin(actor=supervisor, tip_id=tip.id, version=tip.version)

    tip, asked, checking, lettered = tips.give(actor=worker, told=told, place=place), checked(), checked(), checked()
    handling.ask(actor=supervisor, tip_id=asked.id, words="几个人？")
    letter = letters.issue(
        actor=supervisor, tip_id=lettered.id, version=lettered.version, kind=LetterKind.HINT,
        letter=Letter("思茅某茶厂", "拖欠工资", "工会法第二十三条", "补发工资"),
    )  # fmt: skip
    scene.ids |= {"tip": tip.id, "tip_asked": asked.id, "tip_checking": checking.id, "labour_letter": letter.id}
    scene.marks |= {"tip": tip.number}
    claimed = tips.give_anonymously(told=told, place=place, request_key="scene")
    handling.ask(actor=supervisor, tip_id=tips.claimed(claimed.claim_code).id, words="几个人？")
    scene.marks["claim_code"] = claimed.claim_code


def _import(scene: Scene, union: UnionNode) -> None:
    """An import of one new worker, checked and ready to be accepted."""
    scene.workbook = workbook("示例职工", make.id_number(17_000), "13912340000", union.code)
    scene.marks["import"] = "思茅职工.xlsx"
    made = imports.upload(
        actor(scene, MEMBERSHIP), kind=ImportKind.WORKERS, node_id=None, file_name="思茅职工.xlsx",
        content=scene.workbook,
    )  # fmt: skip
    scene.ids["import"] = made.id
    while delivery.deliver_due():
        pass


def workbook(name: str, id_number: str, phone: str, node_code: str) -> bytes:
    """A workers' workbook of one row."""
    book = openpyxl.load_workbook(io.BytesIO(sheets.template(ImportKind.WORKERS)))
    sheet = book.worksheets[0]
    for column, value in enumerate((name, id_number, phone, node_code), start=1):
        sheet.cell(2, column, value)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def secrets_of_all() -> dict[str, int]:
    """Everybody's ID number and phone, with whose it is."""
    rows = db.session.scalars(select(Person).where(Person.id_number_sealed.is_not(None)))
    return {number: row.id for row in rows for number in (row.id_number, row.phone) if number}
