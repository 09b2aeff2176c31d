"""Booking, as workers meet it: take a place, give it back, take or decline an offer."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from blueprints import metrics
from blueprints.answers import json_bytes
from blueprints.auth import current_actor
from blueprints.keyed import body_hash, keyed, request_key
from blueprints.refusals import refuses
from schemas.bookings import BookingLine, BookingReceipt, BookingStateView, BookPlace, ListBookings
from schemas.fields import page_view
from service.booking import bookings, places
from service.booking.bookings import MyBooking
from service.booking.errors import (
    BY_CODE,
    BookingUnknown,
    Clash,
    LimitReached,
    NotEligible,
    NotOffered,
    OfferExpired,
    TooLateToCancel,
)
from service.booking.models import Booking
from service.core.pages import Page
from service.training import places as class_places

bp = Blueprint("bookings", __name__, description="报名：抢位、候补、取消、确认")


@bp.post("/training/classes/<int:class_id>/bookings")
@refuses(*BY_CODE.values())
@bp.arguments(BookPlace)
@bp.response(201, BookingReceipt)
def book_place(_order: dict[str, Any], class_id: int) -> Response:
    """Take a place in a class, or a waiting place where it is full."""
    receipt = class_places.book(actor=current_actor(), class_id=class_id, key=request_key(), body_hash=body_hash())
    metrics.count_receipt(receipt)
    return json_bytes(receipt, 201)


@bp.get("/me/bookings")
@bp.arguments(ListBookings, location="query")
@bp.response(200, page_view(BookingLine))
def list_my_bookings(query: dict[str, Any]) -> Page[MyBooking]:
    """The caller's own bookings, newest first."""
    return bookings.mine(
        actor=current_actor(), active_only=query["active"], page=query["page"], per_page=query["per_page"]
    )


@bp.get("/bookings/<uuid:booking_id>")
@refuses(BookingUnknown)
@bp.response(200, BookingLine)
def get_booking(booking_id: UUID) -> MyBooking:
    """One of the caller's own bookings."""
    return bookings.one(actor=current_actor(), booking_id=booking_id)


@bp.post("/bookings/<uuid:booking_id>/cancel")
@refuses(BookingUnknown, TooLateToCancel)
@bp.response(200, BookingStateView)
@keyed(BookingStateView)
def cancel_booking(booking_id: UUID) -> Booking:
    """Give one's place or waiting place back."""
    return places.cancel(actor=current_actor(), booking_id=booking_id)


@bp.post("/bookings/<uuid:booking_id>/accept")
@refuses(BookingUnknown, OfferExpired, NotOffered, NotEligible, LimitReached, Clash)
@bp.response(200, BookingStateView)
@keyed(BookingStateView)
def accept_offer(booking_id: UUID) -> Booking:
    """Take the place that was offered."""
    return places.accept(actor=current_actor(), booking_id=booking_id)


@bp.post("/bookings/<uuid:booking_id>/decline")
@refuses(BookingUnknown, OfferExpired, NotOffered)
@bp.response(200, BookingStateView)
@keyed(BookingStateView)
def decline_offer(booking_id: UUID) -> Booking:
    """Let the offered place go to the next."""
    return places.decline(actor=current_actor(), booking_id=booking_id)
