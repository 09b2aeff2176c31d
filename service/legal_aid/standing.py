"""How a case stands, for the office: by which clock its date counts, who writes on it just now, and whom to ask about a
case one only sees listed."""

from dataclasses import dataclass
from datetime import datetime

from service.core import clock
from service.core.access import Actor
from service.identity import people
from service.legal_aid import deciding
from service.legal_aid.clock_table import CLOCKS
from service.legal_aid.clocks import Clock
from service.legal_aid.enums import CaseState
from service.legal_aid.models import AidCase
from service.organisations import nodes

ROUTED = {
    CaseState.SUBMITTED: "decision",
    CaseState.REVIEWING: "decision",
    CaseState.GRANTED: "assignment",
    CaseState.OBJECTING: "objection",
}
"""State -> the deed of the office whose clock runs then, by the case's route."""
HANDLED = frozenset({CaseState.ASSIGNED, CaseState.WORKING})
"""States in which what is left of the worker's own claim counts."""


@dataclass(frozen=True, slots=True)
class LockLine:
    """Who writes on the case just now, and until when at most."""

    by_name: str
    until: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands. `clock` is what `due_on` counts by, None where nothing runs."""

    node_id: int
    node_name: str
    supervisor_name: str | None
    clock: Clock | None
    lock: LockLine | None
    is_pressing: bool


def standing(actor: Actor, case: AidCase) -> Standing:
    """How the case stands for somebody who may open it."""
    node = nodes.node(case.node_id)
    days = (case.limitation_on - clock.today()).days if case.limitation_on else None
    return Standing(
        node_id=node.id,
        node_name=node.name,
        supervisor_name=name_of(case.supervisor_id),
        clock=clock_of(case),
        lock=lock_of(actor, case),
        is_pressing=days is not None and 0 <= days < 7,
    )


def clock_of(case: AidCase) -> Clock | None:
    """The clock that runs for whoever's turn it is, as it holds at the case's office."""
    if case.state is CaseState.SUPPLEMENTING:
        return deciding.settings_of(case).clock("supplement_papers")
    if case.state in ROUTED:
        return deciding.settings_of(case).clock(f"{case.route.value}_{ROUTED[case.state]}")
    return CLOCKS.get(case.limitation_clock or "") if case.state in HANDLED else None


def lock_of(actor: Actor, case: AidCase) -> LockLine | None:
    """The lock in force, with the name of who holds it."""
    if case.locked_by is None or case.locked_until is None or case.locked_until <= clock.now():
        return None
    return LockLine(name_of(case.locked_by) or "", case.locked_until, case.locked_by == actor.person_id)


def name_of(person_id: int | None) -> str | None:
    """The name of somebody of the office."""
    return people.person(person_id).name if person_id is not None else None
