"""Orders and views of training as staff and trainers meet it."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema
from webargs.fields import DelimitedList

from schemas.fields import Choice, Day, Flag, Instant, Number, Order, Paging, QueryFlag, QueryNumber, Text, View
from schemas.gates import GateOrder, GateSaidView, GateView
from schemas.training import CourseLine, FilterClasses, LessonView, ListCourses, TeacherView
from service.booking.enums import BookingState
from service.organisations.enums import Industry
from service.training.enums import ClassOrder, ClassState, FundSource, LessonMode

MOST_PLACES = 5000
MOST_MINUTES = 24 * 60
TIME = {"example": "2026-11-22T19:30:00+08:00"}


def _between(least: int, most: int) -> validate.Length:
    return validate.Length(least, most, error=f"须为{least}至{most}项")


class ArrangeCourse(Order):
    """What a course says."""

    title = Text(60, required=True, metadata={"example": "茶艺师（五级）"})
    summary = Text(2000, least=0, load_default="")
    occupation_code = Text(10, load_default=None, allow_none=True, metadata={"example": "4-03-02-07"})
    level = Number(1, 5, load_default=None, allow_none=True, metadata={"description": "5 is the lowest"})
    industry = Choice(Industry, required=True)
    hours = Number(1, 2000, required=True, metadata={"description": "课时"})
    gives_certificate = Flag(load_default=False)
    fund_source = Choice(FundSource, required=True)
    completion_percent = Number(1, 100, load_default=80, metadata={"description": "of the hours, to complete"})


class CreateCourse(ArrangeCourse):
    """A new course, of the node named or the caller's own."""

    node_id = Number(1, load_default=None, allow_none=True)


class ChangeCourse(ArrangeCourse):
    """The course anew; `version` is the one that was read."""

    version = Number(1, required=True)


class ListStaffCourses(ListCourses):
    """Which courses."""

    is_archived = QueryFlag(load_default=False, data_key="archived")


class StaffCourseView(CourseLine):
    """A course as staff see it."""

    node_id = fields.Integer()
    completion_percent = fields.Integer()
    archived_at = fields.AwareDateTime(format="iso", allow_none=True)
    version = fields.Integer()


class LessonOrder(Order):
    """A lesson; `id` names one the class has, to keep or change it."""

    id = Number(1, load_default=None, allow_none=True)
    title = Text(60, least=0, load_default="")
    starts_at = Instant(required=True, metadata=TIME)
    ends_at = Instant(required=True, metadata=TIME)
    room = Text(60, least=0, load_default="")
    mode = Choice(LessonMode, required=True)
    hours = Number(1, 24, load_default=1, metadata={"description": "课时"})


class CreateClass(Order):
    """A new draft of a class. Fields left out take the course's, the node's or the window's."""

    course_id = Number(1, required=True)
    node_id = Number(1, load_default=None, allow_none=True)
    title = Text(60, load_default=None, allow_none=True)
    place = Text(100, required=True, metadata={"example": "思茅区职工之家302"})
    county_code = Text(6, load_default=None, allow_none=True, metadata={"example": "530802"})
    capacity = Number(1, MOST_PLACES, required=True, metadata={"example": 50})
    waiting_capacity = Number(0, MOST_PLACES, load_default=0)
    opens_at = Instant(required=True, metadata=TIME)
    closes_at = Instant(required=True, metadata=TIME)
    cancel_until = Instant(load_default=None, allow_none=True, metadata={"description": "default: closes_at"})
    offers_until = Instant(load_default=None, allow_none=True, metadata={"description": "default: cancel_until"})
    offer_minutes = Number(1, 7 * MOST_MINUTES, load_default=None, allow_none=True)
    audience = fields.List(fields.Nested(GateOrder), load_default=list, validate=_between(0, 20))
    late_after_minutes = Number(0, MOST_MINUTES, load_default=10)
    absent_after_minutes = Number(0, MOST_MINUTES, load_default=30)
    early_before_minutes = Number(0, MOST_MINUTES, load_default=30)
    completion_percent = Number(1, 100, load_default=None, allow_none=True)
    lessons = fields.List(fields.Nested(LessonOrder), load_default=None, allow_none=True, validate=_between(0, 200))


class ChangeClass(CreateClass):
    """The class anew; `version` is the one that was read. Without `lessons` those there are stay."""

    version = Number(1, required=True)


class CopyClass(Order):
    """How the copy differs."""

    shift_days = Number(-3650, 3650, required=True, metadata={"example": 7})
    title = Text(60, load_default=None, allow_none=True)


class GiveReason(Order):
    """Why, told to everybody booked or waiting."""

    reason = Text(200, required=True, metadata={"example": "教室停电"})


class MoveClosing(GiveReason):
    """When the window closes now, and why."""

    closes_at = Instant(required=True, metadata=TIME)


class SubstituteOrder(Order):
    """Who teaches one lesson instead."""

    lesson_id = Number(1, required=True)
    person_id = Number(1, required=True)


