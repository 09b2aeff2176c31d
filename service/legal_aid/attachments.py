"""Files of a case: sent in pieces over a weak signal, looked at, sealed on a shelf under a random name, given back.

A piece that was sent before changes nothing; one that leaves a gap is told where to go on. Contents never meet WeChat's
checks or a text index (docs/rules.md `legal_aid.files`, `legal_aid.confidential`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.lifecycle import WrongState
from service.core.transaction import transactional
from service.files import shelf
from service.legal_aid import access, file_inspection, journal, scanning, scopes
from service.legal_aid.access import Right
from service.legal_aid.enums import CaseState, FileKind, FileState, Paper, StepKind
from service.legal_aid.errors import CaseUnknown
from service.legal_aid.file_errors import (
    FileDamaged,
    FileInfected,
    FileKindRefused,
    FileTooLarge,
    FileUnknown,
    PieceMisplaced,
    ScannerAway,
)
from service.legal_aid.file_inspection import Inspected
from service.legal_aid.file_models import AidFile, AidPiece
from service.legal_aid.lifecycle import WORKER_ADDS
from service.legal_aid.models import AidCase
from service.messaging import outbox

SHELF, PIECES = "legal-aid", "legal-aid-pieces"
DISCARD = "legal_aid.discard"
NAME = "aid_files.name"
MOST_BYTES, MOST_FILES, MOST_PIECE = 20 * 1024 * 1024, 60, 1024 * 1024
UNNAMED = "未命名"
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
GIVEN_UP_AFTER = timedelta(days=2)
AT_A_TIME = 50


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that is about to come."""

    kind: FileKind
    paper: Paper
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it is given out, under a name of ours."""

    name: str
    media_type: str
    content: bytes


@transactional
def announce(*, actor: Actor, case_id: UUID, coming: Announced) -> AidFile:
    """Make room for a file; its pieces follow. Raises CaseUnknown, CaseSealed, WrongState, FileTooLarge."""
    case = _case_to_add(actor, case_id)
    count = db.session.scalar(select(func.count()).where(AidFile.case_id == case.id)) or 0
    if coming.size > MOST_BYTES or count >= MOST_FILES:
        raise FileTooLarge("size")
    made = AidFile(
        id=new_id(), case_id=case.id, person_id=case.person_id, kind=coming.kind, paper=coming.paper, size=coming.size,
        uploaded_by=actor.worker_id, created_at=clock.now(),
    )  # fmt: skip
    made.name_sealed = crypto.seal(plain_name(coming.name), field=NAME, row=made.id)
    db.session.add(made)
    db.session.flush()
    return made


def receive(*, actor: Actor, file_id: UUID, start: int, content: bytes) -> AidFile:
    """Take a piece; after the last one the file is looked at and kept. It waits while the scanner is away.

    Raises FileUnknown, PieceMisplaced, FileTooLarge, FileKindRefused, FileDamaged, FileInfected.
    """
    piece_id = new_id()
    shelf.keep(PIECES, piece_id, content)
    try:
        record, is_new = _enter(actor, file_id, start, len(content), piece_id)
    except BaseException:
        shelf.discard(PIECES, piece_id)
        raise
    if not is_new:
        shelf.discard(PIECES, piece_id)
    if not record.is_checking:
        return record
    try:
        return _finish(actor, record)
    except ScannerAway:
        return record


def fetch(actor: Actor, file_id: UUID) -> Content:
    """The file, for those of its case; that staff opened it is told. Raises FileUnknown."""
    found = db.session.get(AidFile, file_id)
    if found is None or found.state is not FileState.READY or found.media_type is None:
        raise FileUnknown
    case = _case_of(actor, found, Right.FILE)
    scopes.tell(actor, case, "file", found.id)
    name = f"{found.paper.value}-{found.id.hex[-6:]}.{file_inspection.EXTENSIONS.get(found.media_type, 'bin')}"
    return Content(name, found.media_type, shelf.fetch(SHELF, found.id))


@transactional
def remove(*, actor: Actor, file_id: UUID) -> None:
    """Take one's own file out again, while the form may be written on. Raises FileUnknown, WrongState."""
    found = db.session.get(AidFile, file_id)
    if found is None or found.uploaded_by != actor.person_id:
        raise FileUnknown
    case = _case_of(actor, found, Right.ADD)
    if case.state not in (CaseState.DRAFT, CaseState.SUPPLEMENTING):
        raise WrongState(details={"state": case.state.value, "event": "remove_file"})
    _forget([found])


def of_case(case_id: UUID) -> list[AidFile]:
    """The case's files, oldest first."""
    return list(db.session.scalars(select(AidFile).where(AidFile.case_id == case_id).order_by(AidFile.created_at)))


def plain_name(sent: str) -> str:
    """The last part of what a file was called, without letters that hide or turn round what is read."""
    return UNSEEN.sub("", sent.replace("\\", "/")).rstrip("/").rsplit("/", 1)[-1] or UNNAMED


def name_of(file: AidFile) -> str:
    """What the file was called by who sent it. Raises SealBroken."""
    return crypto.unseal(file.name_sealed, field=NAME, row=file.id) if file.name_sealed else ""


def has_proof(case_id: UUID) -> bool:
    """Whether a paper on hardship is there."""
    proof = select(AidFile.id).where(
        AidFile.case_id == case_id, AidFile.paper == Paper.HARDSHIP, AidFile.state == FileState.READY
    )
    return db.session.scalar(proof.limit(1)) is not None


def forget_all(case_id: UUID) -> None:
    """Take all files of a case away, in the caller's transaction; the shelf is cleared afterwards."""
    _forget(of_case(case_id))


