"""Files of a case: pieces over a weak signal, what is let in, what is taken off, who gets them."""

import io
import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from PIL import Image
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core import clock, configuration
from service.core.db import db
from service.core.ids import new_id
from service.core.lifecycle import WrongState
from service.files import shelf
from service.legal_aid import applications, attachments, scanning
from service.legal_aid.attachments import PIECES, SHELF
from service.legal_aid.enums import FileKind, FileState
from service.legal_aid.errors import CaseSealed, CaseUnknown
from service.legal_aid.file_errors import (
    FileDamaged,
    FileInfected,
    FileKindRefused,
    FileTooLarge,
    FileUnknown,
    PieceMisplaced,
    ScannerAway,
)
from service.legal_aid.file_models import AidFile, AidPiece
from service.messaging import delivery
from service.messaging.models import OutboxRow
from tests import make_legal_aid as aid
from tests.fake_clamd import FakeClamd
from tests.service.legal_aid.conftest import Office

GPS = 0x8825


@pytest.fixture(autouse=True)
def _empty_shelves(office: Office) -> None:
    """What other tests have left on the shelves, whose rows were rolled back, is none of ours."""
    for name, file_id in list(shelf.kept()):
        shelf.discard(name, file_id)


def with_place() -> bytes:
    """A photo that says where it was taken, and by whom."""
    exif = Image.Exif()
    exif[0x010E] = "PLANTEDDESCRIPTION"
    exif.get_ifd(GPS)[2] = (22.0, 47.0, 14.0)
    return aid.picture(exif=exif)


def shelved(name: str) -> set[UUID]:
    return {file_id for on, file_id in shelf.kept() if on == name}


def run_outbox() -> None:
    delivery.register_outward(attachments.DISCARD, lambda job: attachments.discard(job.payload))
    while delivery.deliver_due(kinds=[attachments.DISCARD]):
        pass


def test_pieces_come_in_order_again_and_with_a_break_between(office: Office) -> None:
    case = aid.draft(office.worker)
    content = aid.picture(size=(200, 150))
    file = aid.announced(office.worker, case.id, content)
    cuts = [0, 100, 350, len(content)]
    parts = [(start, content[start:end]) for start, end in itertools.pairwise(cuts)]
    send = lambda start, piece: attachments.receive(  # noqa: E731
        actor=office.worker, file_id=file.id, start=start, content=piece
    )
    assert send(*parts[0]).received == 100
    assert send(*parts[0]).received == 100
    with pytest.raises(PieceMisplaced) as gap:
        send(*parts[2])
    assert gap.value.details == {"received": 100}
    assert send(*parts[1]).state is FileState.UPLOADING
    whole = send(*parts[2])
    assert (whole.state, whole.media_type) == (FileState.READY, "image/jpeg")
    assert send(*parts[2]).state is FileState.READY
    run_outbox()
    assert shelved(PIECES) == set()
    assert db.session.scalars(select(AidPiece)).all() == []
    assert attachments.fetch(office.worker, file.id).content.startswith(b"\xff\xd8")


def test_the_place_and_every_other_tag_are_taken_off_a_photo(office: Office) -> None:
    sent = with_place()
    assert b"PLANTEDDESCRIPTION" in sent
    case = aid.draft(office.worker)
    file = aid.attached(office.worker, case.id, sent)
    kept = attachments.fetch(office.worker, file.id).content
    assert b"PLANTEDDESCRIPTION" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    raw = (configuration.current().data_dir / SHELF / f"{file.id}.sealed").read_bytes()
    assert kept[:64] not in raw


def test_what_hangs_behind_a_picture_does_not_come_along(office: Office) -> None:
    polyglot = aid.picture(kind="PNG") + b"PK\x03\x04<script>alert(1)</script>"
    file = aid.attached(office.worker, aid.draft(office.worker).id, polyglot)
    assert b"<script>" not in attachments.fetch(office.worker, file.id).content


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
M4A = (
    b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42"
    b"\x00\x00\x00\x1c\xa9xyz\x00\x10\x15\xc7+22.7873+100.97" + b"x" * 64
)
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x0aPLANTED123" + b"\xff\xfb\x90\x00" + b"\x00" * 64 + b"TAG" + b"T" * 125


