"""Imports of workbooks into the register: uploading, accepting, discarding, and asking how far one has come."""

import hashlib
from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import Select, select

from service.audit import entries
from service.core import clock
from service.core.access import Actor, Role
from service.core.db import db
from service.core.ids import new_id
from service.core.pages import Page, page_of
from service.core.transaction import transactional
from service.files import shelf, workbook
from service.identity import exports
from service.messaging import outbox
from service.organisations import nodes
from service.organisations.errors import NodeUnknown
from service.organisations.models import UnionNode
from service.unions import sheets
from service.unions.enums import FindingKind, ImportEvent, ImportKind
from service.unions.errors import BadRows, ImportUnknown, NodeNotInScope, NothingToImport
from service.unions.import_models import LIFECYCLE, Import, ImportFinding

ROLES = (Role.MEMBERSHIP_STAFF,)
CHECK, APPLY, FORGET = "import.check", "import.apply", "import.forget"
LONGEST_NAME = 100


def upload(actor: Actor, *, kind: ImportKind, node_id: int | None, file_name: str, content: bytes) -> Import:
    """Take in a workbook for the subtree of a node; it is checked in the background.

    Without a node: the one on which the actor holds the role. Raises WorkbookTooLarge, NotAWorkbook, NodeNotInScope.
    """
    workbook.check_container(content)
    record = Import(
        id=new_id(),
        kind=kind,
        file_name="".join(filter(str.isprintable, file_name))[-LONGEST_NAME:],
        file_digest=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor.worker_id,
        uploaded_at=clock.now(),
    )
    shelf.keep(sheets.SHELF, record.id, content)
    try:
        return _enter(actor, record, node_id)
    except BaseException:
        shelf.discard(sheets.SHELF, record.id)
        raise


@transactional
def _enter(actor: Actor, record: Import, node_id: int | None) -> Import:
    record.node_id = _node(actor, node_id).id
    db.session.add(record)
    db.session.flush()
    put_step(CHECK, record, 0)
    entries.record(actor, "imports.uploaded", "import", record.id, kind=record.kind.value, digest=record.file_digest)
    return record


@transactional
def accept(actor: Actor, import_id: UUID, *, skip_bad_rows: bool = False) -> Import:
    """Let the import be written, in the background. Raises ImportUnknown, WrongState, BadRows, NothingToImport."""
    record = _locked(actor, import_id)
    state = LIFECYCLE.next(record.state, ImportEvent.ACCEPT)
    if record.rows_bad and not skip_bad_rows:
        raise BadRows(details={"rows_bad": record.rows_bad})
    if record.rows_bad == record.rows_total:
        raise NothingToImport
    record.state, record.accepted_at = state, clock.now()
    put_step(APPLY, record, 0)
    entries.record(actor, "imports.accepted", "import", import_id, rows_bad=record.rows_bad, rows=record.rows_total)
    return record


@transactional
def discard(actor: Actor, import_id: UUID) -> Import:
    """Give the import up: nothing of it is written, its file goes. Raises ImportUnknown, WrongState."""
    record = _locked(actor, import_id)
    record.state = LIFECYCLE.next(record.state, ImportEvent.DISCARD)
    finish(record)
    entries.record(actor, "imports.discarded", "import", import_id)
    return record


def for_actor(actor: Actor, import_id: UUID) -> Import:
    """The import. Raises ImportUnknown, also for one outside the actor's scope."""
    record = db.session.scalar(_in_scope(actor).where(Import.id == import_id))
    if record is None:
        raise ImportUnknown
    return record


def listed(actor: Actor, *, page: int, per_page: int) -> Page[Import]:
    """The imports in the actor's scope, newest first."""
    return page_of(_in_scope(actor).order_by(Import.uploaded_at.desc(), Import.id), page=page, per_page=per_page)


def findings(actor: Actor, import_id: UUID, *, kind: FindingKind, page: int, per_page: int) -> Page[ImportFinding]:
    """What was found in the import's rows, line by line. Raises ImportUnknown."""
    return page_of(_findings(for_actor(actor, import_id), kind), page=page, per_page=per_page)


def problems_workbook(actor: Actor, import_id: UUID) -> bytes:
    """Every bad row as an .xlsx. Raises ImportUnknown."""
    query = _findings(for_actor(actor, import_id), FindingKind.BAD).execution_options(yield_per=1000)
    found: Iterator[ImportFinding] = iter(db.session.scalars(query))
    return sheets.problems(found, exports.mark(actor))


def put_step(kind: str, record: Import, position: int) -> None:
    """Leave the next stretch of work for the worker process, in the caller's transaction."""
    outbox.put(kind, f"{kind}:{record.id}:{position}", import_id=str(record.id))


def finish(record: Import) -> None:
    """Note the end and let the file be removed after the commit; people's data stays no longer than needed."""
    record.finished_at = clock.now()
    outbox.put(FORGET, f"{FORGET}:{record.id}", import_id=str(record.id))


def _locked(actor: Actor, import_id: UUID) -> Import:
    for_actor(actor, import_id)
    return db.session.get_one(Import, import_id, with_for_update=True, populate_existing=True)


def _node(actor: Actor, node_id: int | None) -> UnionNode:
    """The node asked for, else the only one on which the actor holds the role."""
    held = {grant.node_id for grant in actor.grants if grant.role in ROLES}
    if node_id is None and len(held) != 1:
        raise NodeNotInScope
    try:
        return nodes.node_in_scope(actor, held.pop() if node_id is None else node_id, *ROLES)
    except NodeUnknown as error:
        raise NodeNotInScope from error


def _in_scope(actor: Actor) -> Select[Import]:
    paths: Sequence[str] = actor.paths(*ROLES)
    return select(Import).join(UnionNode, UnionNode.id == Import.node_id).where(nodes.scope_filter(paths))


def _findings(record: Import, kind: FindingKind) -> Select[ImportFinding]:
    return (
        select(ImportFinding)
        .where(ImportFinding.import_id == record.id, ImportFinding.kind == kind)
        .order_by(ImportFinding.line, ImportFinding.id)
    )
