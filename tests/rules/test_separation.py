"""Who holds which roles together, and what the table of doors gives them: duties stay apart."""

import pytest
from flask import Flask

from blueprints import policy
from blueprints.rule import Content, Rule
from service.core.access import Role
from service.identity import separation
from service.identity.labels import ROLES

OWN_ACCOUNT = {"accounts.change_password", "accounts.enrol_totp", "accounts.confirm_totp", "accounts.remove_totp"}
"""What an auditor writes: nothing but her own account."""
READING = {"GET", "HEAD", "OPTIONS"}


def unused(table: dict[str, Rule]) -> list[Role]:
    """Roles that open no door of their own: one nobody has thought of, or a spelling that slipped in."""
    return [role for role in Role if not any(role in rule.roles for rule in table.values())]


def forbidden(table: dict[str, Rule], methods: dict[str, set[str]]) -> list[str]:
    """Doors that give a role what is kept away from it."""
    found = []
    for endpoint, rule in table.items():
        is_write = not methods.get(endpoint, set()) <= READING
        if rule.content is not None and Role.ADMINISTRATOR in rule.roles:
            found.append(f"{endpoint}: an administrator reads {rule.content}")
        if rule.content is Content.AUDIT and set(rule.roles) != {Role.AUDITOR}:
            found.append(f"{endpoint}: the trail is the auditor's")
        if is_write and Role.AUDITOR in rule.roles and endpoint not in OWN_ACCOUNT:
            found.append(f"{endpoint}: an auditor writes")
    return found


@pytest.fixture
def methods(app: Flask) -> dict[str, set[str]]:
    """Endpoint -> methods."""
    return {rule.endpoint: set(rule.methods or ()) for rule in app.url_map.iter_rules()}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_table_of_doors_keeps_duties_apart(methods: dict[str, set[str]]) -> None:
    assert forbidden(policy.POLICY, methods) == []


def test_every_role_opens_a_door_and_has_a_title() -> None:
    assert unused(policy.POLICY) == []
    assert set(ROLES) == set(Role)


def test_a_role_nobody_thought_of_and_a_door_too_many_would_be_found() -> None:
    table = {
        "a.read": policy.AUDIT,
        "b.read": Rule((Role.ADMINISTRATOR,), content=Content.CASE),
        "c.read": policy.AUDIT + policy.ADMINISTRATION,
        "d.write": Rule((Role.AUDITOR,)),
    }
    methods = {name: {"GET"} for name in table} | {"d.write": {"POST"}}
    assert forbidden(table, methods) == [
        "b.read: an administrator reads case",
        "c.read: an administrator reads audit",
        "c.read: the trail is the auditor's",
        "d.write: an auditor writes",
    ]
    assert Role.JUDGE in unused(table)
    assert Role.AUDITOR not in unused(table)


def test_unverified_people_do_nothing_but_look_around_and_see_to_themselves() -> None:
    """Which doors need no verification is written out, so that a new one is a decision."""
    open_to_all = {
        name for name, rule in policy.POLICY.items() if Role.WORKER in rule.roles and not rule.needs_verified
    }
    for name in open_to_all:
        area = name.partition(".")[0]
        assert area in SELF | ASKING_FOR_HELP or name in LOOKING_AROUND, f"{name}: may somebody unverified do this?"
    assert all(rule.needs_verified for rule in policy.POLICY.values() if Role.MEMBER in rule.roles)


SELF = {"auth", "identity", "sign_ins", "phones", "disputes", "inbox", "consents", "my_data", "subscriptions"}
ASKING_FOR_HELP = {"legal_aid_cases", "legal_aid_work", "legal_aid_documents", "consultation", "supervision"}
"""A right does not wait for the roster of members (docs/rules.md `legal_aid.open_to_all`)."""
LOOKING_AROUND = {
    "organisations.list_nodes", "skills.list_my_certificates", "bookings.list_my_bookings",
    "attendance.list_my_training", "announcements.get_announcement",
}  # fmt: skip


@pytest.mark.parametrize(
    ("held", "wanted", "kept_away"),
    [
        ([], Role.ADMINISTRATOR, []),
        ([Role.AUDITOR], Role.ADMINISTRATOR, [Role.AUDITOR]),
        ([Role.ADMINISTRATOR], Role.AUDITOR, [Role.ADMINISTRATOR]),
        ([Role.LEGAL_AID_OFFICER, Role.TRAINER], Role.ADMINISTRATOR, [Role.LEGAL_AID_OFFICER]),
        ([Role.ADMINISTRATOR], Role.TRAINING_STAFF, []),
        ([Role.REPORTING_OFFICER], Role.AUDITOR, []),
        ([Role.TRAINER, Role.JUDGE], Role.AUDITOR, [Role.TRAINER, Role.JUDGE]),
    ],
)
def test_which_roles_are_held_together(held: list[Role], wanted: Role, kept_away: list[Role]) -> None:
    assert separation.apart(held, wanted) == kept_away


def test_apart_is_apart_both_ways_and_never_from_oneself() -> None:
    for one in Role:
        assert separation.apart([one], one) == []
        for other in Role:
            assert bool(separation.apart([one], other)) == bool(separation.apart([other], one))
    assert (Role.AUDITOR, Role.ADMINISTRATOR) in separation.pairs()
    assert len(separation.pairs()) == len({frozenset(pair) for pair in separation.pairs()})
