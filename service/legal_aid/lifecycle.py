"""The states of a case, as one table, and whose turn each state is. Nothing else says what may follow what."""

from service.core.lifecycle import Lifecycle
from service.legal_aid.enums import CaseEvent, CaseState, Turn

S, E = CaseState, CaseEvent

CASE = Lifecycle[CaseState, CaseEvent](
    {
        (S.DRAFT, E.SUBMIT): S.SUBMITTED,
        (S.SUBMITTED, E.TAKE): S.REVIEWING,
        (S.SUBMITTED, E.TELL): S.SUPPLEMENTING,
        (S.REVIEWING, E.TELL): S.SUPPLEMENTING,
        (S.SUPPLEMENTING, E.SUPPLEMENT): S.REVIEWING,
        (S.SUPPLEMENTING, E.LAPSE): S.LAPSED,
        (S.REVIEWING, E.GRANT): S.GRANTED,
        (S.SUBMITTED, E.GRANT_FIRST): S.GRANTED,
        (S.REVIEWING, E.GRANT_FIRST): S.GRANTED,
        (S.SUPPLEMENTING, E.GRANT_FIRST): S.GRANTED,
        (S.REVIEWING, E.REFUSE): S.REFUSED,
        (S.REFUSED, E.OBJECT): S.OBJECTING,
        (S.OBJECTING, E.UPHOLD): S.REFUSED,
        (S.OBJECTING, E.CORRECT): S.GRANTED,
        (S.GRANTED, E.ASSIGN): S.ASSIGNED,
        (S.ASSIGNED, E.BEGIN): S.WORKING,
        (S.ASSIGNED, E.REASSIGN): S.ASSIGNED,
        (S.WORKING, E.REASSIGN): S.ASSIGNED,
        (S.ASSIGNED, E.GIVE_BACK): S.GRANTED,
        (S.WORKING, E.GIVE_BACK): S.GRANTED,
        (S.WORKING, E.CLOSE): S.CLOSED,
        (S.GRANTED, E.TERMINATE): S.TERMINATED,
        (S.ASSIGNED, E.TERMINATE): S.TERMINATED,
        (S.WORKING, E.TERMINATE): S.TERMINATED,
        (S.SUBMITTED, E.WITHDRAW): S.WITHDRAWN,
        (S.SUPPLEMENTING, E.WITHDRAW): S.WITHDRAWN,
        (S.REVIEWING, E.WITHDRAW): S.WITHDRAWN,
        (S.OBJECTING, E.WITHDRAW): S.WITHDRAWN,
        (S.GRANTED, E.WITHDRAW): S.TERMINATED,
        (S.ASSIGNED, E.WITHDRAW): S.TERMINATED,
        (S.WORKING, E.WITHDRAW): S.TERMINATED,
        (S.SUBMITTED, E.MERGE): S.MERGED,
        (S.SUPPLEMENTING, E.MERGE): S.MERGED,
        (S.REVIEWING, E.MERGE): S.MERGED,
    }
)

TURNS: dict[CaseState, Turn] = {
    S.DRAFT: Turn.WORKER,
    S.SUBMITTED: Turn.OFFICE,
    S.SUPPLEMENTING: Turn.WORKER,
    S.REVIEWING: Turn.OFFICE,
    S.GRANTED: Turn.OFFICE,
    S.REFUSED: Turn.NOBODY,
    S.OBJECTING: Turn.OBJECTION_BODY,
    S.LAPSED: Turn.NOBODY,
    S.WITHDRAWN: Turn.NOBODY,
    S.ASSIGNED: Turn.HANDLER,
    S.WORKING: Turn.HANDLER,
    S.CLOSED: Turn.NOBODY,
    S.TERMINATED: Turn.NOBODY,
    S.MERGED: Turn.NOBODY,
}
"""State -> whose turn it is."""

BEFORE_ASSIGNMENT = frozenset({S.SUBMITTED, S.SUPPLEMENTING, S.REVIEWING, S.GRANTED, S.REFUSED})
"""States in which the office's intake opens a case; from its assignment on only the handler and the supervisor do."""
IN_HAND = frozenset({S.ASSIGNED, S.WORKING})
UNDECIDED = frozenset({S.SUBMITTED, S.SUPPLEMENTING, S.REVIEWING})
ENDED = frozenset({S.LAPSED, S.WITHDRAWN, S.CLOSED, S.TERMINATED, S.MERGED})
WORKER_WRITES = frozenset({S.DRAFT, S.SUPPLEMENTING})
"""States in which the worker changes the form."""
WORKER_ADDS = WORKER_WRITES | {S.SUBMITTED, S.REVIEWING, S.GRANTED, S.ASSIGNED, S.WORKING}
"""States in which the worker adds papers."""
