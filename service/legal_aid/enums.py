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


class AidRoute(StrEnum):
    """Whose aid it is: the union's own, or the state's agency, to which the case is handed."""

    UNION = "union"
    STATE = "state"


class CaseSource(StrEnum):
    """How the application came: from a phone, told and written down on the spot, or on paper."""

    PHONE = "phone"
    ORAL = "oral"
    PAPER = "paper"


class CaseState(StrEnum):
    """Where a case stands. Which moves exist is the table in `lifecycle.py`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SUPPLEMENTING = "supplementing"
    REVIEWING = "reviewing"
    GRANTED = "granted"
    REFUSED = "refused"
    OBJECTING = "objecting"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    ASSIGNED = "assigned"
    WORKING = "working"
    CLOSED = "closed"
    TERMINATED = "terminated"
    MERGED = "merged"


class CaseEvent(StrEnum):
    """What moves a case on."""

    SUBMIT = "submit"
    TAKE = "take"
    TELL = "tell"
    SUPPLEMENT = "supplement"
    LAPSE = "lapse"
    GRANT = "grant"
    GRANT_FIRST = "grant_first"
    REFUSE = "refuse"
    OBJECT = "object"
    UPHOLD = "uphold"
    CORRECT = "correct"
    ASSIGN = "assign"
    BEGIN = "begin"
    REASSIGN = "reassign"
    GIVE_BACK = "give_back"
    CLOSE = "close"
    TERMINATE = "terminate"
    WITHDRAW = "withdraw"
    MERGE = "merge"


class StepKind(StrEnum):
    """A step on the timeline of a case: what moved it, and what was done on it."""

    SUBMIT = "submit"
    TAKE = "take"
    TELL = "tell"
    SUPPLEMENT = "supplement"
    LAPSE = "lapse"
    GRANT = "grant"
    GRANT_FIRST = "grant_first"
    REFUSE = "refuse"
    OBJECT = "object"
    UPHOLD = "uphold"
    CORRECT = "correct"
    ASSIGN = "assign"
    BEGIN = "begin"
    REASSIGN = "reassign"
    GIVE_BACK = "give_back"
    CLOSE = "close"
    TERMINATE = "terminate"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    FILE = "file"
    MESSAGE = "message"
    TASK = "task"
    HEARING = "hearing"
    DOCUMENT = "document"
    HAND_OVER = "hand_over"
    RESULT = "result"
    RATE = "rate"
    COMPLAIN = "complain"
    ESCALATE = "escalate"
    COVER = "cover"
    ROUTE = "route"


class Turn(StrEnum):
    """Whose turn it is."""

    WORKER = "worker"
    OFFICE = "office"
    HANDLER = "handler"
    OBJECTION_BODY = "objection_body"
    NOBODY = "nobody"


class MeansBasis(StrEnum):
    """How hardship is shown: not needed, by the person's own pledge, by proof."""

    EXEMPT = "exempt"
    PLEDGE = "pledge"
    PROOF = "proof"


class DecisionKind(StrEnum):
    """What was decided."""

    GRANT = "grant"
    GRANT_FIRST = "grant_first"
    REFUSE = "refuse"
    LAPSE = "lapse"
    UPHOLD = "uphold"
    CORRECT = "correct"
    TERMINATE = "terminate"


class AssignmentEnd(StrEnum):
    """Why a handler has a case no longer."""

    CHANGED = "changed"
    RECUSED = "recused"
    ENDED = "ended"


class FileKind(StrEnum):
    """What a file is: a picture or scan of a paper, a voice note, a document made here."""

    PAPER = "paper"
    VOICE = "voice"
    DOCUMENT = "document"


class FileState(StrEnum):
    """Where a file stands."""

    UPLOADING = "uploading"
    READY = "ready"
    REFUSED = "refused"


class Paper(StrEnum):
    """The papers a case may need."""

    ID_CARD = "id_card"
    HARDSHIP = "hardship"
    CONTRACT = "contract"
    WAGES = "wages"
    ATTENDANCE = "attendance"
    WORK_PROOF = "work_proof"
    INJURY = "injury"
    MEDICAL = "medical"
    INSURANCE = "insurance"
    DISMISSAL = "dismissal"
    AWARD = "award"
    CLAIMED = "claimed"
    AUTHORISATION = "authorisation"
    OTHER = "other"


class Step(StrEnum):
    """How far the dispute has come."""

    NONE = "none"
    MEDIATING = "mediating"
    ARBITRATING = "arbitrating"
    AWARD = "award"
    COURT = "court"


class QuestionKind(StrEnum):
    """How a question is answered: by one of its choices, or by a date."""

    CHOICE = "choice"
    DATE = "date"


class HearingKind(StrEnum):
    """What is held: 调解, 仲裁开庭, 法院开庭."""

    MEDIATION = "mediation"
    ARBITRATION = "arbitration"
    COURT = "court"


class HandOverTo(StrEnum):
    """To whom a matter is handed: 12348, labour inspection, the arbitration commission, the court."""

    HOTLINE = "hotline"
    INSPECTION = "inspection"
    ARBITRATION = "arbitration"
    COURT = "court"


class Outcome(StrEnum):
    """How a case came out."""

    SETTLED = "settled"
    WON = "won"
    PARTLY = "partly"
    LOST = "lost"
    OTHER = "other"


class EscalationKind(StrEnum):
    """Whose clock ran out."""

    DECISION = "decision"
    ASSIGNMENT = "assignment"
    OBJECTION = "objection"
    CONSULTATION = "consultation"
    COMPLAINT = "complaint"


class EscalatedTo(StrEnum):
    """How far up it was told."""

    OFFICE = "office"
    SUPERVISOR = "supervisor"
    UPPER = "upper"
