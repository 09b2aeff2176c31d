"""Closed lists of messaging."""

from enum import StrEnum


class OutboxState(StrEnum):
    """What has become of an outbox row. A due row that a worker has at hand is leased.

    DEAD: given up. UNCLEAR: it may have been done and nobody can tell, so it is not done again.
    """

    DUE = "due"
    DONE = "done"
    DEAD = "dead"
    UNCLEAR = "unclear"


class Purpose(StrEnum):
    """What a subscribe message is for; each has at most one template (`config/templates.toml`)."""

    BOOKING = "booking"
    PROGRESS = "progress"
    ANNOUNCEMENT = "announcement"


class Moment(StrEnum):
    """When the client asks a person to subscribe: on a tap, as WeChat wants it."""

    BOOK = "book"
    REQUEST = "request"
    INBOX = "inbox"
