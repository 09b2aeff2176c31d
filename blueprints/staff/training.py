"""Classes, as staff and trainers meet them: planned, published, changed, called off."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from blueprints import hot
from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.fields import View, page_view
from schemas.staff_training import (
    ChangeClass,
    CopyClass,
    CreateClass,
    GiveReason,
    ListStaffClasses,
    MoveClosing,
    StaffClassLine,
    StaffClassView,
)
from service.booking.errors import CapacityBelowTaken, ChangeClashes, ReasonMissing, WaitingBelowTaken
from service.core.lifecycle import WrongState
from service.core.pages import Page
from service.organisations.errors import NodeUnknown
from service.training import changes, classes, publishing, rosters, windows
from service.training.classes import Copying
from service.training.errors import (
    ClassUnknown,
    CourseArchived,
    CourseUnknown,
    FieldFixed,
    NotADraft,
    PlanInvalid,
    Stale,
)
from service.training.listing import Filters
from service.training.plans import ClassPlan
from service.training.rosters import StaffDetail, StaffLine

bp = Blueprint("staff_training", __name__, url_prefix="/staff/training", description="班次管理")
CHANGING = (
    ClassUnknown, NodeUnknown, CourseUnknown, CourseArchived, Stale, PlanInvalid, FieldFixed, WrongState,
    CapacityBelowTaken, WaitingBelowTaken, ChangeClashes,
)  # fmt: skip


@bp.after_request
def show_changes_at_once(answer: Response) -> Response:
    """Workers' lists kept in this process are made anew."""
    if answer.status_code < 400:
        hot.forget()
    return answer


@bp.get("/classes")
@refuses(NodeUnknown)
@bp.arguments(ListStaffClasses, location="query")
@bp.response(200, page_view(StaffClassLine))
def list_staff_classes(query: dict[str, Any]) -> Page[StaffLine]:
    """The classes of the scope and those the caller teaches, drafts too."""
    page, per_page, node_id = query.pop("page"), query.pop("per_page"), query.pop("node_id")
    return rosters.classes(current_actor(), Filters(**query), node_id=node_id, page=page, per_page=per_page)


@bp.post("/classes")
@refuses(NodeUnknown, CourseUnknown, CourseArchived, PlanInvalid)
@bp.arguments(CreateClass)
@bp.response(201, StaffClassView)
@keyed(StaffClassView, 201)
def create_class(order: dict[str, Any]) -> StaffDetail:
    """Plan a class: a draft, with its lessons or without."""
    return rosters.detail(classes.create(current_actor(), ClassPlan.of(order)))


@bp.get("/classes/<int:class_id>")
@refuses(ClassUnknown)
@bp.response(200, StaffClassView)
def get_staff_class(class_id: int) -> StaffDetail:
    """One class, for staff in scope and who teaches it."""
    return rosters.one(current_actor(), class_id)


@bp.put("/classes/<int:class_id>")
@refuses(*CHANGING)
@bp.arguments(ChangeClass)
@bp.response(200, StaffClassView)
@keyed(StaffClassView)
def change_class(order: dict[str, Any], class_id: int) -> StaffDetail:
    """Change a class; who is booked or waits is told of new times and places."""
    version = order.pop("version")
    return rosters.detail(changes.change(current_actor(), class_id, ClassPlan.of(order), version))


@bp.delete("/classes/<int:class_id>")
@refuses(ClassUnknown, NotADraft)
@bp.response(200, View)
@keyed(View)
def discard_class(class_id: int) -> None:
    """Throw a draft away."""
    classes.discard(current_actor(), class_id)


@bp.post("/classes/<int:class_id>/copy")
@refuses(ClassUnknown, CourseUnknown, CourseArchived)
@bp.arguments(CopyClass)
@bp.response(201, StaffClassView)
@keyed(StaffClassView, 201)
def copy_class(order: dict[str, Any], class_id: int) -> StaffDetail:
    """Make a new draft like the class, all times some days later."""
    return rosters.detail(classes.copy(current_actor(), class_id, Copying(**order)))


@bp.post("/classes/<int:class_id>/publish")
@refuses(ClassUnknown, WrongState, PlanInvalid)
@bp.response(200, StaffClassView)
@keyed(StaffClassView)
def publish_class(class_id: int) -> StaffDetail:
    """Show the class to workers; it is booked in its window."""
    return rosters.detail(publishing.publish(current_actor(), class_id))


@bp.post("/classes/<int:class_id>/cancel")
@refuses(ClassUnknown, WrongState, ReasonMissing)
@bp.arguments(GiveReason)
@bp.response(200, StaffClassView)
@keyed(StaffClassView)
def cancel_class(order: dict[str, Any], class_id: int) -> StaffDetail:
    """Call the class off; every booking ends and everybody is told why."""
    return rosters.detail(publishing.cancel(current_actor(), class_id, **order))


@bp.post("/classes/<int:class_id>/window/pause")
@refuses(ClassUnknown, WrongState, ReasonMissing)
@bp.arguments(GiveReason)
@bp.response(200, StaffClassView)
@keyed(StaffClassView)
def pause_window(order: dict[str, Any], class_id: int) -> StaffDetail:
    """Take no more bookings until resumed."""
    return rosters.detail(windows.pause(current_actor(), class_id, **order))


@bp.post("/classes/<int:class_id>/window/resume")
@refuses(ClassUnknown, WrongState, ReasonMissing)
@bp.arguments(GiveReason)
@bp.response(200, StaffClassView)
@keyed(StaffClassView)
def resume_window(order: dict[str, Any], class_id: int) -> StaffDetail:
    """Take bookings again."""
    return rosters.detail(windows.resume(current_actor(), class_id, **order))


@bp.post("/classes/<int:class_id>/window/extend")
@refuses(ClassUnknown, WrongState, PlanInvalid, ReasonMissing)
@bp.arguments(MoveClosing)
@bp.response(200, StaffClassView)
@keyed(StaffClassView)
def extend_window(order: dict[str, Any], class_id: int) -> StaffDetail:
    """Let the window close later."""
    return rosters.detail(windows.extend(current_actor(), class_id, **order))


@bp.post("/classes/<int:class_id>/window/reopen")
@refuses(ClassUnknown, WrongState, PlanInvalid, ReasonMissing)
@bp.arguments(MoveClosing)
@bp.response(200, StaffClassView)
@keyed(StaffClassView)
def reopen_window(order: dict[str, Any], class_id: int) -> StaffDetail:
    """Open a closed window again."""
    return rosters.detail(windows.reopen(current_actor(), class_id, **order))


@bp.post("/classes/<int:class_id>/window/close")
@refuses(ClassUnknown, WrongState, PlanInvalid, ReasonMissing)
@bp.arguments(GiveReason)
@bp.response(200, StaffClassView)
@keyed(StaffClassView)
def close_window(order: dict[str, Any], class_id: int) -> StaffDetail:
    """Close an open window now."""
    return rosters.detail(windows.close_early(current_actor(), class_id, **order))
