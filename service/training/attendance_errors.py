"""Refusals of attendance. Each says what happened and what the person can do next."""

from service.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany


class LessonUnknown(NotFound):
    """No such lesson, or the actor neither teaches it nor has it in scope."""

    code = "attendance.unknown_lesson"
    message = "没有找到这节课"


class CodeWrong(Invalid):
    """The code was not made by us, or no lesson of the person's shows these six digits."""

    code = "attendance.code_wrong"
    message = "签到码不对"
    next_step = "请重新扫老师屏幕上的码，或看清六位数字再输一次"


class CodeExpired(Conflict):
    """The code was real, but of another time than its step and the two beside it."""

    code = "attendance.code_expired"
    message = "签到码已过期"
    next_step = "签到码每隔几十秒换一次，请扫屏幕上最新的码"


class NotOnRoster(Forbidden):
    """The person holds no booked place in the lesson's class."""

    code = "attendance.not_on_roster"
    message = "您不在这个班的名单里"
    next_step = "如果您到了课，请老师核对名单，或请主办工会代办报名"

    @classmethod
    def told_to_who_records(cls) -> "NotOnRoster":
        """Nobody is marked without a place (docs/rules.md `attendance.walk_in`)."""
        return cls("此人不在这个班的名单里", next_step="请主办工会代办报名，或在签到表上备注")


class TooEarly(Conflict):
    """The lesson's check-in has not opened."""

    code = "attendance.too_early"
    message = "还没到签到时间"
    next_step = "请在开课前不久再签到"


class LessonOver(Conflict):
    """The lesson has ended: a check-in is no longer taken from the person."""

    code = "attendance.lesson_over"
    message = "这节课已经结束，不能再签到"
    next_step = "如果您到了课，请老师补记"


class NotStarted(Conflict):
    """The sheet cannot be sealed before the lesson starts."""

    code = "attendance.not_started"
    message = "还没上课，不能封存签到表"
    next_step = "请在开课之后再封存"


class SealTooSoon(Conflict):
    """People without a mark could still come late, and nobody confirmed that the sheet is to be sealed."""

    code = "attendance.seal_too_soon"
    message = "还有人没有考勤记录，现在封存会记为缺课"


class ClassNotHeld(Conflict):
    """The class is a draft or was cancelled: there is nothing to attend."""

    code = "attendance.class_not_held"
    message = "这个班没有开课或已取消"
    next_step = "请向主办工会了解情况"


class SheetSealed(Conflict):
    """The sheet is sealed: only staff correct it, with a reason."""

    code = "attendance.sheet_sealed"
    message = "签到表已封存"
    next_step = "如需更正，请联系工会培训工作人员"


class TooManyTries(TooMany):
    """Too many six-digit codes typed within a minute."""

    code = "attendance.too_many_tries"
    message = "输错次数太多"
    next_step = "请过一分钟再输，或直接扫码"


class TimeOutOfRange(Conflict):
    """The record's own time lies in the future, or too far from the lesson."""

    code = "attendance.time_out_of_range"
    message = "这条记录的时间不合理"
    next_step = "请检查手机时间，再重新记一次"


class NotEarly(Conflict):
    """A leaving that was not before the lesson's end, or not during it."""

    code = "attendance.not_early"
    message = "离开时间不在上课时间内，不算早退"
    next_step = "请核对离开的时间"


class ItemMalformed(Invalid):
    """The record cannot be read: its fields are named, the other records count. Told, never raised."""

    code = "attendance.item_malformed"
    message = "这条记录填写有误"
    next_step = "请改正后重新提交这一条"


class ItemReused(Conflict):
    """The client id was sent before with other content."""

    code = "attendance.item_reused"
    message = "这条记录的编号已用于别的内容"
    next_step = "请用新的编号重新提交"


class Outranked(Conflict):
    """What stands was recorded by somebody whose word counts more, or later: it stays. Told, never raised."""

    code = "attendance.outranked"
    message = "已有更新或更权威的记录，保留原记录"
    next_step = "请在名单上核对"
