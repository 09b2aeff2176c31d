"""Who has booked a class, who teaches it, and the desk on a rush day."""

from typing import Any

from flask_smorest import Blueprint

from blueprints import metrics
from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.fields import page_view
from schemas.rosters import LessonOfDay, RosterLine, RushDayView, TrainerLine
from schemas.staff_training import AppointTrainers, ListLessons, ListRoster, ListTrainers, TeachersView
from service.core import clock
from service.core.lifecycle import WrongState
from service.core.pages import Page
from service.identity.models import Person
from service.training import rosters, trainers
from service.training.errors import ClassUnknown, PlanInvalid
from service.training.models import Lesson
from service.training.rosters import RushDay
from service.training.trainers import Teacher, Teaching

bp = Blueprint("staff_rosters", __name__, url_prefix="/staff/training", description="名单、教师、抢课日")


@bp.get("/classes/<int:class_id>/bookings")
@refuses(ClassUnknown, WrongState)
@bp.arguments(ListRoster, location="query")
@bp.response(200, page_view(RosterLine))
def list_roster(query: dict[str, Any], class_id: int) -> Page[rosters.RosterLine]:
    """Who has booked, in the order of their requests; phones are masked."""
    return rosters.roster(current_actor(), class_id, query["states"], page=query["page"], per_page=query["per_page"])


@bp.get("/classes/<int:class_id>/rush")
@refuses(ClassUnknown, WrongState)
@bp.response(200, RushDayView)
def show_rush_day(class_id: int) -> RushDay:
    """The desk at this class now: queue, taken, waiting, offers, accepted requests, errors."""
    return rosters.rush_day(current_actor(), class_id, metrics.answers_at("bookings.book_place"))


@bp.put("/classes/<int:class_id>/trainers")
@refuses(ClassUnknown, WrongState, PlanInvalid)
@bp.arguments(AppointTrainers)
@bp.response(200, TeachersView)
@keyed(TeachersView)
def appoint_trainers(order: dict[str, Any], class_id: int) -> dict[str, list[Teacher]]:
    """Have exactly these people teach the class; new ones are told."""
    substitutes = {each["lesson_id"]: each["person_id"] for each in order.pop("substitutes")}
    return {"trainers": trainers.appoint(current_actor(), class_id, Teaching(**order, substitutes=substitutes))}


@bp.get("/trainers")
@bp.arguments(ListTrainers, location="query")
@bp.response(200, page_view(TrainerLine))
def list_trainers(query: dict[str, Any]) -> Page[Person]:
    """The trainers who may be appointed, by name."""
    return trainers.available(current_actor(), **query)


@bp.get("/lessons")
@bp.arguments(ListLessons, location="query")
@bp.response(200, page_view(LessonOfDay))
def list_lessons(query: dict[str, Any]) -> Page[Lesson]:
    """The lessons of a day: a trainer's own, for training staff all of the scope."""
    day = query.pop("day") or clock.today()
    return trainers.lessons_on(current_actor(), day, **query)
