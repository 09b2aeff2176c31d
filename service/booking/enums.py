"""States of a booking and kinds of events in an offering's journal."""

from enum import StrEnum


class BookingState(StrEnum):
    """Where a booking stands. The first three are active: one a person and offering."""

    BOOKED = "booked"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"
    PASSED_OVER = "passed_over"
    REMOVED = "removed"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


ACTIVE = (BookingState.BOOKED, BookingState.WAITLISTED, BookingState.OFFERED)
HOLDING = (BookingState.BOOKED, BookingState.OFFERED)
"""What counts as taken."""


class OfferingKind(StrEnum):
    """What is behind an offering."""

    TRAINING_CLASS = "training_class"


class OfferingState(StrEnum):
    """Whether the desk may take requests at all; the window is a matter of the clock."""

    OPEN = "open"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


class EventKind(StrEnum):
    """What an entry of an offering's journal tells."""

    BOOKED = "booked"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    PASSED_OVER = "passed_over"
    REMOVED = "removed"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
