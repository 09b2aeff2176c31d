"""Views of who has booked a class, of the desk on a rush day, and of a trainer's lessons."""

from marshmallow import fields

from schemas.fields import View
from schemas.staff_training import CountsView
from schemas.training import LessonView
from service.booking.enums import BookingState, EventKind
from service.training.enums import ClassState


class RosterLine(View):
    """One booking of a class."""

    booking_id = fields.UUID(attribute="booking.id")
    person_id = fields.Integer(attribute="booking.person_id")
    name = fields.String()
    phone = fields.String(allow_none=True, metadata={"description": "masked", "example": "138****1234"})
    state = fields.Enum(BookingState, by_value=True, attribute="booking.state")
    sequence = fields.Integer(attribute="booking.sequence")
    booked_at = fields.AwareDateTime(format="iso", attribute="booking.booked_at")
    offer_expires_at = fields.AwareDateTime(format="iso", attribute="booking.offer_expires_at", allow_none=True)
    reason = fields.String(attribute="booking.reason", allow_none=True)


class EventView(View):
    """One entry of the journal."""

    sequence = fields.Integer()
    kind = fields.Enum(EventKind, by_value=True)
    booking_id = fields.UUID()
    at = fields.AwareDateTime(format="iso")


class RushDayView(View):
    """The desk at one class now."""

    class_id = fields.Integer()
    state = fields.Enum(ClassState, by_value=True)
    is_paused = fields.Boolean()
    capacity = fields.Integer()
    taken = fields.Integer()
    counts = fields.Nested(CountsView)
    waiting_capacity = fields.Integer()
    sequence = fields.Integer()
    last_minute = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={
            "description": "this class's journal entries of the last minute, by kind: booked, waitlisted, ...",
            "example": {"booked": 50, "waitlisted": 12},
        },
    )
    since_opening = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={
            "description": "this class's journal entries since it was published, by kind, offers and expired ones too",
            "example": {"booked": 50, "waitlisted": 40, "cancelled": 2, "offered": 2, "expired": 1},
        },
    )
    per_second = fields.Float(metadata={"description": "accepted requests, over the last ten seconds"})
    last_events = fields.List(fields.Nested(EventView))
    answers_all_classes = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={
            "description": "what the web server answered to requests for a place, by status, since it started: for all "
            "classes together, not this one alone; refusals are counted here only",
            "example": {"201": 50, "409": 1200, "503": 0},
        },
    )
    server_time = fields.AwareDateTime(format="iso")


class TrainerLine(View):
    """A trainer who may be appointed."""

    id = fields.Integer()
    name = fields.String()


class LessonOfDay(LessonView):
    """A lesson of the day, with its class."""

    class_id = fields.Integer()
    class_title = fields.String(attribute="training_class.title")
    place = fields.String(attribute="training_class.place")
    sealed_at = fields.AwareDateTime(format="iso", allow_none=True)
