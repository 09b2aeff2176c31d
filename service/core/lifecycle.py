"""States as a table: `(state, event) -> next state`, in one dict a reader can see whole."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from service.core.errors import Conflict

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


class WrongState(Conflict):
    """The thing is not in a state in which this can be done."""

    code = "state.not_allowed"
    message = "当前状态不能这样操作，请刷新后再试"
    next_step = "刷新页面，看看现在的状态再操作"


class Lifecycle(Generic[S, E]):
    """A table of transitions."""

    def __init__(self, table: Mapping[tuple[S, E], S]) -> None:
        self.table = dict(table)

    def next(self, state: S, event: E) -> S:
        """The state after the event. Raises WrongState where the table has no row."""
        try:
            return self.table[state, event]
        except KeyError:
            raise WrongState(details={"state": state.value, "event": event.value}) from None

    def allows(self, state: S, event: E) -> bool:
        """Whether the table has a row for it."""
        return (state, event) in self.table

    def sources(self, event: E) -> list[S]:
        """The states in which the event may happen: for `UPDATE ... WHERE state IN (...)`."""
        return [state for state, happening in self.table if happening == event]
