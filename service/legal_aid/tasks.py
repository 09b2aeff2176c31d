"""What is to be done on a case (办理事项): whose it is, until when; ticked off, and opened again.

The words are sealed and opened with the case only; across cases a member of the office sees number and date, which the
list of cases shows too (docs/rules.md `legal_aid.tasks`, `legal_aid.confidential`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select, update

from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.lifecycle import WrongState
from service.core.pages import Page, page_of_rows
from service.core.transaction import transactional
from service.identity import people
from service.legal_aid import access, journal, scopes
from service.legal_aid.access import Relation, Right
from service.legal_aid.enums import CaseState, StepKind
from service.legal_aid.errors import CaseUnknown, HandlerUnknown, TaskUnknown
from service.legal_aid.lifecycle import ENDED
from service.legal_aid.models import AidCase
from service.legal_aid.work_lines import opened
from service.legal_aid.work_models import AidTask
from service.organisations.models import UnionNode

WORDS = "aid_tasks.words"
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in clear, for who has opened its case."""

    id: UUID
    case_id: UUID
    words: str
    due_on: date
    days_left: int
    assignee_id: int
    assignee_name: str
    added_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task across cases: no word of it."""

    task: AidTask
    case: AidCase
    days_left: int


@transactional
def add(*, actor: Actor, case_id: UUID, words: str, due_on: date, assignee_id: int | None = None) -> list[TaskLine]:
    """Add a task: one's own unless it is said to be the handler's or the supervisor's; a cover's is the handler's.

    Raises CaseUnknown, CaseSealed, CaseLocked, WrongState, HandlerUnknown for somebody who may not open the case.
    """
    case = scopes.to_change(actor, case_id, Right.WORK, Right.DECIDE)
    _check_runs(case)
    is_cover = Relation.COVER in access.relations(actor, case)
    whose = assignee_id or (case.handler_id if is_cover else None) or actor.worker_id
    if whose not in {actor.worker_id, case.handler_id, case.supervisor_id}:
        raise HandlerUnknown
    made = AidTask(
        id=new_id(), case_id=case.id, person_id=case.person_id, due_on=due_on, assignee_id=whose,
        added_by=actor.worker_id, added_at=clock.now(),
    )  # fmt: skip
    made.words_sealed = crypto.seal(words, field=WORDS, row=made.id)
    db.session.add(made)
    journal.step(actor, case, StepKind.TASK, due_on=due_on.isoformat())
    if whose != actor.person_id:
        journal.tell_staff(whose, case, f"{case.number}有一项新的办理事项，{due_on}前办。")
    return _lines(case.id)


@transactional
def tick_off(*, actor: Actor, task_id: UUID) -> list[TaskLine]:
    """Say that it is done. Raises TaskUnknown, CaseSealed, CaseLocked, WrongState for one that was."""
    task = _to_change(actor, task_id)
    if task.done_at is not None:
        raise WrongState(details={"state": "done", "event": "tick_off"})
    task.done_at, task.done_by = clock.now(), actor.worker_id
    return _lines(task.case_id)


@transactional
def reopen(*, actor: Actor, task_id: UUID) -> list[TaskLine]:
    """Take the tick back. Raises TaskUnknown, CaseSealed, CaseLocked, WrongState for one that is not done."""
    task = _to_change(actor, task_id)
    if task.done_at is None:
        raise WrongState(details={"state": "open", "event": "reopen"})
    task.done_at = task.done_by = None
    return _lines(task.case_id)


def of_case(actor: Actor, case_id: UUID) -> list[TaskLine]:
    """The tasks of a case, for who may open it; that is told. Raises CaseUnknown, CaseSealed."""
    case = scopes.to_read(actor, case_id)
    scopes.tell(actor, case, "task")
    return _lines(case.id)


def mine(actor: Actor, *, page: int, per_page: int) -> Page[DueTask]:
    """One's own open tasks on cases in one's sight, and those of whom one covers for; what is due first in front."""
    covered = (AidTask.assignee_id == AidCase.handler_id) & access.covered(actor)
    query = (
        select(AidTask, AidCase)
        .join(AidCase, AidCase.id == AidTask.case_id)
        .join(UnionNode, UnionNode.id == AidCase.node_id)
        .where(
            or_(AidTask.assignee_id == actor.person_id, covered),
            AidTask.done_at.is_(None), AidCase.state.not_in(ENDED), access.listable(actor),
        )
        .order_by(AidTask.due_on, AidTask.added_at, AidTask.id)
    )  # fmt: skip
    found = page_of_rows(query, page=page, per_page=per_page)
    today = clock.today()
    lines = [DueTask(task, case, (task.due_on - today).days) for task, case in found.items]
    return Page(lines, page, per_page, found.total)


def pass_on(case: AidCase, handler_id: int) -> None:
    """What a former handler has left undone is the new one's, in the caller's transaction."""
    left = (AidTask.case_id == case.id) & AidTask.done_at.is_(None) & (AidTask.assignee_id != case.supervisor_id)
    passed = update(AidTask).where(left).values(assignee_id=handler_id)
    db.session.execute(passed.execution_options(synchronize_session=False))


def remind_due(now: datetime) -> int:
    """Remind of what is due today or was before, each once; of how many. By the clock."""
    due = (AidTask.due_on <= clock.local(now).date()) & AidTask.done_at.is_(None) & AidTask.told_at.is_(None)
    query = select(AidTask.id).where(due).order_by(AidTask.due_on).limit(AT_A_TIME)
    return sum(_remind(each, now) for each in db.session.scalars(query).all())


@transactional
def _remind(task_id: UUID, now: datetime) -> bool:
    task = db.session.get(AidTask, task_id, with_for_update=True, populate_existing=True)
    if task is None or task.told_at is not None or task.done_at is not None:
        return False
    task.told_at = now
    case = db.session.get_one(AidCase, task.case_id)
    if case.state in ENDED:
        return False
    journal.tell_staff(task.assignee_id, case, f"{case.number}有一项办理事项到期，请查看。")
    return True


def _to_change(actor: Actor, task_id: UUID) -> AidTask:
    found = db.session.get(AidTask, task_id)
    if found is None:
        raise TaskUnknown
    try:
        case = scopes.to_change(actor, found.case_id, Right.WORK, Right.DECIDE)
    except CaseUnknown as error:
        raise TaskUnknown from error
    _check_runs(case)
    return db.session.get_one(AidTask, task_id, with_for_update=True, populate_existing=True)


def _check_runs(case: AidCase) -> None:
    if case.state in ENDED or case.state is CaseState.DRAFT:
        raise WrongState(details={"state": case.state.value, "event": "task"})


def _lines(case_id: UUID) -> list[TaskLine]:
    db.session.flush()
    query = select(AidTask).where(AidTask.case_id == case_id)
    order = (AidTask.done_at.is_not(None), AidTask.due_on, AidTask.added_at, AidTask.id)
    rows: Sequence[AidTask] = db.session.scalars(query.order_by(*order)).all()
    names = people.by_ids({row.assignee_id for row in rows})
    today = clock.today()
    return [
        TaskLine(
            row.id, row.case_id, opened(row.words_sealed, WORDS, row.id), row.due_on, (row.due_on - today).days,
            row.assignee_id, names[row.assignee_id].name, row.added_at, row.done_at,
        )
        for row in rows
    ]  # fmt: skip
