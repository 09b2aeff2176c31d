"""The states of a class, as one table. Nothing else says what may follow what."""

from service.core.lifecycle import Lifecycle
from service.training.enums import ClassEvent, ClassState

CLASS = Lifecycle[ClassState, ClassEvent](
    {
        (ClassState.DRAFT, ClassEvent.PUBLISH): ClassState.PUBLISHED,
        (ClassState.PUBLISHED, ClassEvent.OPENS): ClassState.OPEN,
        (ClassState.OPEN, ClassEvent.FILLS): ClassState.FULL,
        (ClassState.FULL, ClassEvent.FREES): ClassState.OPEN,
        (ClassState.OPEN, ClassEvent.CLOSES): ClassState.CLOSED,
        (ClassState.FULL, ClassEvent.CLOSES): ClassState.CLOSED,
        (ClassState.CLOSED, ClassEvent.REOPEN): ClassState.OPEN,
        (ClassState.CLOSED, ClassEvent.STARTS): ClassState.RUNNING,
        (ClassState.RUNNING, ClassEvent.ENDS): ClassState.FINISHED,
        (ClassState.PUBLISHED, ClassEvent.CANCEL): ClassState.CANCELLED,
        (ClassState.OPEN, ClassEvent.CANCEL): ClassState.CANCELLED,
        (ClassState.FULL, ClassEvent.CANCEL): ClassState.CANCELLED,
        (ClassState.CLOSED, ClassEvent.CANCEL): ClassState.CANCELLED,
        (ClassState.RUNNING, ClassEvent.CANCEL): ClassState.CANCELLED,
    }
)

BY_THE_CLOCK = (
    ClassEvent.OPENS,
    ClassEvent.FILLS,
    ClassEvent.FREES,
    ClassEvent.CLOSES,
    ClassEvent.STARTS,
    ClassEvent.ENDS,
)
"""Events nobody asks for, in the order in which a class that was left alone meets them."""