def test_papers_as_pdf_and_a_voice_note_are_taken(office: Office) -> None:
    case = aid.draft(office.worker)
    assert aid.attached(office.worker, case.id, PDF, name="合同.pdf").media_type == "application/pdf"
    voice = aid.attached(office.worker, case.id, M4A, kind=FileKind.VOICE, name="说明.m4a")
    heard = attachments.fetch(office.worker, voice.id)
    assert b"22.7873" not in heard.content
    assert len(heard.content) == len(M4A)
    assert heard.name.endswith(".m4a")
    song = aid.attached(office.worker, case.id, MP3, kind=FileKind.VOICE)
    kept = attachments.fetch(office.worker, song.id).content
    assert b"PLANTED" not in kept
    assert not kept.endswith(b"T")


@pytest.mark.parametrize(
    ("content", "kind", "refusal"),
    [
        (b"MZ" + b"\x00" * 100, FileKind.PAPER, FileKindRefused),
        (b"<html><script>1</script></html>", FileKind.PAPER, FileKindRefused),
        (b"PK\x03\x04" + b"\x00" * 60, FileKind.PAPER, FileKindRefused),
        (PDF.replace(b"<<>>", b"<</S /JavaScript>>"), FileKind.PAPER, FileKindRefused),
        (PDF.replace(b"<<>>", b"<</S/J#61vaScript>>"), FileKind.PAPER, FileKindRefused),
        (PDF.replace(b"<<>>", b"<</JS(app.alert(1))>>"), FileKind.PAPER, FileKindRefused),
        (PDF + b"PK", FileKind.PAPER, FileKindRefused),
        (PDF.replace(b"<<>>", b"PK\x03\x04 PK\x05\x06"), FileKind.PAPER, FileKindRefused),
        (b"%PDF-1.4 cut off", FileKind.PAPER, FileDamaged),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, FileKind.PAPER, FileDamaged),
        (PDF, FileKind.VOICE, FileKindRefused),
        (scanning.TEST_FILE, FileKind.PAPER, FileInfected),
    ],
)
def test_what_it_says_it_is_does_not_count(
    office: Office, content: bytes, kind: FileKind, refusal: type[Exception]
) -> None:
    case = aid.draft(office.worker)
    with pytest.raises(refusal):
        aid.attached(office.worker, case.id, content, kind=kind, name="photo.jpg")
    assert db.session.scalars(select(AidFile)).all() == []
    run_outbox()
    assert shelved(PIECES) == set()


def test_a_picture_with_more_points_than_a_camera_is_refused(office: Office) -> None:
    bomb = aid.picture(kind="PNG", size=(9000, 6000))
    with pytest.raises(FileDamaged):
        aid.attached(office.worker, aid.draft(office.worker).id, bomb)


