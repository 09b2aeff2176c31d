"""One's own sign-ins: where one is signed in, and ending it."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.accounts import EndedView, SignInsPage
from schemas.fields import Paging, View
from service.core.pages import Page
from service.identity import own_sign_ins
from service.identity.errors import SignInUnknown
from service.identity.own_sign_ins import Ended, OwnSignIn

bp = Blueprint("sign_ins", __name__, url_prefix="/me/sign-ins", description="我的登录")


@bp.get("")
@bp.arguments(Paging, location="query")
@bp.response(200, SignInsPage)
def list_my_sign_ins(query: dict[str, Any]) -> Page[OwnSignIn]:
    """Where the caller is signed in, newest first."""
    return own_sign_ins.mine(current_actor(), **query)


@bp.post("/<uuid:sign_in_id>/end")
@bp.response(200, View)
@keyed(View)
@refuses(SignInUnknown)
def end_sign_in(sign_in_id: UUID) -> None:
    """End one of one's own sign-ins at once."""
    own_sign_ins.end(current_actor(), sign_in_id)


@bp.post("/end-others")
@bp.response(200, EndedView)
@keyed(EndedView)
def end_other_sign_ins() -> Ended:
    """End all of one's own sign-ins but this one."""
    return own_sign_ins.end_others(current_actor())
