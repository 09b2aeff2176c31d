"""Accounts of staff and trainers, and their roles: what administrators keep in their scope."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.staff_accounts import AccountsPage, AccountView, InitialView, ListAccounts, NameRole, OpenAccount
from service.core.pages import Page
from service.identity import authority
from service.identity.authority import Initial, KeptAccount
from service.identity.authority_errors import BeyondScope, DutiesConflict, OwnAccount, RoleImplied
from service.identity.errors import AccountUnknown, LoginTaken, PersonUnknown
from service.identity.passwords import HashingBusy
from service.organisations.errors import NodeUnknown
from service.overview import account_desk
from service.overview.account_desk import Opening

bp = Blueprint("staff_accounts", __name__, url_prefix="/staff/accounts", description="账号与授权")
KEPT = (AccountUnknown, OwnAccount, BeyondScope)


@bp.get("")
@bp.arguments(ListAccounts, location="query")
@bp.response(200, AccountsPage)
def list_accounts(query: dict[str, Any]) -> Page[KeptAccount]:
    """The accounts of the scope with their roles, by login."""
    return authority.listed(current_actor(), **query)


@bp.post("")
@bp.arguments(OpenAccount)
@bp.response(201, InitialView)
@keyed(InitialView, 201)
@refuses(NodeUnknown, PersonUnknown, LoginTaken, HashingBusy)
def open_account(order: dict[str, Any]) -> Initial:
    """Open an account; its password is shown once and changed at the first sign-in."""
    return account_desk.open_account(current_actor(), Opening(**order))


@bp.get("/<int:account_id>")
@bp.response(200, AccountView)
@refuses(AccountUnknown)
def get_account(account_id: int) -> KeptAccount:
    """One account of the scope."""
    return authority.one(current_actor(), account_id)


@bp.post("/<int:account_id>/password")
@bp.response(200, InitialView)
@keyed(InitialView)
@refuses(*KEPT, HashingBusy)
def reset_password(account_id: int) -> Initial:
    """Another password, shown once; sign-ins end, and it is changed at the next one."""
    return authority.reset_password(current_actor(), account_id)


@bp.post("/<int:account_id>/disable")
@bp.response(200, AccountView)
@keyed(AccountView)
@refuses(*KEPT)
def disable_account(account_id: int) -> KeptAccount:
    """Switch an account off; its sign-ins end at once."""
    return authority.disable(current_actor(), account_id)


@bp.post("/<int:account_id>/enable")
@bp.response(200, AccountView)
@keyed(AccountView)
@refuses(*KEPT)
def enable_account(account_id: int) -> KeptAccount:
    """Switch an account on again."""
    return authority.enable(current_actor(), account_id)


@bp.post("/<int:account_id>/totp/reset")
@bp.response(200, AccountView)
@keyed(AccountView)
@refuses(*KEPT)
def reset_totp(account_id: int) -> KeptAccount:
    """Take a lost authenticator away."""
    return authority.reset_totp(current_actor(), account_id)


@bp.post("/<int:account_id>/roles")
@bp.arguments(NameRole)
@bp.response(200, AccountView)
@keyed(AccountView)
@refuses(*KEPT, NodeUnknown, RoleImplied, DutiesConflict)
def grant_role(order: dict[str, Any], account_id: int) -> KeptAccount:
    """Give somebody a role on a node of one's own scope; it opens doors from the next request on."""
    return authority.grant(current_actor(), account_id, **order)


@bp.post("/<int:account_id>/roles/withdraw")
@bp.arguments(NameRole)
@bp.response(200, AccountView)
@keyed(AccountView)
@refuses(*KEPT, NodeUnknown)
def withdraw_role(order: dict[str, Any], account_id: int) -> KeptAccount:
    """Take a role away; it opens nothing from the next request on."""
    return authority.withdraw(current_actor(), account_id, **order)