def test_nothing_is_larger_than_told_or_than_may_be(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = aid.draft(office.worker)
    file = aid.announced(office.worker, case.id, b"x" * 10)
    with pytest.raises(FileTooLarge):
        attachments.receive(actor=office.worker, file_id=file.id, start=0, content=b"x" * 11)
    coming = attachments.Announced(FileKind.PAPER, file.paper, "大.jpg", attachments.MOST_BYTES + 1)
    with pytest.raises(FileTooLarge):
        attachments.announce(actor=office.worker, case_id=case.id, coming=coming)
    monkeypatch.setattr(attachments, "MOST_FILES", 1)
    with pytest.raises(FileTooLarge):
        aid.announced(office.worker, case.id, b"x")
    assert shelved(PIECES) == set()


@pytest.fixture
def clamd() -> Iterator[FakeClamd]:
    """clamd, used by this process."""
    with FakeClamd() as fake:
        scanning.use(scanning.ClamAV(fake.address, seconds=0.5))
        yield fake
    scanning.use(scanning.plain)


def test_a_file_is_kept_that_clamd_finds_clean(office: Office, clamd: FakeClamd) -> None:
    content = aid.picture(size=(800, 600))
    file = aid.attached(office.worker, aid.draft(office.worker).id, content)
    assert file.state is FileState.READY
    assert clamd.seen == [content]


def test_what_clamd_finds_is_not_kept(office: Office, clamd: FakeClamd) -> None:
    with pytest.raises(FileInfected):
        aid.attached(office.worker, aid.draft(office.worker).id, aid.picture() + scanning.TEST_FILE)
    assert db.session.scalars(select(AidFile)).all() == []


@pytest.mark.parametrize("fault", ["hangs", "drips", "hangs_up", "error", "away"])
def test_a_file_waits_unreleased_while_clamd_does_not_answer_and_is_tried_again(
    office: Office, clamd: FakeClamd, fault: str
) -> None:
    case = aid.submitted(office.worker)
    if fault == "away":
        scanning.use(scanning.ClamAV("127.0.0.1:9", seconds=0.5))
    clamd.fault = fault
    file = aid.attached(office.worker, case.id)
    assert (file.state, file.is_checking) == (FileState.UPLOADING, True)
    for by in (office.worker, office.intake):
        with pytest.raises(FileUnknown):
            attachments.fetch(by, file.id)
    assert attachments.check_waiting() == 0
    assert attachments.sweep(clock.now() + timedelta(days=30)) == 0, "it came whole"
    clamd.fault = ""
    scanning.use(scanning.ClamAV(clamd.address, seconds=5))
    assert attachments.check_waiting() == 1
    assert attachments.check_waiting() == 0
    kept = db.session.get_one(AidFile, file.id)
    assert (kept.state, kept.is_checking) == (FileState.READY, False)
    assert attachments.fetch(office.intake, file.id).content


def test_who_sent_what_is_found_later_is_told(office: Office, clamd: FakeClamd) -> None:
    clamd.fault = "error"
    case = aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    for by in (office.worker, office.handler):
        aid.attached(by, case.id, aid.picture() + scanning.TEST_FILE)
    clamd.fault = ""
    assert attachments.check_waiting() == 2
    assert db.session.scalars(select(AidFile)).all() == []
    told = [row.payload for row in db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "notice"))]
    assert {each["person_id"] for each in told if "没有通过检查" in each["body"]} == {
        office.worker.person_id, office.handler.person_id
    }  # fmt: skip


def test_a_check_that_was_overtaken_changes_nothing(office: Office) -> None:
    case = aid.submitted(office.worker)
    file = aid.attached(office.worker, case.id)
    ready_at = file.ready_at
    assert attachments._keep(office.worker, file.id, "image/png").ready_at == ready_at
    attachments._drop(case.id)
    assert attachments.fetch(office.worker, file.id).media_type == "image/jpeg"


def test_clamd_is_reached_by_the_path_of_its_socket(tmp_path: Path) -> None:
    with FakeClamd(str(tmp_path / "clamd.sock")) as fake:
        scan = scanning.at(fake.address)
        assert scan(b"x" * 200_000)
        assert not scan(scanning.TEST_FILE)
    with pytest.raises(ScannerAway):
        scanning.at(str(tmp_path / "nobody.sock"))(b"x")
    assert scanning.at("") is scanning.plain


