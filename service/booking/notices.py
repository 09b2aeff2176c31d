"""What people are told about their bookings. Short, spoken, no case or personal data."""

from collections.abc import Mapping
from typing import Any

from service.booking import store
from service.booking.gates import Reason
from service.booking.models import Booking, Offering
from service.booking.rules import Accepted, Places
from service.core.clock import spoken
from service.messaging import outbox, topics

LINK = "/bookings"


def accepted_row(accepted: Accepted, touched: Mapping[int, Places]) -> dict[str, Any]:
    """The outbox row for an accepted request."""
    entry, places = accepted.entry, touched[accepted.entry.offering_id]
    if entry.kind == "booked":
        title, body = "报名成功", f"您已报上“{places.title}”。来不了请在{spoken(accepted.cancel_until)}前取消。"
    else:
        title, body = "已进候补", f"“{places.title}”名额已满，您排候补第{accepted.position}位，有名额会通知您。"
    if entry.actor_id != entry.person_id:
        body += f"这是工会替您报的名（{entry.note}）。"
    key = f"booking:{entry.booking_id.hex}:{entry.sequence}"
    return store.notice_row(key=key, person_id=entry.person_id, title=title, body=body, link=LINK, at=entry.at)


def _tell(offering: Offering, booking: Booking, title: str, body: str, topic: str | None = None) -> None:
    outbox.notice(booking.person_id, f"booking:{booking.id.hex}:{offering.sequence}", title, body, LINK, topic=topic)


def offered(offering: Offering, booking: Booking) -> None:
    """A place has come free for this person."""
    until = spoken(booking.offer_expires_at) if booking.offer_expires_at else ""
    said = f"“{offering.title}”有名额了，请在{until}前确认，过时会让给下一位。"
    _tell(offering, booking, "轮到您了", said, topics.OFFER)


def offer_ends_sooner(offering: Offering, booking: Booking) -> None:
    """The offer's time was cut: the class begins earlier than when the offer was made."""
    key = f"offer:{booking.id}:{offering.version}"
    said = f"“{offering.title}”的时间有变动，给您留的名额请在{spoken(offering.offers_until)}前确认，过时会让给下一位。"
    outbox.notice(booking.person_id, key, "确认时间提前了", said, LINK, topic=topics.OFFER)


def passed_over(offering: Offering, booking: Booking, reasons: list[Reason]) -> None:
    """A place came free, but this person does not pass the gates any more."""
    why = "；".join(reason.detail for reason in reasons)
    _tell(
        offering,
        booking,
        "候补未能递补",
        f"“{offering.title}”有了名额，但{why}，已让给下一位。{reasons[0].next_step}，之后可以重新报名候补。",
    )


def expired(offering: Offering, booking: Booking) -> None:
    """The offer was not taken in time."""
    _tell(offering, booking, "名额已让出", f"“{offering.title}”的名额没有按时确认，已让给下一位。")


def lapsed(offering: Offering, booking: Booking) -> None:
    """The waiting list has ended."""
    _tell(offering, booking, "候补结束", f"“{offering.title}”的候补已经结束，这次没有轮到您。可以看看其他班次。")


def accepted_offer(offering: Offering, booking: Booking) -> None:
    """The offer was taken."""
    until = spoken(booking.may_cancel_until)
    _tell(offering, booking, "报名成功", f"您已报上“{offering.title}”。来不了请在{until}前取消。")


def cancelled(offering: Offering, booking: Booking) -> None:
    """The person gave the place back."""
    _tell(offering, booking, "已取消报名", f"您已取消“{offering.title}”。")


def removed(offering: Offering, booking: Booking, reason: str) -> None:
    """Staff took the booking away."""
    _tell(offering, booking, "报名被取消", f"“{offering.title}”的报名已被主办工会取消：{reason}")


def withdrawn(offering: Offering, booking: Booking, reason: str) -> None:
    """The whole offering is off."""
    _tell(offering, booking, "班次已取消", f"“{offering.title}”已取消：{reason}")


def window_changed(offering: Offering, booking: Booking, what: str, reason: str) -> None:
    """The booking window was paused, resumed or moved."""
    # Moving a window is no entry of the journal, so the sequence may have been told of already.
    key = f"window:{booking.id}:{offering.version}"
    outbox.notice(booking.person_id, key, "报名时间有变", f"“{offering.title}”{what}：{reason}", LINK)
