"""Made-up staff with their accounts, roles and scopes, and the one password they share on this machine."""

import os
import secrets
from dataclasses import dataclass

from service.core import configuration
from service.core.access import SYSTEM, Actor, Role
from service.core.transaction import transactional
from service.identity import accounts, grants, passwords, people
from service.identity.errors import AccountUnknown
from service.organisations import nodes
from service.organisations.divisions import CITY_CODE
from service.organisations.planting import plant_tree

PASSWORD_FILE = "demo-password"  # noqa: S105  the name of a file
OFFICE = (Role.TRAINING_STAFF, Role.MEMBERSHIP_STAFF, Role.PUBLISHING_STAFF)


@dataclass(frozen=True, slots=True)
class Clerk:
    """One account: who, which roles, on which node."""

    login: str
    name: str
    roles: tuple[Role, ...]
    node_code: str = CITY_CODE


CLERKS: tuple[Clerk, ...] = (
    Clerk("city", "示例市级管理员", (*OFFICE, Role.ADMINISTRATOR)),
    Clerk("simao", "示例思茅管理员", OFFICE, "530802"),
    Clerk("lancang", "示例澜沧管理员", OFFICE, "530828"),
    Clerk("trainer1", "示例培训教师一", (Role.TRAINER,)),
    Clerk("trainer2", "示例培训教师二", (Role.TRAINER,)),
    Clerk("legal1", "示例市级法援窗口", (Role.LEGAL_STAFF,)),
    Clerk("legal2", "示例思茅法援窗口", (Role.LEGAL_STAFF,), "530802"),
    Clerk("lawyer1", "示例法律援助员", (Role.LEGAL_AID_OFFICER,)),
    Clerk("lawyer2", "示例思茅律师", (Role.LEGAL_AID_OFFICER,), "530802"),
    Clerk("labour1", "示例市劳动法律监督员", (Role.LABOUR_LAW_SUPERVISOR,)),
    Clerk("labour2", "示例思茅劳动法律监督员", (Role.LABOUR_LAW_SUPERVISOR,), "530802"),
    *(Clerk(f"judge{number}", f"示例裁判{number}", (Role.JUDGE,)) for number in range(1, 6)),
    Clerk("auditor", "示例审计员", (Role.AUDITOR,)),
)


def plant(password: str) -> None:
    """See to it that every account exists with its roles and this password; repeating does no harm."""
    plant_tree()
    for clerk in CLERKS:
        person_id = _person_id(clerk, password)
        _grant(clerk, person_id)
    if not passwords.is_right(password, accounts.by_login(CLERKS[0].login).password_hash):
        for clerk in CLERKS:
            accounts.set_password(SYSTEM, clerk.login, password)


def actor(login: str) -> Actor:
    """The clerk, asking. Raises AccountUnknown."""
    person_id = accounts.by_login(login).person_id
    return Actor(person_id, None, grants.of(person_id))


def kept_password() -> str:
    """The password of this data directory, made at the first call and readable by its owner only."""
    path = configuration.current().data_dir / PASSWORD_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(f"puer-{secrets.token_hex(4)}")
    return path.read_text().strip()


def _person_id(clerk: Clerk, password: str) -> int:
    try:
        return accounts.by_login(clerk.login).person_id
    except AccountUnknown:
        person_id = _enter(clerk.name)
        node = nodes.by_code(clerk.node_code)
        accounts.open_account(SYSTEM, person_id, clerk.login, password, node_id=node.id if node else None)
        return person_id


@transactional
def _enter(name: str) -> int:
    person = people.newcomer()
    people.rename(person, name)
    return person.id


@transactional
def _grant(clerk: Clerk, person_id: int) -> None:
    node_id = nodes.every_by_code()[clerk.node_code].id
    for role in clerk.roles:
        grants.grant(SYSTEM, person_id, role, node_id)
