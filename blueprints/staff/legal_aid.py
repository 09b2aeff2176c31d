"""The office of legal aid: lists, opening a case, deciding it, giving it to a handler."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from blueprints.answers import WORKBOOK, workbook_response
from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas import staff_legal_aid as schemas
from schemas.legal_aid_cases import AidCaseLine
from service.core.lifecycle import WrongState
from service.core.pages import Page
from service.identity.errors import IdNumberWrong, PersonUnknown, PhoneWrong
from service.legal_aid import assignments, cases, desk, errors, intake, locks, objections, queues
from service.legal_aid.cases import OpenedCase
from service.legal_aid.models import AidCase
from service.legal_aid.queues import Desk, Line, Sought, Wanted
from service.legal_aid.weights import Candidate
from service.organisations.errors import NodeUnknown

bp = Blueprint("staff_legal_aid", __name__, url_prefix="/staff/legal-aid", description="法律援助窗口")
OPENED = (errors.CaseUnknown, errors.CaseSealed)
CHANGED = (*OPENED, errors.CaseLocked, errors.Stale, WrongState)
OF_CASE = "/cases/<uuid:case_id>"


@bp.get("/desk")
@bp.response(200, schemas.DeskView)
def show_desk() -> Desk:
    """How many cases are overdue, due soon, wait for whom; years whose holidays are missing."""
    return queues.at_a_glance(current_actor())


@bp.get("/cases")
@bp.arguments(schemas.ListAidCases, location="query")
@bp.response(200, schemas.AidDeskPage)
def list_cases(query: dict[str, Any]) -> Page[Line]:
    """Cases in sight, what is due first in front: numbers, states and dates, no words."""
    page, per_page = query.pop("page"), query.pop("per_page")
    return queues.listed(current_actor(), Wanted(**query), page=page, per_page=per_page)


@bp.get("/cases.xlsx")
@bp.arguments(schemas.ListAidCases, location="query")
@bp.response(200, content_type=WORKBOOK)
def export_cases(query: dict[str, Any]) -> Response:
    """The list as a workbook, no words; that it was taken is written down."""
    del query["page"], query["per_page"]
    return workbook_response(queues.export(current_actor(), Wanted(**query)), "援助案件.xlsx")


@bp.post("/cases/search")
@refuses(IdNumberWrong, PhoneWrong)
@bp.arguments(schemas.SearchCases)
@bp.response(200, schemas.AidDeskPage)
@keyed(schemas.AidDeskPage)
def search_cases(order: dict[str, Any]) -> Page[Line]:
    """Cases of a worker by ID number or phone, or against an employer; that it was asked is written down."""
    page, per_page = order.pop("page"), order.pop("per_page")
    return queues.search(current_actor(), Sought(**order), page=page, per_page=per_page)


@bp.post("/cases")
@refuses(NodeUnknown, PersonUnknown, errors.FormInvalid, errors.MeansUnshown, errors.HandlerBarred)
@bp.arguments(schemas.EnterCase)
@bp.response(201, AidCaseLine)
@keyed(AidCaseLine, 201)
def enter_case(order: dict[str, Any]) -> AidCase:
    """Write an application down that was told by word of mouth, or came on paper."""
    return intake.enter(current_actor(), intake.Entered(**order))


@bp.get(OF_CASE)
@refuses(*OPENED)
@bp.response(200, schemas.StaffAidCaseView)
def get_case(case_id: UUID) -> OpenedCase:
    """Open a case: for its handler, supervisor, and until it is assigned the intake. The worker sees who did."""
    return cases.opened(current_actor(), case_id)


@bp.get(f"{OF_CASE}/duplicates")
@refuses(*OPENED)
@bp.response(200, schemas.DuplicatesView)
def list_duplicates(case_id: UUID) -> dict[str, list[AidCase]]:
    """Other cases of the same worker."""
    return {"items": intake.duplicates(current_actor(), case_id)}


@bp.post(f"{OF_CASE}/merge")
@refuses(*CHANGED, errors.DuplicateWrong)
@bp.arguments(schemas.MergeCase)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def merge_case(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Let a duplicate end in the case that goes on."""
    return intake.merge(actor=current_actor(), case_id=case_id, **order)


