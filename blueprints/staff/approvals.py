"""A second person before a class is published, where its union demands it."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from blueprints import hot
from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas.approvals import ApprovalLine, ApprovalsPage, ApproveClass, SendBackClass
from schemas.fields import Paging
from service.core.lifecycle import WrongState
from service.core.pages import Page
from service.training import approvals
from service.training.approval_errors import NotSubmitted, OwnClass
from service.training.approvals import Approval
from service.training.errors import ClassUnknown, PlanInvalid, Stale

bp = Blueprint("staff_approvals", __name__, url_prefix="/staff/training", description="发布审批")


@bp.after_request
def show_changes_at_once(answer: Response) -> Response:
    """Workers' lists kept in this process are made anew."""
    if answer.status_code < 400:
        hot.forget()
    return answer


@bp.get("/approvals")
@bp.arguments(Paging, location="query")
@bp.response(200, ApprovalsPage)
def list_approvals(query: dict[str, Any]) -> Page[Approval]:
    """What waits for a second person in the scope, oldest first."""
    return approvals.waiting(current_actor(), **query)


@bp.get("/classes/<int:class_id>/approval")
@bp.response(200, ApprovalLine)
@refuses(ClassUnknown)
def get_approval(class_id: int) -> Approval:
    """Where one class stands on its way to being published."""
    return approvals.of_class(current_actor(), class_id)


@bp.post("/classes/<int:class_id>/approval/submit")
@bp.response(200, ApprovalLine)
@keyed(ApprovalLine)
@refuses(ClassUnknown, WrongState, PlanInvalid)
def submit_class(class_id: int) -> Approval:
    """Hand a draft in as it stands."""
    return approvals.submit(current_actor(), class_id)


@bp.post("/classes/<int:class_id>/approval/approve")
@bp.arguments(ApproveClass)
@bp.response(200, ApprovalLine)
@keyed(ApprovalLine)
@refuses(ClassUnknown, NotSubmitted, OwnClass, Stale, WrongState, PlanInvalid)
def approve_class(order: dict[str, Any], class_id: int) -> Approval:
    """Publish the class as it was handed in by somebody else."""
    return approvals.approve(current_actor(), class_id, order["version"])


@bp.post("/classes/<int:class_id>/approval/send-back")
@bp.arguments(SendBackClass)
@bp.response(200, ApprovalLine)
@keyed(ApprovalLine)
@refuses(ClassUnknown, NotSubmitted, OwnClass)
def send_back_class(order: dict[str, Any], class_id: int) -> Approval:
    """Give the draft back, with the reason."""
    return approvals.send_back(current_actor(), class_id, order["reason"])