def test_photos_inside_a_pdf_lose_their_tags_and_nothing_moves(office: Office) -> None:
    sent = PDF[:9] + b"2 0 obj<<>>stream\n" + with_place() + b"\nendstream\n" + PDF[9:]
    file = aid.attached(office.worker, aid.draft(office.worker).id, sent)
    kept = attachments.fetch(office.worker, file.id).content
    assert b"PLANTEDDESCRIPTION" in sent
    assert b"PLANTEDDESCRIPTION" not in kept
    assert len(kept) == len(sent)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/工资条.jpg", "工资条.jpg"), ("C:\\照片\\a.jpg", "a.jpg"), ("a\u202egpj.exe", "agpj.exe"),
        ("a\nb.jpg", "ab.jpg"), ("/", "未命名"),
    ],
)  # fmt: skip
def test_a_name_is_a_plain_word(office: Office, sent: str, kept: str) -> None:
    file = aid.announced(office.worker, aid.draft(office.worker).id, b"x", name=sent)
    assert attachments.name_of(file) == kept


def test_a_refusal_names_the_field(office: Office) -> None:
    with pytest.raises(FileKindRefused) as refused:
        aid.attached(office.worker, aid.draft(office.worker).id, b"MZ" + b"\x00" * 100)
    assert refused.value.details == {"piece": [FileKindRefused.message]}


def test_only_those_of_the_case_get_its_files_and_that_is_told(office: Office) -> None:
    case = aid.submitted(office.worker)
    file = aid.attached(office.worker, case.id)
    assert attachments.fetch(office.intake, file.id).media_type == "image/jpeg"
    told = select(AuditEntry).where(AuditEntry.action == "personal_data.read", AuditEntry.subject_kind == "aid_file")
    entry = db.session.scalars(told).one()
    assert (entry.actor_id, entry.subject_id, entry.details["fields"]) == (
        office.intake.person_id, str(file.id), ["file"],
    )  # fmt: skip
    for stranger in (office.other_worker, office.of_employer, office.elsewhere, office.handler, office.upper):
        with pytest.raises(FileUnknown):
            attachments.fetch(stranger, file.id)
    with pytest.raises(FileUnknown):
        attachments.fetch(office.worker, new_id())


def test_only_who_sent_a_file_goes_on_with_it(office: Office) -> None:
    file = aid.announced(office.worker, aid.draft(office.worker).id, b"xx")
    with pytest.raises(FileUnknown):
        attachments.receive(actor=office.other_worker, file_id=file.id, start=0, content=b"x")


def test_a_file_is_taken_out_while_the_form_is_written_on(office: Office) -> None:
    case = aid.draft(office.worker)
    file = aid.attached(office.worker, case.id)
    with pytest.raises(FileUnknown):
        attachments.remove(actor=office.other_worker, file_id=file.id)
    attachments.remove(actor=office.worker, file_id=file.id)
    run_outbox()
    assert file.id not in shelved(SHELF)
    kept = aid.attached(office.worker, case.id)
    applications.submit(actor=office.worker, case_id=case.id, version=case.version)
    with pytest.raises(WrongState):
        attachments.remove(actor=office.worker, file_id=kept.id)


def test_staff_add_papers_only_where_they_take_in(office: Office) -> None:
    case = aid.submitted(office.worker)
    assert aid.attached(office.intake, case.id).person_id == office.worker.person_id
    with pytest.raises(CaseSealed):
        aid.announced(office.upper, case.id, b"x")
    with pytest.raises(CaseUnknown):
        aid.announced(office.of_employer, case.id, b"x")
    applications.withdraw(actor=office.worker, case_id=case.id)
    with pytest.raises(WrongState):
        aid.announced(office.worker, case.id, b"x")


def test_uploads_that_stopped_are_given_up_after_two_days(office: Office) -> None:
    case = aid.draft(office.worker)
    aid.announced(office.worker, case.id, b"xx")
    whole = aid.attached(office.worker, case.id)
    assert attachments.sweep(clock.now()) == 0
    with time_machine.travel(clock.now() + timedelta(days=2, minutes=1)):
        assert attachments.sweep(clock.now()) == 1
    assert [row.id for row in db.session.scalars(select(AidFile))] == [whole.id]
