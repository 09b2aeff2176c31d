"""Tasks on a case of legal aid, and one's own across cases."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from blueprints.auth import current_actor
from blueprints.keyed import keyed
from blueprints.refusals import refuses
from schemas import legal_aid_tasks as schemas
from schemas.fields import Paging
from service.core.lifecycle import WrongState
from service.core.pages import Page
from service.legal_aid import errors, tasks
from service.legal_aid.tasks import DueTask, TaskLine

bp = Blueprint("staff_legal_aid_tasks", __name__, url_prefix="/staff/legal-aid", description="法律援助办理事项")
OPENED = (errors.CaseUnknown, errors.CaseSealed)
CHANGED = (errors.TaskUnknown, errors.CaseSealed, errors.CaseLocked, WrongState)


@bp.get("/tasks")
@bp.arguments(Paging, location="query")
@bp.response(200, schemas.DueTaskPage)
def list_my_tasks(query: dict[str, Any]) -> Page[DueTask]:
    """One's own open tasks, what is due first in front: numbers and dates, no words."""
    return tasks.mine(current_actor(), **query)


@bp.get("/cases/<uuid:case_id>/tasks")
@refuses(*OPENED)
@bp.response(200, schemas.TasksView)
def list_case_tasks(case_id: UUID) -> dict[str, list[TaskLine]]:
    """The tasks of a case; that they were read is written down."""
    return {"items": tasks.of_case(current_actor(), case_id)}


@bp.post("/cases/<uuid:case_id>/tasks")
@refuses(*OPENED, errors.CaseLocked, errors.HandlerUnknown, WrongState)
@bp.arguments(schemas.AddTask)
@bp.response(201, schemas.TasksView)
@keyed(schemas.TasksView, 201)
def add_task(order: dict[str, Any], case_id: UUID) -> dict[str, list[TaskLine]]:
    """Add a task; the answer is the whole list."""
    return {"items": tasks.add(actor=current_actor(), case_id=case_id, **order)}


@bp.post("/tasks/<uuid:task_id>/done")
@refuses(*CHANGED)
@bp.response(200, schemas.TasksView)
@keyed(schemas.TasksView)
def tick_off_task(task_id: UUID) -> dict[str, list[TaskLine]]:
    """Say that a task is done; the answer is the case's whole list."""
    return {"items": tasks.tick_off(actor=current_actor(), task_id=task_id)}


@bp.post("/tasks/<uuid:task_id>/reopen")
@refuses(*CHANGED)
@bp.response(200, schemas.TasksView)
@keyed(schemas.TasksView)
def reopen_task(task_id: UUID) -> dict[str, list[TaskLine]]:
    """Take the tick back; the answer is the case's whole list."""
    return {"items": tasks.reopen(actor=current_actor(), task_id=task_id)}
