"""Starting an installation from nothing: the union tree, and the staff who will do the rest."""

from collections.abc import Sequence

from service.core.access import SYSTEM, Role
from service.core.transaction import transactional
from service.identity import accounts, grants, people
from service.identity.errors import PasswordWeak
from service.organisations import nodes, planting
from service.organisations.errors import NodeUnknown
from service.organisations.models import UnionNode

SHORTEST_PASSWORD = 12


@transactional
def plant() -> UnionNode:
    """The city's union with the counties', the park's and the towns' below it. Repeating does no harm."""
    root = planting.plant_tree()
    planting.plant_towns()
    return root


@transactional
def open_staff_account(*, login: str, name: str, password: str, roles: Sequence[Role], node_code: str) -> int:
    """The id of a new person with an account and these roles on a node and everything below it.

    Raises PasswordWeak, LoginTaken, NodeUnknown, HashingBusy.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordWeak
    node = nodes.by_code(node_code)
    if node is None:
        raise NodeUnknown
    person = people.newcomer()
    people.rename(person, name)
    accounts.open_account(SYSTEM, person.id, login, password)
    for role in roles:
        grants.grant(SYSTEM, person.id, role, node.id)
    return person.id
