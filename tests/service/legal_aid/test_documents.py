"""Documents from templates: filled from case or letter, as typed whatever was typed, kept sealed, reading told."""

import io
from uuid import UUID

import pytest
from docx import Document
from sqlalchemy import select

from service.audit.models import AuditEntry
from service.core.access import Role
from service.core.db import db
from service.files import shelf
from service.legal_aid import attachments
from service.legal_aid.documents import case_documents, filling, letter_documents
from service.legal_aid.documents.enums import DocumentKind
from service.legal_aid.documents.errors import DocumentOfOffice, DocumentUntimely
from service.legal_aid.enums import FileKind, Matter
from service.legal_aid.errors import CaseSealed, CaseUnknown
from service.legal_aid.file_errors import FileTooLarge, FileUnknown
from service.legal_aid.file_models import AidFile
from service.legal_aid.supervision import handling, letters, tips
from service.legal_aid.supervision.enums import LetterKind
from service.legal_aid.supervision.errors import LetterUnknown
from service.legal_aid.supervision.letters import Letter
from service.legal_aid.supervision.tips import Place, Told
from tests import make_legal_aid as aid
from tests.service.legal_aid.conftest import Office, clerk

TYPED = (
    "{{ number }}", "{% for x in y %}", "=cmd|' /C calc'!A0", "#import os", "<w:p>甲</w:p> & \"乙\"", "$" + "{7*7}",
    "{{7*7}}", "{# 说明 #}", "../../etc/passwd",
)  # fmt: skip
KINDS = [each.value for each in (*DocumentKind, *LetterKind)]


def text_of(content: bytes) -> str:
    """What stands in a document."""
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_typed_stays_text_as_typed_in_every_template(kind: str) -> None:
    names = sorted(filling.names_in(kind))
    assert names
    for typed in TYPED:
        found = text_of(filling.filled(kind, dict.fromkeys(names, typed)))
        assert found.count(typed) >= len(names)
        assert "49" not in found.replace(typed, "")


def test_what_no_document_can_hold_is_left_out_and_lines_stay() -> None:
    found = text_of(filling.filled("hint", {"facts": "第一行\n第二行\x0c\x07\x00。", "number": None}))
    assert "第一行\n第二行。" in found
    assert filling.BLANK in found.splitlines()[1]


def test_every_name_a_template_asks_for_is_known(office: Office) -> None:
    for kind in DocumentKind:
        made = {
            DocumentKind.REFUSAL: aid.refused, DocumentKind.SUPPLEMENT_NOTICE: aid.told,
        }.get(kind, aid.granted)(office.worker, office.intake)  # fmt: skip
        known = case_documents._known(made) | case_documents._decided(made, kind)
        assert filling.names_in(kind.value) <= known.keys()


def test_a_request_is_filled_from_the_case_and_kept_sealed(office: Office) -> None:
    case = aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    made = case_documents.make(actor=office.handler, case_id=case.id, kind=DocumentKind.ARBITRATION_REQUEST)
    content = attachments.fetch(office.worker, made.id)
    assert (content.media_type, content.name.endswith(".docx")) == (filling.MEDIA_TYPE, True)
    found = text_of(content.content)
    for said in ("岩温", "13900007777", "思茅某茶厂", "要回三个月工资", "干了三个月活没有给钱"):
        assert said in found
    kept = shelf._path(attachments.SHELF, made.id).read_bytes()
    assert b"PK\x03\x04" not in kept
    assert attachments.name_of(db.session.get_one(AidFile, made.id)) == "劳动仲裁申请书.docx"
    assert made.kind is FileKind.DOCUMENT
    deeds = db.session.scalars(select(AuditEntry.action).where(AuditEntry.actor_id == office.handler.person_id)).all()
    assert "legal_aid.document_made" in deeds


