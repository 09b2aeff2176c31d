"""Orders and views of bookings."""

from marshmallow import fields

from schemas.fields import Number, Order, Paging, QueryFlag, Text, View
from service.booking.enums import BookingState


class BookPlace(Order):
    """Nothing needs to be said: class and person are known."""


class BookPlaceFor(Order):
    """Staff book for a worker without a phone."""

    worker_id = Number(1, required=True, metadata={"example": 17})
    reason = Text(200, required=True, metadata={"example": "职工没有手机，电话委托"})


class RemoveBooking(Order):
    """Staff take a booking away."""

    reason = Text(200, required=True, metadata={"example": "本人电话说明不来"})


class ListBookings(Paging):
    """The caller's own bookings."""

    active = QueryFlag(load_default=False, metadata={"description": "only booked, offered and waiting"})


class ReceiptView(View):
    """Proof of order: sequence, server time and a hash chained to the one before."""

    sequence = fields.Integer()
    at = fields.AwareDateTime(format="iso")
    hash = fields.String()
    previous_hash = fields.String()


class BookingReceipt(View):
    """The answer to an accepted request; the same bytes however often its key is sent."""

    id = fields.UUID()
    state = fields.Enum(BookingState, by_value=True)
    position = fields.Integer(allow_none=True, metadata={"description": "place in the waiting list"})
    receipt = fields.Nested(ReceiptView)
    cancel_until = fields.AwareDateTime(format="iso")


class BookingStateView(View):
    """A booking after a change."""

    id = fields.UUID()
    state = fields.Enum(BookingState, by_value=True)
    changed_at = fields.AwareDateTime(format="iso")
    cancel_until = fields.AwareDateTime(format="iso", attribute="may_cancel_until")


class BookingLine(View):
    """One of the caller's bookings."""

    id = fields.UUID(attribute="booking.id")
    state = fields.Enum(BookingState, by_value=True, attribute="booking.state")
    class_id = fields.Integer(attribute="offering.subject_id")
    title = fields.String(attribute="offering.title")
    starts_at = fields.AwareDateTime(format="iso", attribute="offering.starts_at")
    ends_at = fields.AwareDateTime(format="iso", attribute="offering.ends_at")
    position = fields.Integer(allow_none=True, metadata={"description": "place in the waiting list now"})
    booked_at = fields.AwareDateTime(format="iso", attribute="booking.booked_at")
    cancel_until = fields.AwareDateTime(format="iso", attribute="booking.may_cancel_until")
    offer_expires_at = fields.AwareDateTime(format="iso", allow_none=True, attribute="booking.offer_expires_at")
    receipt = fields.Nested(ReceiptView, attribute="event")
