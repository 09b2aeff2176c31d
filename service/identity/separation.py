"""Which roles one person may not hold together, and which are never granted (docs/rules.md `identity.separation`).

Who keeps accounts and grants reads no cases and no audit trail; an auditor does nothing but read. Kept at each grant,
and by the tests over the table of doors.
"""

from collections.abc import Iterable

from service.core.access import Role

IMPLIED = frozenset({Role.WORKER, Role.MEMBER})
"""Nobody is made one of these by a grant: one is by signing in, by an active membership."""
READ_CASES = frozenset({Role.LEGAL_AID_OFFICER, Role.LEGAL_STAFF, Role.LABOUR_LAW_SUPERVISOR})
READ_ONLY = frozenset({Role.AUDITOR, Role.REPORTING_OFFICER})
APART: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: READ_CASES | {Role.AUDITOR},
    Role.AUDITOR: frozenset(Role) - IMPLIED - READ_ONLY,
}
"""Role -> roles nobody holds beside it; both ways."""


def apart(held: Iterable[Role], wanted: Role) -> list[Role]:
    """The roles among those held that keep the wanted one away."""
    return [role for role in held if wanted in APART.get(role, ()) or role in APART.get(wanted, ())]


def pairs() -> list[tuple[Role, Role]]:
    """Every pair kept apart, once."""
    order = list(Role)
    return [
        (first, second)
        for number, first in enumerate(order)
        for second in order[number + 1 :]
        if apart([first], second)
    ]
