"""Attendance, as workers meet it: check in, see one's own training."""

import functools
from collections.abc import Callable
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.attendance import CheckIn, CheckInView, MyTrainingPage
from schemas.fields import Paging
from service.core.pages import Page
from service.training import attendance_errors as refusals
from service.training import attendance_roster, check_in
from service.training.attendance_roster import MyClass
from service.training.check_in import CheckedIn, Evidence, Position

bp = Blueprint("attendance", __name__, description="签到：扫码、输码、我的培训")


def counting_typed_tries(view: Callable[..., Response]) -> Callable[..., Response]:
    """Count a typed code before anything else: outside the key's transaction, so that a refusal does not undo it."""

    @functools.wraps(view)
    def run(order: dict[str, Any]) -> Response:
        if "digits" in order:
            check_in.count_typed_try(actor=current_actor())
        return view(order)

    return run


@bp.post("/training/attendance")
@bp.arguments(CheckIn)
@bp.response(200, CheckInView)
@counting_typed_tries
@keyed(CheckInView)
@refuses(
    refusals.CodeWrong, refusals.CodeExpired, refusals.LessonUnknown, refusals.NotOnRoster, refusals.ClassNotHeld,
    refusals.SheetSealed, refusals.TooEarly, refusals.LessonOver, refusals.TooManyTries,
)  # fmt: skip
def check_in_lesson(order: dict[str, Any]) -> CheckedIn:
    """Check in by the code on the room's screen; a repeated one is answered the same."""
    place, device = order.pop("place"), order.pop("device")
    position = Position(place["lat"], place["lng"], place["accuracy"]) if place else None
    return check_in.check_in(actor=current_actor(), **order, evidence=Evidence(device, position))


@bp.get("/me/training")
@bp.arguments(Paging, location="query")
@bp.response(200, MyTrainingPage)
def list_my_training(query: dict[str, Any]) -> Page[MyClass]:
    """The caller's classes with lessons attended, hours and completions, latest first."""
    return attendance_roster.my_training(actor=current_actor(), page=query["page"], per_page=query["per_page"])
