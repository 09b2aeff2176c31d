"""Closed lists of labour-law supervision; imports nothing of the service."""

from enum import StrEnum


class TipState(StrEnum):
    """Where a tip stands. Which moves exist is the table in `lifecycle.py`."""

    RECEIVED = "received"
    CHECKING = "checking"
    HINTED = "hinted"
    OPINED = "opined"
    ADVISED = "advised"
    CLOSED = "closed"
    UNFOUNDED = "unfounded"
    HANDED_OVER = "handed_over"


class TipEvent(StrEnum):
    """What moves a tip on."""

    CHECK = "check"
    HINT = "hint"
    OPINION = "opinion"
    ADVICE = "advice"
    CLOSE = "close"
    DISMISS = "dismiss"
    HAND_OVER = "hand_over"


class TipStep(StrEnum):
    """A step on the timeline of a tip."""

    RECEIVE = "receive"
    CHECK = "check"
    ASK = "ask"
    ANSWER = "answer"
    SITE_CHECK = "site_check"
    HINT = "hint"
    OPINION = "opinion"
    ADVICE = "advice"
    REPLY = "reply"
    CLOSE = "close"
    DISMISS = "dismiss"
    HAND_OVER = "hand_over"


class LetterKind(StrEnum):
    """提示函, 意见书, 建议书."""

    HINT = "hint"
    OPINION = "opinion"
    ADVICE = "advice"


class TipOutcome(StrEnum):
    """What has become of it."""

    RECTIFIED = "rectified"
    PARTLY = "partly"
    NOT_RECTIFIED = "not_rectified"


class Numbered(StrEnum):
    """What has a register of its own."""

    TIP = "tip"
    HINT = "hint"
    OPINION = "opinion"
    ADVICE = "advice"
