"""Kinds and states of imports."""

from enum import StrEnum


class ImportState(StrEnum):
    """An import is checked first, then accepted by a person, then applied in the background."""

    CHECKING = "checking"
    READY = "ready"
    REFUSED = "refused"
    APPLYING = "applying"
    APPLIED = "applied"
    DISCARDED = "discarded"


class ImportEvent(StrEnum):
    """What moves an import from one state to the next."""

    CHECKED = "checked"
    REFUSE = "refuse"
    ACCEPT = "accept"
    FINISH = "finish"
    DISCARD = "discard"


class ImportKind(StrEnum):
    """What the rows are."""

    UNION_NODES = "union_nodes"
    WORKERS = "workers"


class FindingKind(StrEnum):
    """Whether a row is bad and will be left out, or will change what stands in the register."""

    BAD = "bad"
    CHANGED = "changed"
