"""Closed lists of identity."""

from enum import StrEnum


class Channel(StrEnum):
    """By which door a sign-in came. Roles are held only in one that came by the staff door, with a password."""

    WECHAT = "wechat"
    PHONE = "phone"
    STAFF = "staff"


class AttemptKind(StrEnum):
    """What is being tried."""

    PASSWORD = "password"  # noqa: S105  the name of a thing, not a secret
    TOTP = "totp"
    BINDING = "binding"
    PHONE_CODE = "phone_code"
    TEXT_MESSAGE = "text_message"
    ATTENDANCE_CODE = "attendance_code"


class BindingCaseKind(StrEnum):
    """Why somebody asks staff about a binding."""

    BOUND_ELSEWHERE = "bound_elsewhere"
    NEW_PHONE = "new_phone"
    LOST_ACCOUNT = "lost_account"
    NOT_LISTED = "not_listed"


class BindingCaseState(StrEnum):
    """Where such a case stands."""

    OPEN = "open"
    MOVED = "moved"
    REFUSED = "refused"


class CopyState(StrEnum):
    """A download of one's own data: being prepared, ready, or gone again."""

    PREPARING = "preparing"
    READY = "ready"
    EXPIRED = "expired"


class CorrectionField(StrEnum):
    """What the person cannot change herself."""

    NAME = "name"
    ID_NUMBER = "id_number"
    EMPLOYER = "employer"
    MEMBERSHIP = "membership"
    TRAINING = "training"
    OTHER = "other"


class CorrectionState(StrEnum):
    """Where a wish for correction stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class ClosureState(StrEnum):
    """Where the end of an account stands: still to be taken back, taken back, or done."""

    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    DONE = "done"


class SensitiveKind(StrEnum):
    """Why a consent of its own is asked: kinds of sensitive data, and making something public."""

    WHEREABOUTS = "whereabouts"
    HEALTH = "health"
    FINANCE = "finance"
    SPECIFIC_IDENTITY = "specific_identity"
    PUBLICATION = "publication"
