"""Closed lists of legal aid; imports nothing of the service but what everything shares."""

from enum import StrEnum


class Matter(StrEnum):
    """What it is about (案由)."""

    WAGES = "wages"
    INJURY = "injury"
    CONTRACT = "contract"
    SOCIAL_INSURANCE = "social_insurance"
    DISMISSAL = "dismissal"
    OTHER = "other"


class Force(StrEnum):
    """On what a clock rests: the law itself, or the rule of a place or union, which a setting may change."""

    LAW = "law"
    LOCAL = "local"


class Watched(StrEnum):
    """Who has to act before a clock runs out."""

    WORKER = "worker"
    EMPLOYER = "employer"
    OFFICE = "office"
    AUTHORITY = "authority"


class Interruption(StrEnum):
    """What makes a limitation start anew (劳动争议调解仲裁法 art. 27)."""

    CLAIM = "claim"
    COMPLAINT = "complaint"
    AGREEMENT = "agreement"


class Supplement(StrEnum):
    """What supplementing papers does to the clock of the decision."""

    RUNS = "runs"
    PAUSES = "pauses"
    RESTARTS = "restarts"


class Route(StrEnum):
    """A way to one's right: 调解, 仲裁, 监察, 工会援助, 国家法律援助, 工伤认定, 支付令, 诉讼."""

    MEDIATION = "mediation"
    ARBITRATION = "arbitration"
    INSPECTION = "inspection"
    UNION_AID = "union_aid"
    STATE_AID = "state_aid"
    INJURY_DECISION = "injury_decision"
    PAYMENT_ORDER = "payment_order"
    COURT = "court"


class Means(StrEnum):
    """Whether hardship has to be shown: not at all, or by proof or one's own pledge."""

    EXEMPT = "exempt"
    NEEDED = "needed"
    NONE = "none"
