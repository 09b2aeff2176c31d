"""What a holding is: a table that holds something about people, what it is called, how long it is kept, what becomes
of it when its person goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Category(StrEnum):
    """The chapters of what is held."""

    IDENTITY = "identity"
    MEMBERSHIP = "membership"
    TRAINING = "training"
    SKILLS = "skills"
    CONSENT = "consent"
    MESSAGES = "messages"
    SIGN_IN = "sign_in"
    REQUESTS = "requests"
    LEGAL_AID = "legal_aid"
    WORK = "work"


class Erasure(StrEnum):
    """What becomes of a table's rows when their person is erased.

    ERASE: deleted. BLANK: kept, the columns of `blanked` emptied. KEEP: kept as they are, about nobody any more.
    BY_HAND: as `erasing.py` says.
    """

    ERASE = "erase"
    BLANK = "blank"
    KEEP = "keep"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Shown:
    """A column in the copy: its Chinese label, the words for its values, or the table and column it leads to."""

    label: str
    said: Mapping[str, str] = field(default_factory=dict)
    leads_to: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A table that holds something about people: `whose` are the columns that say about whom."""

    table: str
    title: str
    category: Category
    retention: str
    whose: tuple[str, ...] = ("person_id",)
    shown: Mapping[str, Shown] = field(default_factory=dict)
    erasure: Erasure = Erasure.KEEP
    blanked: tuple[str, ...] = ()


def words(labels: Mapping[Any, str]) -> dict[str, str]:
    """The words for a closed list's values, by value."""
    return {str(key): label for key, label in labels.items()}
