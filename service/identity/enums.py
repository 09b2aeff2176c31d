"""Closed lists of identity."""

from enum import StrEnum


class Channel(StrEnum):
    """By which door a sign-in came. Roles are held only in one that came by the staff door, with a password."""

    WECHAT = "wechat"
    STAFF = "staff"


class AttemptKind(StrEnum):
    """What is being tried."""

    PASSWORD = "password"  # noqa: S105  the name of a thing, not a secret
    BINDING = "binding"
    ATTENDANCE_CODE = "attendance_code"
