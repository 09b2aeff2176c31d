"""Orders and views of training as workers meet it: courses and classes."""

from typing import Any

from marshmallow import fields
from webargs.fields import DelimitedList

from schemas.fields import Choice, Day, Paging, QueryInstant, QueryNumber, Text, View, page_view
from service.booking.enums import BookingState
from service.organisations.enums import Industry
from service.training.enums import ClassOrder, ClassState, FundSource, LessonMode, PublicState, TrainerRole

EXAMPLE_CODE = "4-03-02-07"


class ListCourses(Paging):
    """Which courses."""

    industry = Choice(Industry, load_default=None)
    occupation = Text(10, load_default=None, metadata={"example": EXAMPLE_CODE})
    level = QueryNumber(1, 5, load_default=None)
    q = Text(50, least=0, load_default=None, metadata={"description": "words of the title or occupation, or initials"})


class FilterClasses(Paging):
    """Which classes."""

    county = Text(
        6,
        load_default=None,
        metadata={
            "description": "its code; to workers, classes of the whole city (without a county) show under every county",
            "example": "530802",
        },
    )
    industry = Choice(Industry, load_default=None)
    occupation = Text(
        10, load_default=None, metadata={"description": "the occupation's code, not its name", "example": EXAMPLE_CODE}
    )
    mode = Choice(LessonMode, load_default=None, metadata={"description": "has lessons held so"})
    opens_after = QueryInstant(load_default=None, metadata={"description": "the window opens then or later"})
    starts_after = QueryInstant(load_default=None, metadata={"description": "the first lesson begins then or later"})
    from_on = Day(data_key="from", load_default=None, metadata={"description": "has lessons that day or later"})
    to_on = Day(data_key="to", load_default=None, metadata={"description": "has lessons that day or earlier"})
    q = Text(
        50,
        least=0,
        load_default=None,
        metadata={
            "description": "words of title, course, occupation, place or county, or pinyin initials",
            "example": "cys",
        },
    )


class ListClasses(FilterClasses):
    """Which classes, in which order."""

    states = DelimitedList(
        Choice(PublicState), data_key="state", load_default=list, metadata={"description": "one or several, by commas"}
    )
    sort = Choice(
        ClassOrder,
        load_default=ClassOrder.BOOKABLE,
        metadata={"description": "bookable: open, opening soon, full with waiting places, then the rest; by date"},
    )


class CourseLine(View):
    """A course in a list."""

    id = fields.Integer()
    title = fields.String(metadata={"example": "茶艺师（五级）"})
    summary = fields.String()
    occupation_code = fields.String(allow_none=True, metadata={"example": EXAMPLE_CODE})
    level = fields.Integer(allow_none=True, metadata={"description": "5 is the lowest, 1 the highest"})
    industry = fields.Enum(Industry, by_value=True)
    hours = fields.Integer()
    gives_certificate = fields.Boolean()
    fund_source = fields.Enum(FundSource, by_value=True)


class CourseBrief(View):
    """What a class's line says of its course."""

    id = fields.Integer()
    title = fields.String()
    occupation_code = fields.String(allow_none=True)
    occupation = fields.String(allow_none=True, metadata={"example": "茶艺师"})
    level = fields.Integer(allow_none=True)
    industry = fields.Enum(Industry, by_value=True)
    hours = fields.Integer()
    gives_certificate = fields.Boolean()


class ClassLine(View):
    """A class in a list. Places left are what a request would find now; the desk alone decides."""

    id = fields.Integer()
    title = fields.String(metadata={"example": "茶艺师晚班"})
    course = fields.Nested(CourseBrief)
    county_code = fields.String(allow_none=True, metadata={"example": "530802"})
    county = fields.String(allow_none=True, metadata={"example": "思茅区"})
    place = fields.String()
    modes = fields.List(fields.Enum(LessonMode, by_value=True))
    lesson_count = fields.Integer()
    state = fields.Enum(ClassState, by_value=True)
    is_paused = fields.Boolean()
    opens_at = fields.AwareDateTime(format="iso")
    closes_at = fields.AwareDateTime(format="iso")
    cancel_until = fields.AwareDateTime(format="iso")
    starts_at = fields.AwareDateTime(format="iso", metadata={"description": "the first lesson begins"})
    ends_at = fields.AwareDateTime(format="iso")
    capacity = fields.Integer()
    places_left = fields.Integer()
    waiting_capacity = fields.Integer()
    waiting_left = fields.Integer()


class ClassesView(page_view(ClassLine)):  # type: ignore[misc]  # a class made by a function
    """A page of classes, and the server's time to count down by. Where the answer is 304, `Date` has the time."""

    server_time = fields.AwareDateTime(format="iso")


class LessonView(View):
    """A lesson."""

    id = fields.Integer()
    title = fields.String()
    starts_at = fields.AwareDateTime(format="iso")
    ends_at = fields.AwareDateTime(format="iso")
    room = fields.String()
    mode = fields.Enum(LessonMode, by_value=True)
    hours = fields.Integer()


class TeacherView(View):
    """Who teaches; `lesson_id` for a substitute."""

    name = fields.String()
    role = fields.Enum(TrainerRole, by_value=True)
    lesson_id = fields.Integer(allow_none=True)


class SaidGate(View):
    """One condition of booking, in words."""

    kind = fields.String(metadata={"example": "membership"})
    said = fields.String(metadata={"example": "限工会会员"})


class ReasonView(View):
    """Why not, and what to do next."""

    code = fields.String(metadata={"example": "gate.membership"})
    detail = fields.String()
    next_step = fields.String()


class EligibilityView(View):
    """Whether the caller may book now. Advice: the desk judges again."""

    ok = fields.Boolean()
    reasons = fields.List(fields.Nested(ReasonView))


class MyBookingView(View):
    """The caller's active booking of the class."""

    id = fields.UUID()
    state = fields.Enum(BookingState, by_value=True)
    offer_expires_at = fields.AwareDateTime(format="iso", allow_none=True)
    cancel_until = fields.AwareDateTime(format="iso", attribute="may_cancel_until")


class ClassView(ClassLine):
    """One class. `my_booking` and `my_eligibility` are null where nobody is signed in."""

    summary = fields.String()
    audience = fields.List(fields.Nested(SaidGate))
    offers_until = fields.AwareDateTime(format="iso")
    offer_minutes = fields.Integer()
    completion_percent = fields.Integer()
    cancel_reason = fields.String(allow_none=True)
    lessons = fields.List(fields.Nested(LessonView))
    trainers = fields.List(fields.Nested(TeacherView))
    my_booking = fields.Nested(MyBookingView, allow_none=True)
    my_eligibility = fields.Nested(EligibilityView, allow_none=True)
    server_time = fields.AwareDateTime(format="iso")

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """What a line has is read from the line."""
        return super().get_attribute(obj.line if attr in LINE else obj, attr, default)


LINE = frozenset(ClassLine().fields)
