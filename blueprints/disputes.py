"""Disputed bindings, as who disputes them meets them."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.refusals import refuses
from schemas.bindings import CasesPage, CaseView, DisputeBinding
from schemas.fields import Paging
from service.core.pages import Page
from service.identity.binding_errors import DisputeOpen
from service.identity.binding_models import BindingCase
from service.identity.errors import AlreadyVerified, IdNumberWrong, NoWeChat, PhoneNotProved, PhoneWrong, TooManyTries
from service.organisations.errors import NodeUnknown
from service.overview import binding_desk
from service.overview.binding_desk import Dispute

bp = Blueprint("disputes", __name__, url_prefix="/me/binding/disputes", description="身份申诉")


@bp.get("")
@bp.arguments(Paging, location="query")
@bp.response(200, CasesPage)
def list_my_disputes(query: dict[str, Any]) -> Page[BindingCase]:
    """One's own cases, newest first."""
    return binding_desk.mine(current_actor(), **query)


@bp.post("")
@bp.arguments(DisputeBinding)
@bp.response(201, CaseView)
@refuses(
    IdNumberWrong, PhoneWrong, PhoneNotProved, TooManyTries, AlreadyVerified, NoWeChat, DisputeOpen, NodeUnknown
)  # fmt: skip
def dispute_binding(order: dict[str, Any]) -> BindingCase:
    """Ask staff to decide who one is; like the binding itself it takes no Idempotency-Key, one case is open at most."""
    return binding_desk.dispute(current_actor(), Dispute(**order))
