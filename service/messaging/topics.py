"""What a notice is about, and so whether a phone is told of it and in which words.

The topic is the first word of a notice's key, or what `outbox.notice` was told. What stands on a locked screen is
general: no case, no name, no title (docs/rules.md `messaging.phone_text`). A topic without a purpose stays in the app.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from service.messaging.enums import Moment, Purpose

OFFER = "offer"
ANNOUNCEMENT = "announcement"


@dataclass(frozen=True, slots=True)
class Topic:
    """`text` is the one variable word of the message; `is_urgent` rings in quiet hours too."""

    purpose: Purpose | None = None
    text: str = ""
    is_urgent: bool = False


TOPICS: Mapping[str, Topic] = {
    "booking": Topic(Purpose.BOOKING, "您的报名有新进展"),
    OFFER: Topic(Purpose.BOOKING, "您候补的名额到了，请尽快确认", is_urgent=True),
    "window": Topic(Purpose.BOOKING, "您的报名时间有变动"),
    "class": Topic(Purpose.BOOKING, "您的班次安排有变动"),
    "absent": Topic(Purpose.BOOKING, "您的上课记录有新情况"),
    "mark": Topic(Purpose.BOOKING, "您的上课记录有新情况"),
    "completion": Topic(Purpose.BOOKING, "您的上课记录有新情况"),
    "certificate": Topic(Purpose.PROGRESS, "您的技能证书有新进展"),
    "correction": Topic(Purpose.PROGRESS, "您的更正申请有新进展"),
    "copy": Topic(Purpose.PROGRESS, "您的信息副本有新进展"),
    "binding_case": Topic(Purpose.PROGRESS, "您的身份认证有新进展"),
    ANNOUNCEMENT: Topic(Purpose.ANNOUNCEMENT, "您有一条新的工会通知"),
    "work": Topic(Purpose.PROGRESS, "您的工作信息已更新"),
    "legal_aid": Topic(Purpose.PROGRESS, "您的法律援助有新进展"),
    "import": Topic(),
    "approval": Topic(),
    "export_alert": Topic(),
    "holidays": Topic(),
}
IN_APP = Topic()

MOMENTS: Mapping[Moment, tuple[Purpose, ...]] = {
    Moment.BOOK: (Purpose.BOOKING,),
    Moment.REQUEST: (Purpose.PROGRESS,),
    Moment.INBOX: (Purpose.BOOKING, Purpose.ANNOUNCEMENT),
}
"""Which templates to ask for when; five at most at once, one-time and long-term ones never together."""


def topic(name: str) -> Topic:
    """The topic of this name; one that stays in the app where there is none."""
    return TOPICS.get(name, IN_APP)


def topic_of(key: str) -> str:
    """The topic's name a notice's key begins with (`booking:…`)."""
    return key.partition(":")[0]
