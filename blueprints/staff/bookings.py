"""Booking, as staff meet it: on behalf of a worker without a phone, and taking a booking away."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from blueprints.answers import json_bytes
from blueprints.auth import current_actor
from blueprints.keyed import body_hash, keyed, request_key
from blueprints.refusals import refuses
from schemas.bookings import BookingReceipt, BookingStateView, BookPlaceFor, RemoveBooking
from service.booking.errors import BY_CODE, BookingUnknown, ReasonMissing
from service.booking.models import Booking
from service.training import places
from service.training.errors import ClassUnknown, WorkerOutOfScope

bp = Blueprint("staff_bookings", __name__, url_prefix="/staff/training/classes", description="代办报名")


@bp.post("/<int:class_id>/bookings")
@refuses(ClassUnknown, WorkerOutOfScope, BookingUnknown, ReasonMissing, *BY_CODE.values())
@bp.arguments(BookPlaceFor)
@bp.response(201, BookingReceipt)
def book_place_for(order: dict[str, Any], class_id: int) -> Response:
    """Take a place for a worker without a phone; the reason is kept."""
    receipt = places.book_for(
        actor=current_actor(), class_id=class_id, key=request_key(), body_hash=body_hash(), **order
    )
    return json_bytes(receipt, 201)


@bp.post("/<int:class_id>/bookings/<uuid:booking_id>/remove")
@refuses(ClassUnknown, BookingUnknown, ReasonMissing)
@bp.arguments(RemoveBooking)
@bp.response(200, BookingStateView)
@keyed(BookingStateView)
def remove_booking(order: dict[str, Any], class_id: int, booking_id: UUID) -> Booking:
    """Take a booking away; the place goes to the next in line."""
    return places.remove(actor=current_actor(), class_id=class_id, booking_id=booking_id, **order)
