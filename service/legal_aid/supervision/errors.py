"""What labour-law supervision refuses."""

from service.core.errors import Conflict, Invalid, NotFound


class TipUnknown(NotFound):
    """No such tip, the actor may not know of it, or the claim code opens none."""

    code = "supervision.unknown"
    message = "没有找到这条线索"
    next_step = "请核对查询码"


class NothingAsked(Conflict):
    """Nobody has asked the tipper anything since the last answer."""

    code = "supervision.nothing_asked"
    message = "现在没有要您回答的问题"


class CheckersTooFew(Invalid):
    """An on-site check takes two supervisors in charge, who showed their cards."""

    code = "supervision.checkers_too_few"
    message = "现场核查须有两名以上劳动法律监督员，并出示证件"


class LetterUnknown(NotFound):
    """No such letter."""

    code = "supervision.letter_unknown"
    message = "没有找到这份函书"


class RepliedAlready(Conflict):
    """The reply to this letter was entered before."""

    code = "supervision.replied_already"
    message = "回复已经登记过"
