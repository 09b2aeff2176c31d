"""Checking and applying imports in the worker process, in stretches of a few seconds.

Each stretch is one outbox row. It reads the sheet, goes on where the import stands, and works chunk by chunk: a
thousand rows, what was found in them and how far the work has come are one transaction. A stretch that is repeated or
runs twice at once does no row twice: a chunk counts only if the import still stands where the chunk began.
"""

import time
from collections.abc import Callable, Sequence
from itertools import islice
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from service.audit import entries
from service.core import clock
from service.core.access import SYSTEM
from service.core.db import db
from service.core.errors import ServiceError
from service.core.transaction import transactional
from service.files import shelf
from service.messaging import outbox
from service.messaging.delivery import Job
from service.organisations import nodes
from service.unions import imports, sheets
from service.unions.enums import FindingKind, ImportEvent, ImportKind, ImportState
from service.unions.import_columns import Problem
from service.unions.import_models import LIFECYCLE, Import, ImportFinding
from service.unions.node_rows import NodeJudge
from service.unions.sheets import Row
from service.unions.verdicts import Judge, Outcome, Verdict
from service.unions.worker_rows import WorkerJudge

STRETCH_SECONDS = 5.0


class Overtaken(Exception):
    """Another worker has done these rows, or the import was discarded: what was done here is taken back."""


def check(job: Job) -> None:
    """Go on checking an import; the handler of `import.check`."""
    record = _standing(job, ImportState.CHECKING)
    if record is None:
        return
    if record.rows_total == 0:
        record = _begin(record.id, *_looked_at(record))
    if record.state == ImportState.CHECKING:
        _work(record, record.rows_checked, _check_chunk, imports.CHECK)


def apply(job: Job) -> None:
    """Go on writing an accepted import; the handler of `import.apply`."""
    record = _standing(job, ImportState.APPLYING)
    if record is not None:
        _work(record, record.rows_applied, _apply_chunk, imports.APPLY)


def forget(job: Job) -> None:
    """Remove the file of an import that has come to its end; the handler of `import.forget`."""
    shelf.discard(sheets.SHELF, UUID(job.payload["import_id"]))


def _work(record: Import, position: int, work_on: Callable[[UUID, int, Judge, Sequence[Row]], None], kind: str) -> None:
    judge, sheet = _judge(record), sheets.opened(record)
    for chunk in sheets.chunks(islice(sheet.rows, position)):
        if kind == imports.CHECK:
            judge.pass_over(sheets.readings(chunk))
    until = time.monotonic() + STRETCH_SECONDS
    try:
        for chunk in sheets.chunks(sheet.rows):
            work_on(record.id, position, judge, chunk)
            position += len(chunk)
            if time.monotonic() > until:
                break
        _next(record.id, kind, position)
    except Overtaken:
        return


def _looked_at(record: Import) -> tuple[list[Problem], int]:
    """What is wrong with the workbook as a whole, and how many rows it has."""
    try:
        problems, rows = sheets.counted(record)
    except FileNotFoundError:
        return [Problem("", "文件已丢失，请重新上传")], 0
    except ServiceError as error:
        return [Problem("", error.message)], 0
    return problems or ([] if rows else [Problem("", "表格中没有数据行")]), rows


@transactional
def _begin(import_id: UUID, problems: list[Problem], rows: int) -> Import:
    """Note the number of rows; an unusable workbook is refused with its reasons."""
    record = db.session.get_one(Import, import_id, with_for_update=True)
    if problems and record.state == ImportState.CHECKING:
        record.state = LIFECYCLE.next(record.state, ImportEvent.REFUSE)
        _note(import_id, [Verdict(1, Outcome.BAD, problems)])
        imports.finish(record)
        _tell(record, "导入未通过检查", "表格无法导入，请查看原因后重新上传。")
    record.rows_total = rows
    return record


@transactional
def _check_chunk(import_id: UUID, position: int, judge: Judge, chunk: Sequence[Row]) -> None:
    verdicts = judge.judge(sheets.readings(chunk))
    _note(import_id, verdicts)
    _move_on(
        Import.rows_checked,
        import_id,
        position,
        {
            Import.rows_checked: position + len(chunk),
            Import.rows_bad: Import.rows_bad + _count(verdicts, Outcome.BAD),
            Import.rows_new: Import.rows_new + _count(verdicts, Outcome.NEW),
            Import.rows_changed: Import.rows_changed + _count(verdicts, Outcome.CHANGED),
        },
    )


