"""Starting an installation from nothing: the union tree, and the staff who will do the rest."""

from collections.abc import Sequence

from service.core.access import SYSTEM, Role
from service.core.transaction import transactional
from service.identity import accounts, grants, passwords, people
from service.organisations import nodes, planting
from service.organisations.errors import NodeUnknown
from service.organisations.models import UnionNode


@transactional
def plant() -> UnionNode:
    """The city's union with the counties', the park's and the towns' below it. Repeating does no harm."""
    root = planting.plant_tree()
    planting.plant_towns()
    return root


@transactional
def open_staff_account(*, login: str, name: str, password: str, roles: Sequence[Role], node_code: str) -> int:
    """The id of a new person with an account and these roles on a node and everything below it.

    The password is changed at the first sign-in. Raises PasswordWeak, LoginTaken, NodeUnknown, RoleImplied,
    DutiesConflict, HashingBusy.
    """
    passwords.checked(password, accounts.normal_login(login))
    node = nodes.by_code(node_code)
    if node is None:
        raise NodeUnknown
    person = people.newcomer()
    people.rename(person, name)
    accounts.open_account(SYSTEM, person.id, login, password, must_change=True, node_id=node.id)
    for role in roles:
        grants.grant(SYSTEM, person.id, role, node.id)
    return person.id
