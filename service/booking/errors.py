"""Refusals of the booking desk. `BY_CODE` rebuilds one that came over the desk's socket."""

from collections.abc import Mapping
from typing import Any

from service.core.errors import Conflict, Forbidden, Invalid, NotFound, ServiceError, Unavailable
from service.core.idempotency import KeyReused


class OfferingUnknown(NotFound):
    """No such offering."""

    code = "booking.unknown_offering"
    message = "没有找到这个班次"


class BookingUnknown(NotFound):
    """No such booking, or it is another person's."""

    code = "booking.unknown"
    message = "没有找到这个报名"


class NotOpen(Conflict):
    """The window has not opened; `details.opens_at` says when it does."""

    code = "booking.not_open"
    message = "报名还没开始"
    next_step = "请在开始报名后再点"


class Paused(Conflict):
    """Staff have paused the window."""

    code = "booking.paused"
    message = "报名已暂停"
    next_step = "请留意消息通知，恢复后再报名"


class Closed(Conflict):
    """The window has closed."""

    code = "booking.closed"
    message = "报名已结束"
    next_step = "可以看看其他班次"


class Full(Conflict):
    """Neither a place nor a waiting place is left."""

    code = "booking.full"
    message = "名额和候补都满了"
    next_step = "可以看看其他班次，或留意有没有加开"


class AlreadyBooked(Conflict):
    """The person holds a booking there; `details.booking_id` names it."""

    code = "booking.already_booked"
    message = "您已经报过这个班了"
    next_step = "请到“我的报名”查看"


class Clash(Conflict):
    """A lesson overlaps with one the person has booked; `details.offering_id` and `title` name that one."""

    code = "booking.clash"
    message = "上课时间和您已报的班冲突"
    next_step = "先取消冲突的班，再来报名"


class LimitReached(Conflict):
    """The person runs as many bookings as is allowed; `details.limit` is the number."""

    code = "booking.limit"
    message = "您同时报的班已到上限"
    next_step = "上完或取消一个班后再报"


class NotEligible(Forbidden):
    """One or more gates are shut; `details.reasons` lists each with code, detail and next step."""

    code = "booking.not_eligible"
    message = "您暂不符合这个班的报名条件"


class TooLateToCancel(Conflict):
    """The time to give the place back has passed."""

    code = "booking.too_late_to_cancel"
    message = "已过可取消的时间"
    next_step = "确实来不了，请联系主办工会"


class OfferExpired(Conflict):
    """The offered place has gone to the next person."""

    code = "booking.offer_expired"
    message = "保留时间已过，名额已转给下一位"
    next_step = "可以重新报名候补"


class NotOffered(Conflict):
    """There is no offer to take or decline."""

    code = "booking.not_offered"
    message = "这个报名现在没有待确认的名额"
    next_step = "请到“我的报名”查看现在的状态"


class CapacityBelowTaken(Conflict):
    """Fewer places than are taken; `details.taken` is the number taken."""

    code = "booking.capacity_below_taken"
    message = "名额不能少于已占用的人数"


class WaitingBelowTaken(Conflict):
    """A shorter waiting list than people wait; `details.waiting` is their number."""

    code = "booking.waiting_below_taken"
    message = "候补人数上限不能少于正在候补的人数"


class ChangeClashes(Conflict):
    """New lesson times overlap with what people booked here hold elsewhere; `details.worker_ids` names them."""

    code = "booking.change_clashes"
    message = "新的上课时间和已报名人员的其他班冲突"
    next_step = "请换个时间，或先和这些人商量取消其中一个班"


class ReasonMissing(Invalid):
    """Staff acts need a reason."""

    code = "booking.reason_missing"
    message = "请写明原因"


class DeskBusy(Unavailable):
    """The desk could not decide; nothing is known to have happened."""

    code = "booking.desk_busy"
    message = "报名的人太多，请稍等再试"


BY_CODE: dict[str, type[ServiceError]] = {
    error.code: error
    for error in (
        OfferingUnknown, NotOpen, Paused, Closed, Full, AlreadyBooked, Clash, LimitReached, NotEligible,
        DeskBusy, KeyReused,
    )
}  # fmt: skip


def refusal(code: str, details: Mapping[str, Any], message: str | None = None) -> ServiceError:
    """The error with this code; DeskBusy for one the desk never gives."""
    if code == Clash.code and details.get("title"):
        message = f"上课时间和您已报的“{details['title']}”冲突"
    return BY_CODE.get(code, DeskBusy)(message, details=details)