@transactional
def _apply_chunk(import_id: UUID, position: int, judge: Judge, chunk: Sequence[Row]) -> None:
    bad = _bad_lines(import_id, chunk)
    verdicts = judge.apply(sheets.readings([row for row in chunk if row.line not in bad]))
    # Good when they were checked and bad now: the register has changed meanwhile.
    _note(import_id, [verdict for verdict in verdicts if verdict.outcome is Outcome.BAD])
    _move_on(
        Import.rows_applied,
        import_id,
        position,
        {
            Import.rows_applied: position + len(chunk),
            Import.rows_skipped: Import.rows_skipped + len(bad) + _count(verdicts, Outcome.BAD),
        },
    )


@transactional
def _next(import_id: UUID, kind: str, position: int) -> None:
    """Leave the next stretch to do, or close the step where all rows are done."""
    record = db.session.get_one(Import, import_id, with_for_update=True, populate_existing=True)
    is_check = kind == imports.CHECK
    at, state = (record.rows_checked, ImportState.CHECKING) if is_check else (record.rows_applied, ImportState.APPLYING)
    if at != position or record.state != state:
        raise Overtaken
    if position < record.rows_total:
        imports.put_step(kind, record, position)
    elif is_check:
        record.state = LIFECYCLE.next(record.state, ImportEvent.CHECKED)
        _tell(record, "导入检查完成", f"共{record.rows_total}行，错误{record.rows_bad}行，请确认后导入。")
    else:
        _close(record)


def _close(record: Import) -> None:
    record.state = LIFECYCLE.next(record.state, ImportEvent.FINISH)
    imports.finish(record)
    done = record.rows_applied - record.rows_skipped
    entries.record(SYSTEM, "imports.applied", "import", record.id, rows=done, skipped=record.rows_skipped)
    _tell(record, "导入完成", f"已导入{done}行，跳过{record.rows_skipped}行。")


def _move_on(
    column: InstrumentedAttribute[int], import_id: UUID, position: int, values: dict[InstrumentedAttribute[int], object]
) -> None:
    """Write how far the work has come, if nobody else has moved it meanwhile. Raises Overtaken."""
    state = ImportState.CHECKING if column is Import.rows_checked else ImportState.APPLYING
    moved = db.session.execute(
        update(Import)
        .where(Import.id == import_id, column == position, Import.state == state)
        .values(values)
        .returning(Import.id)
        .execution_options(synchronize_session=False)
    )
    if moved.first() is None:
        raise Overtaken


def _bad_lines(import_id: UUID, chunk: Sequence[Row]) -> set[int]:
    """The lines of the chunk that were found bad."""
    lines = select(ImportFinding.line).where(
        ImportFinding.import_id == import_id,
        ImportFinding.kind == FindingKind.BAD,
        ImportFinding.line.between(chunk[0].line, chunk[-1].line),
    )
    return set(db.session.scalars(lines))


def _note(import_id: UUID, verdicts: Sequence[Verdict]) -> None:
    rows = [
        {"import_id": import_id, "line": verdict.line, "kind": kind, "column": column, "message": message}
        for verdict in verdicts
        for kind, column, message in verdict.findings()
    ]
    if rows:
        db.session.execute(insert(ImportFinding), rows)


def _count(verdicts: Sequence[Verdict], outcome: Outcome) -> int:
    return sum(1 for verdict in verdicts if verdict.outcome is outcome)


def _judge(record: Import) -> Judge:
    path = nodes.node(record.node_id).path
    return WorkerJudge(path, clock.today()) if record.kind == ImportKind.WORKERS else NodeJudge(path)


def _standing(job: Job, state: ImportState) -> Import | None:
    """The import the job is about, None where it is no longer in the state in which the job has something to do."""
    record = db.session.get(Import, UUID(job.payload["import_id"]), populate_existing=True)
    return record if record is not None and record.state == state else None


def _tell(record: Import, title: str, body: str) -> None:
    outbox.notice(record.uploaded_by, f"import:{record.id}:{record.state}", title, body)
