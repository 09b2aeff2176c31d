"""A staff member's own account: password and authenticator.

Under /auth, so without Idempotency-Key: tries are counted outside any transaction, and secrets are kept nowhere.
"""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.refusals import refuses
from schemas.accounts import ChangePassword, EnrolmentView, GiveTotpCode, RecoveryCodesView, TotpView
from schemas.fields import View
from service.identity import accounts, totp
from service.identity.errors import (
    AccountLocked,
    AccountUnknown,
    PasswordWeak,
    TotpEnrolled,
    TotpLocked,
    TotpNotEnrolled,
    TotpWrong,
    WrongPassword,
)
from service.identity.totp import Enrolment, RecoveryCodes, TotpStanding

bp = Blueprint("accounts", __name__, url_prefix="/auth", description="我的账号")


@bp.put("/password")
@bp.arguments(ChangePassword)
@bp.response(200, View)
@refuses(AccountUnknown, AccountLocked, WrongPassword, PasswordWeak)
def change_password(order: dict[str, Any]) -> None:
    """Change one's own password; one's other sign-ins by the staff door end."""
    accounts.change_password(current_actor(), order["current"], order["new"])


@bp.get("/totp")
@bp.response(200, TotpView)
@refuses(AccountUnknown)
def show_totp() -> TotpStanding:
    """Whether an authenticator is in force, and how many recovery codes are left."""
    return totp.standing(current_actor())


@bp.post("/totp")
@bp.response(201, EnrolmentView)
@refuses(AccountUnknown, TotpEnrolled)
def enrol_totp() -> Enrolment:
    """A new secret for an authenticator, as text, address and QR picture; in force once a code of it was confirmed."""
    return totp.enrol(current_actor())


@bp.post("/totp/confirm")
@bp.arguments(GiveTotpCode)
@bp.response(200, RecoveryCodesView)
@refuses(AccountUnknown, TotpEnrolled, TotpNotEnrolled, TotpWrong)
def confirm_totp(order: dict[str, Any]) -> RecoveryCodes:
    """Put the authenticator in force with its first code; answers ten recovery codes, once."""
    return totp.confirm(current_actor(), order["code"])


@bp.post("/totp/remove")
@bp.arguments(GiveTotpCode)
@bp.response(200, View)
@refuses(AccountUnknown, TotpNotEnrolled, TotpWrong, TotpLocked)
def remove_totp(order: dict[str, Any]) -> None:
    """Take the authenticator away, with a code of it or a recovery code: before changing phones."""
    totp.remove(current_actor(), order["code"])
