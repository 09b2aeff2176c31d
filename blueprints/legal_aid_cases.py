"""A worker's own cases of legal aid: the application step by step, its files, what becomes of it."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from blueprints.answers import file_response
from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas import legal_aid_cases as schemas
from schemas.fields import View
from schemas.staff_legal_aid import FileObjection
from service.core.lifecycle import WrongState
from service.legal_aid import applications, attachments, cases, errors, file_errors, objections
from service.legal_aid.cases import OpenedCase
from service.legal_aid.file_models import AidFile
from service.legal_aid.models import AidCase

bp = Blueprint("legal_aid_cases", __name__, url_prefix="/me/legal-aid", description="法律援助：我的申请")
CHANGED = (errors.CaseUnknown, WrongState, errors.Stale, errors.ConsentNeeded)


@bp.get("/cases")
@bp.response(200, schemas.AidCasesView)
def list_my_cases() -> dict[str, list[AidCase]]:
    """One's own cases, newest first."""
    return {"items": applications.mine(current_actor())}


@bp.post("/cases")
@bp.arguments(schemas.BeginCase)
@bp.response(201, schemas.AidCaseLine)
@keyed(schemas.AidCaseLine, 201)
@refuses(errors.NoOffice)
def begin_case(order: dict[str, Any]) -> AidCase:
    """Begin an application, or go on with the one that was begun."""
    return applications.begin(actor=current_actor(), **order)


@bp.get("/cases/<uuid:case_id>")
@refuses(errors.CaseUnknown)
@bp.response(200, schemas.AidCaseView)
def get_my_case(case_id: UUID) -> OpenedCase:
    """One's own case: the form, the files, each step in plain words, decisions with their reasons."""
    return cases.mine(current_actor(), case_id)


@bp.delete("/cases/<uuid:case_id>")
@refuses(errors.CaseUnknown, WrongState)
@bp.response(200, View)
@keyed(View)
def discard_my_case(case_id: UUID) -> None:
    """Throw a draft away, with its files."""
    applications.discard(actor=current_actor(), case_id=case_id)


def _save(order: dict[str, Any], case_id: UUID, step: str) -> AidCase:
    version = order.pop("version")
    return applications.save(actor=current_actor(), case_id=case_id, step=step, part=order, version=version)


@bp.put("/cases/<uuid:case_id>/matter")
@refuses(*CHANGED)
@bp.arguments(schemas.SaveMatter)
@bp.response(200, schemas.AidCaseLine)
@keyed(schemas.AidCaseLine)
def save_case_matter(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Save what happened and what is wanted."""
    return _save(order, case_id, "matter")


@bp.put("/cases/<uuid:case_id>/person")
@refuses(*CHANGED)
@bp.arguments(schemas.SavePerson)
@bp.response(200, schemas.AidCaseLine)
@keyed(schemas.AidCaseLine)
def save_case_person(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Save who asks."""
    return _save(order, case_id, "person")


@bp.put("/cases/<uuid:case_id>/employer")
@refuses(*CHANGED)
@bp.arguments(schemas.SaveEmployer)
@bp.response(200, schemas.AidCaseLine)
@keyed(schemas.AidCaseLine)
def save_case_employer(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Save which employer it is about."""
    return _save(order, case_id, "employer")


@bp.put("/cases/<uuid:case_id>/means")
@refuses(*CHANGED)
@bp.arguments(schemas.SaveMeans)
@bp.response(200, schemas.AidCaseLine)
@keyed(schemas.AidCaseLine)
def save_case_means(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Save how hardship is shown: by a pledge, where there is no proof."""
    return _save(order, case_id, "means")


@bp.put("/cases/<uuid:case_id>/people")
@refuses(*CHANGED)
@bp.arguments(schemas.SavePeople)
@bp.response(200, schemas.AidCaseLine)
@keyed(schemas.AidCaseLine)
def save_case_people(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Save how many have the same claim, and who speaks for ten or more."""
    return _save(order, case_id, "people")


@bp.post("/cases/<uuid:case_id>/submit")
@refuses(*CHANGED, errors.FormInvalid, errors.MeansUnshown)
@bp.arguments(schemas.SubmitCase)
@bp.response(200, schemas.AidCaseLine)
@keyed(schemas.AidCaseLine)
def submit_case(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Hand the application in; it gets its number, and the clock of the decision begins."""
    return applications.submit(actor=current_actor(), case_id=case_id, **order)


@bp.post("/cases/<uuid:case_id>/supplement")
@refuses(errors.CaseUnknown, WrongState)
@bp.response(200, schemas.AidCaseLine)
@keyed(schemas.AidCaseLine)
def supplement_case(case_id: UUID) -> AidCase:
    """Say that everything asked for is there."""
    return applications.supplement(actor=current_actor(), case_id=case_id)


@bp.post("/cases/<uuid:case_id>/withdraw")
@refuses(errors.CaseUnknown, WrongState)
@bp.response(200, schemas.AidCaseLine)
@keyed(schemas.AidCaseLine)
def withdraw_case(case_id: UUID) -> AidCase:
    """Take the application back."""
    return applications.withdraw(actor=current_actor(), case_id=case_id)


@bp.post("/cases/<uuid:case_id>/objection")
@refuses(errors.CaseUnknown, WrongState, errors.ObjectedAlready)
@bp.arguments(FileObjection)
@bp.response(200, schemas.AidCaseLine)
@keyed(schemas.AidCaseLine)
def object_to_refusal(order: dict[str, Any], case_id: UUID) -> AidCase:
    """Object to the refusal of one's own case."""
    return objections.file(actor=current_actor(), case_id=case_id, **order)


@bp.post("/cases/<uuid:case_id>/files")
@refuses(errors.CaseUnknown, WrongState, file_errors.FileTooLarge)
@bp.arguments(schemas.AnnounceFile)
@bp.response(201, schemas.FileProgressView)
@keyed(schemas.FileProgressView, 201)
def announce_file(order: dict[str, Any], case_id: UUID) -> AidFile:
    """Make room for a file that comes in pieces."""
    return attachments.announce(actor=current_actor(), case_id=case_id, coming=attachments.Announced(**order))


@bp.post("/files/<uuid:file_id>/pieces")
@refuses(file_errors.FileUnknown, file_errors.PieceMisplaced, file_errors.FileTooLarge)
@refuses(file_errors.FileKindRefused, file_errors.FileDamaged, file_errors.FileInfected)
@bp.arguments(schemas.SendPiece, location="form", content_type="multipart/form-data")
@bp.response(200, schemas.FileProgressView)
def send_piece(form: dict[str, Any], file_id: UUID) -> AidFile:
    """Send a piece; one sent before changes nothing, and after the last one the file is looked at and kept."""
    # No key: where a piece begins is one already, and what is refused shall be gone, not rolled back to.
    return attachments.receive(
        actor=current_actor(), file_id=file_id, start=form["start"], content=form["piece"].read()
    )


@bp.get("/files/<uuid:file_id>")
@refuses(file_errors.FileUnknown)
@bp.response(200, content_type="application/octet-stream")
def download_aid_file(file_id: UUID) -> Response:
    """A file of a case, for its worker and those who may open it; staff who do are written down."""
    return file_response(attachments.fetch(current_actor(), file_id))


@bp.delete("/files/<uuid:file_id>")
@refuses(file_errors.FileUnknown, WrongState)
@bp.response(200, View)
@keyed(View)
def remove_aid_file(file_id: UUID) -> None:
    """Take one's own file out again, while the form may be written on."""
    attachments.remove(actor=current_actor(), file_id=file_id)