def test_reading_a_document_is_for_those_of_the_case_and_told(office: Office) -> None:
    case = aid.assigned(office.worker, office.intake, office.handler.worker_id, office.supervisor.worker_id)
    made = case_documents.make(actor=office.handler, case_id=case.id, kind=DocumentKind.AUTHORISATION)
    assert "受委托人" in text_of(attachments.fetch(office.supervisor, made.id).content)
    told = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "aid_file")).one()
    assert told.actor_id == office.supervisor.person_id
    for who in (office.upper, office.elsewhere, office.other_worker):
        with pytest.raises(FileUnknown):
            attachments.fetch(who, made.id)


def test_decisions_and_the_notice_are_told_only_once_made(office: Office) -> None:
    refused, told = aid.refused(office.worker, office.intake), aid.told(office.worker, office.intake)
    granted, fresh = aid.granted(office.worker, office.intake), aid.reviewing(office.worker, office.intake)

    def text(case_id: UUID, kind: DocumentKind) -> str:
        made = case_documents.make(actor=office.intake, case_id=case_id, kind=kind)
        return text_of(attachments.fetch(office.worker, made.id).content)

    assert "不属于范围" in text(refused.id, DocumentKind.REFUSAL)
    assert "上一级工会" in text(refused.id, DocumentKind.REFUSAL)
    assert "工资条要三个月的" in text(told.id, DocumentKind.SUPPLEMENT_NOTICE)
    assert "法律援助法第三十一条" in text(granted.id, DocumentKind.GRANT)
    for kind in (DocumentKind.GRANT, DocumentKind.REFUSAL, DocumentKind.SUPPLEMENT_NOTICE):
        with pytest.raises(DocumentUntimely):
            case_documents.make(actor=office.intake, case_id=fresh.id, kind=kind)


def test_a_worker_makes_her_own_request_and_nothing_of_the_offices(office: Office) -> None:
    draft = aid.draft(office.worker)
    made = case_documents.make_own(actor=office.worker, case_id=draft.id, kind=DocumentKind.ARBITRATION_REQUEST)
    assert "岩温" in text_of(attachments.fetch(office.worker, made.id).content)
    with pytest.raises(DocumentOfOffice):
        case_documents.make_own(actor=office.worker, case_id=draft.id, kind=DocumentKind.GRANT)
    with pytest.raises(CaseUnknown):
        case_documents.make_own(actor=office.other_worker, case_id=draft.id, kind=DocumentKind.AUTHORISATION)


def test_who_only_lists_a_case_makes_no_document(office: Office) -> None:
    case = aid.submitted(office.worker)
    with pytest.raises(CaseSealed):
        case_documents.make(actor=office.upper, case_id=case.id, kind=DocumentKind.AUTHORISATION)


def test_a_document_that_is_not_entered_leaves_nothing_on_the_shelf(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = aid.submitted(office.worker)
    monkeypatch.setattr(attachments, "MOST_FILES", 0)
    before = list(shelf.kept())
    with pytest.raises(FileTooLarge):
        case_documents.make_own(actor=office.worker, case_id=case.id, kind=DocumentKind.AUTHORISATION)
    assert list(shelf.kept()) == before


def test_a_letter_is_given_out_with_its_number_and_that_is_written_down(office: Office) -> None:
    supervisor = clerk(office.county, Role.LABOUR_LAW_SUPERVISOR)
    told = Told(Matter.WAGES, "思茅某茶厂", "", "拖欠工资")
    tip = tips.give(actor=office.worker, told=told, place=Place())
    tip = handling.begin(actor=supervisor, tip_id=tip.id, version=tip.version)
    letter = letters.issue(
        actor=supervisor, tip_id=tip.id, version=tip.version, kind=LetterKind.HINT,
        letter=Letter("思茅某茶厂", "=cmd {{7*7}}", "工会法第二十三条", "补发工资"),
    )  # fmt: skip
    given = letter_documents.fetch(supervisor, letter.id)
    assert (given.name, given.media_type) == ("提示函.docx", filling.MEDIA_TYPE)
    for said in (letter.number, "思茅区总工会", "=cmd {{7*7}}", "补发工资", case_documents.day_words(letter.due_on)):
        assert said in text_of(given.content)
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "labour_tip")).all()
    assert rows[-1].details["fields"] == ["letter"]
    with pytest.raises(LetterUnknown):
        letter_documents.fetch(office.intake, letter.id)