@transactional
def sweep(now: datetime) -> int:
    """Give up files whose pieces stopped coming two days ago; how many. What came whole waits for its check."""
    unfinished = (AidFile.state == FileState.UPLOADING) & (AidFile.received < AidFile.size)
    old = unfinished & (AidFile.created_at < now - GIVEN_UP_AFTER)
    stale = db.session.scalars(select(AidFile).where(old).limit(500)).all()
    _forget(stale)
    return len(stale)


def check_waiting() -> int:
    """Look at what came whole while the scanner was away, oldest first; of how many files. By the clock.

    Who sent what is refused is told.
    """
    waiting = (AidFile.state == FileState.UPLOADING) & (AidFile.received == AidFile.size)
    done = 0
    oldest = select(AidFile).where(waiting).order_by(AidFile.created_at).limit(AT_A_TIME)
    for record in db.session.scalars(oldest).all():
        try:
            _finish(Actor(record.uploaded_by), record)
        except ScannerAway:
            break
        except (FileInfected, FileKindRefused, FileDamaged):
            transactional(_tell_refused)(record)
        done += 1
    return done


def discard(payload: dict[str, Any]) -> None:
    """Clear the shelves of what was taken away. The outbox's handler for DISCARD."""
    for name, ids in ((SHELF, payload["files"]), (PIECES, payload["pieces"])):
        for each in ids:
            shelf.discard(name, UUID(each))


@transactional
def _enter(actor: Actor, file_id: UUID, start: int, size: int, piece_id: UUID) -> tuple[AidFile, bool]:
    locked = select(AidFile).where(AidFile.id == file_id).with_for_update().execution_options(populate_existing=True)
    record = db.session.scalar(locked)
    if record is None or record.uploaded_by != actor.person_id:
        raise FileUnknown
    if start < record.received or record.state is not FileState.UPLOADING:
        return record, False
    if start > record.received:
        raise PieceMisplaced(details={"received": record.received})
    if start + size > record.size or not 0 < size <= MOST_PIECE:
        raise FileTooLarge
    db.session.add(AidPiece(file_id=record.id, start=start, size=size, shelf_id=piece_id))
    record.received += size
    db.session.flush()
    return record, True


def _finish(actor: Actor, record: AidFile) -> AidFile:
    """Put the pieces together and look at the whole. What is refused is taken away, and says why."""
    pieces = db.session.scalars(select(AidPiece).where(AidPiece.file_id == record.id).order_by(AidPiece.start)).all()
    whole = b"".join(shelf.fetch(PIECES, each.shelf_id) for each in pieces)
    try:
        seen = _looked_at(record.kind, whole)
    except (FileInfected, FileKindRefused, FileDamaged):
        _drop(record.id)
        raise
    shelf.keep(SHELF, record.id, seen.content)
    return _keep(actor, record.id, seen.media_type)


def _looked_at(kind: FileKind, whole: bytes) -> Inspected:
    if not scanning.is_clean(whole):
        raise FileInfected
    return file_inspection.inspect(kind, whole)


def _tell_refused(record: AidFile) -> None:
    case = db.session.get_one(AidCase, record.case_id)
    body = "有一份材料没有通过检查，没有保存，请重新上传。"
    if record.uploaded_by == case.person_id:
        journal.tell_worker(case, body)
    else:
        journal.tell_staff(record.uploaded_by, case, body)


@transactional
def _keep(actor: Actor, file_id: UUID, media_type: str) -> AidFile:
    record = db.session.get_one(AidFile, file_id, with_for_update=True, populate_existing=True)
    if record.state is FileState.READY:
        return record
    record.state, record.media_type, record.ready_at = FileState.READY, media_type, clock.now()
    case = db.session.get_one(AidCase, record.case_id)
    _clear_pieces([record.id])
    if case.state is not CaseState.DRAFT:
        journal.step(actor, case, StepKind.FILE, paper=record.paper.value)
    db.session.flush()
    return record


@transactional
def _drop(file_id: UUID) -> None:
    found = db.session.get(AidFile, file_id, with_for_update=True)
    _forget([found] if found is not None else [])


def _forget(files: Sequence[AidFile]) -> None:
    ids = [each.id for each in files]
    if ids:
        pieces = _clear_pieces(ids, is_told=False)
        db.session.execute(delete(AidFile).where(AidFile.id.in_(ids)))
        outbox.put(DISCARD, f"{DISCARD}:{new_id()}", files=[str(each) for each in ids], pieces=pieces)
        db.session.flush()


def _clear_pieces(ids: Sequence[UUID], *, is_told: bool = True) -> list[str]:
    query = select(AidPiece.shelf_id).where(AidPiece.file_id.in_(ids))
    shelved = [str(each) for each in db.session.scalars(query)]
    db.session.execute(delete(AidPiece).where(AidPiece.file_id.in_(ids)))
    if is_told and shelved:
        outbox.put(DISCARD, f"{DISCARD}:{new_id()}", files=[], pieces=shelved)
    return shelved


def _case_to_add(actor: Actor, case_id: UUID) -> AidCase:
    found = db.session.get(AidCase, case_id)
    if found is not None and found.person_id == actor.person_id:
        case = scopes.own_to_change(actor, case_id)
        if case.state not in WORKER_ADDS:
            raise WrongState(details={"state": case.state.value, "event": "add_file"})
        return case
    return scopes.to_change(actor, case_id, Right.ADD, Right.WORK)


def _case_of(actor: Actor, file: AidFile, right: Right) -> AidCase:
    """The case of a file, for who has the right there. Raises FileUnknown: a file of others does not exist."""
    case = db.session.get(AidCase, file.case_id)
    if case is None:
        raise FileUnknown
    own_draft = case.person_id == actor.person_id
    if right not in access.rights(actor, case) and not own_draft:
        raise FileUnknown from CaseUnknown()
    return case
