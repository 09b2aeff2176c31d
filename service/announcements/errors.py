"""What announcements refuse."""

from service.core.errors import Conflict, Invalid, NotFound


class AnnouncementUnknown(NotFound):
    """No such announcement, outside the actor's scope, or one the actor was not told."""

    code = "announcements.unknown"
    message = "没有找到这条公告"


class AnnouncementStale(Conflict):
    """Someone else changed it since it was read; `details.version` is the present one."""

    code = "announcements.stale"
    message = "内容已被别人改过，请刷新后再改"


class AudienceInvalid(Invalid):
    """The audience names something that does not exist; `details` names the field."""

    code = "announcements.audience_invalid"
    message = "公告的发送范围有误，请按提示改正"


class AudienceEmpty(Conflict):
    """Nobody is in the audience."""

    code = "announcements.audience_empty"
    message = "这个范围里没有会员，发不出去"
    next_step = "请放宽发送范围"


class ApprovalNeeded(Conflict):
    """The union wants a second person to look at it first."""

    code = "announcements.approval_needed"
    message = "本工会规定公告须经第二人审核"
    next_step = "请另一位宣传管理员审核后再发"


class OwnApproval(Conflict):
    """Who wrote it cannot be the second person."""

    code = "announcements.own_approval"
    message = "自己写的公告不能由自己审核"


class TimePast(Invalid):
    """The time to send at has passed, or lies more than a year ahead."""

    code = "announcements.time_wrong"
    message = "发送时间须在今后一年以内"
