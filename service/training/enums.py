"""Closed lists of training."""

from enum import StrEnum


class ClassState(StrEnum):
    """A class on its way from draft to finished. Which moves exist is the table in `lifecycle.py`."""

    DRAFT = "draft"
    PUBLISHED = "published"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class PublicState(StrEnum):
    """The states workers know of: all but the draft."""

    PUBLISHED = "published"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class ClassEvent(StrEnum):
    """What moves a class on: staff publish, reopen and cancel it, the clock and the desk do the rest."""

    PUBLISH = "publish"
    OPENS = "opens"
    FILLS = "fills"
    FREES = "frees"
    CLOSES = "closes"
    REOPEN = "reopen"
    STARTS = "starts"
    ENDS = "ends"
    CANCEL = "cancel"


class GateKind(StrEnum):
    """What an audience may be narrowed by, besides membership."""

    COUNTY = "county"
    NODE = "node"
    INDUSTRY = "industry"
    CATEGORY = "category"
    LEVEL = "level"
    EARLIER_COURSE = "earlier_course"


class ClassOrder(StrEnum):
    """How a list of classes is sorted; `bookable`: open, opening soon, full with waiting places, then by date."""

    BOOKABLE = "bookable"
    STARTS_AT = "starts_at"
    OPENS_AT = "opens_at"
    NEWEST = "newest"


class LessonMode(StrEnum):
    """How a lesson is held: 线上, 线下, 模拟, 实训."""

    ONLINE = "online"
    ON_SITE = "on_site"
    SIMULATED = "simulated"
    HANDS_ON = "hands_on"


class FundSource(StrEnum):
    """Who pays (资金来源)."""

    UNION = "union"
    SKILL_UPGRADING = "skill_upgrading"
    EMPLOYMENT = "employment"
    EMPLOYER = "employer"
    OTHER = "other"


class MarkState(StrEnum):
    """How a worker attended a lesson: 到课, 迟到, 早退, 请假, 缺课, 补课."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    EXCUSED = "excused"
    ABSENT = "absent"
    MADE_UP = "made_up"


class MarkSource(StrEnum):
    """Where a mark came from."""

    SCAN = "scan"
    TYPED = "typed"
    TRAINER = "trainer"
    STAFF = "staff"
    CLOCK = "clock"


class TrainerRole(StrEnum):
    """Main trainer, co-trainer or substitute."""

    MAIN = "main"
    CO_TRAINER = "co_trainer"
    SUBSTITUTE = "substitute"


class ApprovalState(StrEnum):
    """Where a draft stands that was handed in to a second person."""

    WAITING = "waiting"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