class AppointTrainers(Order):
    """Who teaches the class: exactly these."""

    main_id = Number(1, required=True)
    co_trainer_ids = fields.List(Number(1), load_default=list, validate=_between(0, 20))
    substitutes = fields.List(fields.Nested(SubstituteOrder), load_default=list, validate=_between(0, 200))

    @validates_schema
    def _one_substitute_a_lesson(self, data: dict[str, Any], **_kwargs: Any) -> None:
        lessons = [each["lesson_id"] for each in data.get("substitutes", [])]
        if len(set(lessons)) < len(lessons):
            raise ValidationError("同一次课写了两遍", "substitutes")


class ListStaffClasses(FilterClasses):
    """Which classes of the scope, drafts too."""

    states = DelimitedList(
        Choice(ClassState), data_key="state", load_default=list, metadata={"description": "one or several, by commas"}
    )
    sort = Choice(ClassOrder, load_default=ClassOrder.STARTS_AT)
    node_id = QueryNumber(1, load_default=None)


class ListRoster(Paging):
    """Which bookings of a class."""

    states = DelimitedList(Choice(BookingState), data_key="state", load_default=list)


class ListTrainers(Paging):
    """Which trainers."""

    q = Text(50, least=0, load_default=None)


class ListLessons(Paging):
    """The lessons of a day; today's where none is named."""

    day = Day(data_key="date", load_default=None)


class CountsView(View):
    """How many hold what."""

    booked = fields.Integer()
    offered = fields.Integer()
    waitlisted = fields.Integer()


class StaffTeacherView(TeacherView):
    """Who teaches, with the person's id."""

    person_id = fields.Integer()


class TeachersView(View):
    """Who teaches a class."""

    trainers = fields.List(fields.Nested(StaffTeacherView))


class WarningView(View):
    """What staff should look at; it hinders nothing."""

    code = fields.String(metadata={"example": "training.hours_differ"})
    detail = fields.String()


class StaffClassLine(View):
    """A class in the staff's list."""

    id = fields.Integer(attribute="training_class.id")
    title = fields.String(attribute="training_class.title")
    course_id = fields.Integer(attribute="training_class.course_id")
    course_title = fields.String(attribute="training_class.course.title")
    node_id = fields.Integer(attribute="training_class.node_id")
    node_name = fields.String()
    county_code = fields.String(attribute="training_class.county_code", allow_none=True)
    state = fields.Enum(ClassState, by_value=True)
    capacity = fields.Integer(attribute="training_class.capacity")
    waiting_capacity = fields.Integer(attribute="training_class.waiting_capacity")
    counts = fields.Nested(CountsView)
    opens_at = fields.AwareDateTime(format="iso", attribute="training_class.opens_at")
    closes_at = fields.AwareDateTime(format="iso", attribute="training_class.closes_at")
    starts_at = fields.AwareDateTime(format="iso", attribute="training_class.starts_at", allow_none=True)
    ends_at = fields.AwareDateTime(format="iso", attribute="training_class.ends_at", allow_none=True)


class StaffClassView(View):
    """One class as staff see it."""

    id = fields.Integer(attribute="training_class.id")
    course_id = fields.Integer(attribute="training_class.course_id")
    node_id = fields.Integer(attribute="training_class.node_id")
    title = fields.String(attribute="training_class.title")
    place = fields.String(attribute="training_class.place")
    county_code = fields.String(attribute="training_class.county_code", allow_none=True)
    capacity = fields.Integer(attribute="training_class.capacity")
    waiting_capacity = fields.Integer(attribute="training_class.waiting_capacity")
    opens_at = fields.AwareDateTime(format="iso", attribute="training_class.opens_at")
    closes_at = fields.AwareDateTime(format="iso", attribute="training_class.closes_at")
    cancel_until = fields.AwareDateTime(format="iso", attribute="training_class.cancel_until")
    offers_until = fields.AwareDateTime(format="iso", attribute="training_class.offers_until")
    offer_minutes = fields.Integer(attribute="training_class.offer_minutes")
    audience = fields.List(fields.Nested(GateView), attribute="training_class.audience")
    audience_said = fields.List(fields.Nested(GateSaidView))
    late_after_minutes = fields.Integer(attribute="training_class.late_after_minutes")
    absent_after_minutes = fields.Integer(attribute="training_class.absent_after_minutes")
    early_before_minutes = fields.Integer(attribute="training_class.early_before_minutes")
    completion_percent = fields.Integer(attribute="training_class.completion_percent")
    lessons = fields.List(fields.Nested(LessonView), attribute="training_class.lessons")
    version = fields.Integer(attribute="training_class.version")
    cancel_reason = fields.String(attribute="training_class.cancel_reason", allow_none=True)
    state = fields.Enum(ClassState, by_value=True)
    is_paused = fields.Boolean()
    counts = fields.Nested(CountsView)
    trainers = fields.List(fields.Nested(StaffTeacherView))
    warnings = fields.List(fields.Nested(WarningView))
