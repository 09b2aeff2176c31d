"""Attendance, as trainers and staff meet it: the code on the screen, the roster, marks, the seal, files to take out."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from blueprints.answers import file_response
from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.attendance import PlaceOrder
from schemas.staff_attendance import (
    CodeKeyView,
    CodeView,
    ConfirmedView,
    ConfirmMarks,
    CorrectMark,
    LessonPlaceView,
    MarkHistoryView,
    MarkView,
    RecordedView,
    RecordMarks,
    RosterView,
    SealedView,
    SealSheet,
)
from service.files.errors import NoChineseFont
from service.training import attendance_errors as refusals
from service.training import attendance_roster, batches, exports, marks, sheets
from service.training.attendance_models import LessonPlace, Mark
from service.training.attendance_roster import Roster
from service.training.batches import Recorded
from service.training.codes import Code
from service.training.errors import ClassUnknown
from service.training.marks import History
from service.training.sheets import CodeKey, Sealed

bp = Blueprint("staff_attendance", __name__, url_prefix="/staff/training", description="考勤：签到码、名单、封存、导出")
BINARY = {"type": "string", "format": "binary"}
SVG = "image/svg+xml"
NO_CODE = (
    refusals.LessonUnknown, refusals.ClassNotHeld, refusals.SheetSealed, refusals.TooEarly, refusals.LessonOver
)  # fmt: skip


@bp.get("/lessons/<int:lesson_id>/code")
@bp.response(200, CodeView)
@refuses(*NO_CODE)
def show_code(lesson_id: int) -> Code:
    """The lesson's rotating code, to be shown in the room."""
    return sheets.code(actor=current_actor(), lesson_id=lesson_id)


@bp.get("/lessons/<int:lesson_id>/code.svg")
@bp.response(200, BINARY, content_type=SVG)
@refuses(*NO_CODE)
def show_code_picture(lesson_id: int) -> Response:
    """The same code as a QR picture."""
    picture = sheets.code_picture(actor=current_actor(), lesson_id=lesson_id)
    return Response(picture, mimetype=SVG, headers={"Cache-Control": "no-store"})


@bp.get("/lessons/<int:lesson_id>/code-key")
@bp.response(200, CodeKeyView)
@refuses(refusals.LessonUnknown, refusals.ClassNotHeld, refusals.SheetSealed)
def get_code_key(lesson_id: int) -> CodeKey:
    """The lesson's own key, with which a device shows its codes where there is no signal."""
    return sheets.code_key(actor=current_actor(), lesson_id=lesson_id)


@bp.put("/lessons/<int:lesson_id>/place")
@bp.arguments(PlaceOrder)
@bp.response(200, LessonPlaceView)
@keyed(LessonPlaceView)
@refuses(refusals.LessonUnknown, refusals.ClassNotHeld)
def set_lesson_place(order: dict[str, Any], lesson_id: int) -> LessonPlace:
    """Say where the lesson is held, standing there."""
    return sheets.set_place(actor=current_actor(), lesson_id=lesson_id, latitude=order["lat"], longitude=order["lng"])


@bp.get("/lessons/<int:lesson_id>/roster")
@bp.response(200, RosterView)
@refuses(refusals.LessonUnknown)
def get_lesson_roster(lesson_id: int) -> Roster:
    """Everybody on the lesson's sheet, with marks, confidence and signals."""
    return attendance_roster.roster(actor=current_actor(), lesson_id=lesson_id)


@bp.put("/lessons/<int:lesson_id>/attendance")
@bp.arguments(RecordMarks)
@bp.response(200, RecordedView)
@keyed(RecordedView)
@refuses(refusals.LessonUnknown, refusals.ClassNotHeld)
def record_attendance(order: dict[str, Any], lesson_id: int) -> Recorded:
    """Record marks by hand or a batch kept offline; an answer an item, safe to repeat in any order."""
    items = [batches.item_of(each) for each in order["marks"]]
    return batches.record(actor=current_actor(), lesson_id=lesson_id, items=items)


@bp.post("/lessons/<int:lesson_id>/attendance/confirm")
@bp.arguments(ConfirmMarks)
@bp.response(200, ConfirmedView)
@keyed(ConfirmedView)
@refuses(refusals.LessonUnknown, refusals.ClassNotHeld, refusals.SheetSealed)
def confirm_attendance(order: dict[str, Any], lesson_id: int) -> dict[str, list[int]]:
    """Say that these people were looked at and are here."""
    found = marks.confirm(actor=current_actor(), lesson_id=lesson_id, person_ids=order["worker_ids"])
    return {"worker_ids": found}


@bp.post("/lessons/<int:lesson_id>/seal")
@bp.arguments(SealSheet)
@bp.response(200, SealedView)
@keyed(SealedView)
@refuses(refusals.LessonUnknown, refusals.ClassNotHeld, refusals.NotStarted, refusals.SealTooSoon)
def seal_sheet(order: dict[str, Any], lesson_id: int) -> Sealed:
    """Seal the sheet: who has no mark is absent, and only staff correct from now on."""
    return sheets.seal(actor=current_actor(), lesson_id=lesson_id, **order)


@bp.put("/lessons/<int:lesson_id>/marks/<int:person_id>")
@bp.arguments(CorrectMark)
@bp.response(200, MarkView)
@keyed(MarkView)
@refuses(refusals.LessonUnknown, refusals.ClassNotHeld, refusals.NotOnRoster)
def correct_mark(order: dict[str, Any], lesson_id: int, person_id: int) -> Mark:
    """Correct a mark as staff, sealed or not, with a reason. A walk-in is booked on behalf first."""
    return marks.correct(actor=current_actor(), lesson_id=lesson_id, person_id=person_id, **order)


@bp.get("/lessons/<int:lesson_id>/marks/<int:person_id>")
@bp.response(200, MarkHistoryView)
@refuses(refusals.LessonUnknown, refusals.NotOnRoster)
def get_mark(lesson_id: int, person_id: int) -> History:
    """A mark with every correction."""
    return marks.history(actor=current_actor(), lesson_id=lesson_id, person_id=person_id)


@bp.get("/lessons/<int:lesson_id>/sheet.xlsx")
@bp.response(200, BINARY, content_type=exports.XLSX)
@refuses(refusals.LessonUnknown)
def export_sheet(lesson_id: int) -> Response:
    """The lesson's sheet as a workbook."""
    return file_response(exports.sheet_workbook(actor=current_actor(), lesson_id=lesson_id))


@bp.get("/lessons/<int:lesson_id>/sheet.pdf")
@bp.response(200, BINARY, content_type=exports.PDF)
@refuses(refusals.LessonUnknown, NoChineseFont)
def print_sheet(lesson_id: int) -> Response:
    """The lesson's sign-in sheet, to print and sign."""
    return file_response(exports.sheet_pdf(actor=current_actor(), lesson_id=lesson_id))


@bp.get("/classes/<int:class_id>/attendance.xlsx")
@bp.response(200, BINARY, content_type=exports.XLSX)
@refuses(ClassUnknown)
def export_class_attendance(class_id: int) -> Response:
    """The class's attendance as a workbook: a line a person, a column a lesson."""
    return file_response(exports.class_workbook(actor=current_actor(), class_id=class_id))


@bp.get("/classes/<int:class_id>/attendance.pdf")
@bp.response(200, BINARY, content_type=exports.PDF)
@refuses(ClassUnknown, NoChineseFont)
def print_class_attendance(class_id: int) -> Response:
    """The class's attendance and completions, to print."""
    return file_response(exports.class_pdf(actor=current_actor(), class_id=class_id))
