"""Closed lists of consultation; imports nothing of the service."""

from enum import StrEnum


class ConsultationState(StrEnum):
    """Where a consultation stands."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


class ConsultationEvent(StrEnum):
    """What moves a consultation on."""

    ANSWER = "answer"
    FOLLOW_UP = "follow_up"
    CLOSE = "close"


class WrittenBy(StrEnum):
    """Who wrote it."""

    WORKER = "worker"
    LAWYER = "lawyer"