@bp.post(f"{OF_CASE}/lock")
@refuses(*OPENED, errors.CaseLocked)
@bp.response(200, schemas.LockView)
@keyed(schemas.LockView)
def lock_case(case_id: UUID) -> AidCase:
    """Be the one who writes on it for fifteen minutes."""
    return locks.take(actor=current_actor(), case_id=case_id)


@bp.post(f"{OF_CASE}/unlock")
@refuses(*OPENED)
@bp.response(200, schemas.LockView)
@keyed(schemas.LockView)
def unlock_case(case_id: UUID) -> AidCase:
    """Let others write on it."""
    return locks.release(actor=current_actor(), case_id=case_id)


@bp.post(f"{OF_CASE}/take")
@refuses(*CHANGED)
@bp.arguments(schemas.Versioned)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def take_case(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Take an application up."""
    return desk.take(actor=current_actor(), case_id=case_id, **order)


@bp.post(f"{OF_CASE}/missing")
@refuses(*CHANGED, errors.ToldAlready)
@bp.arguments(schemas.TellMissing)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def tell_missing(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Tell everything that is missing, once."""
    missing = desk.Missing(order["papers"], order["note"])
    return desk.tell_missing(actor=current_actor(), case_id=case_id, version=order["version"], missing=missing)


@bp.post(f"{OF_CASE}/grant")
@refuses(*CHANGED)
@bp.arguments(schemas.DecideAid)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def grant_aid(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Grant aid."""
    return desk.grant(actor=current_actor(), case_id=case_id, **order)


@bp.post(f"{OF_CASE}/grant-first")
@refuses(*CHANGED, errors.NotUrgent)
@bp.arguments(schemas.GrantFirst)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def grant_aid_first(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Grant aid before all papers are there, because it is urgent."""
    return desk.grant_first(actor=current_actor(), case_id=case_id, **order)


@bp.post(f"{OF_CASE}/refuse")
@refuses(*CHANGED, errors.ReasonMissing)
@bp.arguments(schemas.DecideAid)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def refuse_aid(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Refuse aid, with article and reason; who hears an objection is told with it."""
    return desk.refuse(actor=current_actor(), case_id=case_id, **order)


@bp.post(f"{OF_CASE}/hand-to-state")
@refuses(*CHANGED)
@bp.arguments(schemas.Versioned)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def hand_to_state(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Go on by the state's aid, with its clocks."""
    return desk.hand_to_state(actor=current_actor(), case_id=case_id, **order)


@bp.post(f"{OF_CASE}/objection")
@refuses(*CHANGED, errors.ReasonMissing)
@bp.arguments(schemas.AnswerObjection)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def answer_objection(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Answer an objection: the refusal stands, or aid is granted."""
    return objections.answer(actor=current_actor(), case_id=case_id, **order)


@bp.get(f"{OF_CASE}/candidates")
@refuses(*OPENED)
@bp.response(200, schemas.CandidatesView)
def list_candidates(case_id: UUID) -> dict[str, list[Candidate]]:
    """Who might take the case, by load, field and county; nobody who has to do with the employer."""
    return {"items": assignments.candidates(current_actor(), case_id)}


@bp.post(f"{OF_CASE}/assign")
@refuses(*CHANGED, errors.HandlerUnknown, errors.HandlerBarred)
@bp.arguments(schemas.AssignCase)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def assign_case(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Give the case to a handler, or to another one."""
    return assignments.assign(actor=current_actor(), case_id=case_id, **order)


@bp.post(f"{OF_CASE}/begin")
@refuses(*CHANGED)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def begin_work(case_id: UUID) -> AidCase:
    """Begin work on a case, as its handler."""
    return assignments.begin(actor=current_actor(), case_id=case_id)


@bp.post(f"{OF_CASE}/recuse")
@refuses(*OPENED, errors.CaseLocked)
@bp.response(200, schemas.LockView)
@keyed(schemas.LockView)
def recuse_from_case(case_id: UUID) -> AidCase:
    """Say that one has to do with the employer or the worker."""
    return assignments.recuse(actor=current_actor(), case_id=case_id)


@bp.post(f"{OF_CASE}/terminate")
@refuses(*CHANGED, errors.ReasonMissing)
@bp.arguments(schemas.DecideAid)
@bp.response(200, AidCaseLine)
@keyed(AidCaseLine)
def terminate_aid(order: dict[str, Any], case_id: UUID) -> AidCase:
    """End the aid, with ground and reason."""
    return assignments.terminate(actor=current_actor(), case_id=case_id, **order)
