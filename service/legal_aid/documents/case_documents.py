"""Documents of a case: filled from its form and decisions, kept sealed among its files.

They are fetched as its other files are, and every fetching by staff is told (docs/rules.md `legal_aid.documents`).
"""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from service.audit import entries
from service.core import clock, crypto
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.files import shelf
from service.identity import people
from service.legal_aid import attachments, cases, deciding, forms, journal, scopes, spoken
from service.legal_aid.access import Right
from service.legal_aid.documents import filling
from service.legal_aid.documents.enums import DocumentKind
from service.legal_aid.documents.errors import DocumentOfOffice, DocumentUntimely
from service.legal_aid.enums import CaseState, DecisionKind, FileKind, FileState, Paper, StepKind
from service.legal_aid.errors import CaseUnknown
from service.legal_aid.file_errors import FileTooLarge
from service.legal_aid.file_models import AidFile
from service.legal_aid.models import AidCase
from service.legal_aid.triage_questions import MATTERS
from service.organisations import nodes

OWN = frozenset({DocumentKind.ARBITRATION_REQUEST, DocumentKind.AUTHORISATION})
"""What a worker may have made of her own case."""
TITLES: dict[DocumentKind, str] = {
    DocumentKind.ARBITRATION_REQUEST: "劳动仲裁申请书",
    DocumentKind.AUTHORISATION: "授权委托书",
    DocumentKind.GRANT: "给予法律援助决定书",
    DocumentKind.REFUSAL: "不予法律援助决定书",
    DocumentKind.SUPPLEMENT_NOTICE: "补正通知书",
}
DECIDED: dict[DocumentKind, tuple[DecisionKind, ...]] = {
    DocumentKind.GRANT: (DecisionKind.GRANT, DecisionKind.GRANT_FIRST, DecisionKind.CORRECT),
    DocumentKind.REFUSAL: (DecisionKind.REFUSE,),
}
FROM_FORM = (
    "name", "sex", "born_on", "ethnicity", "id_number", "phone", "address", "employer_name", "employer_code",
    "employer_address", "employer_phone", "claims", "reason",
)  # fmt: skip


def make_own(*, actor: Actor, case_id: UUID, kind: DocumentKind) -> AidFile:
    """A document of one's own case. Raises CaseUnknown, DocumentOfOffice, FileTooLarge."""
    case = scopes.own(actor, case_id)
    if kind not in OWN:
        raise DocumentOfOffice
    return _made(actor, case, kind)


def make(*, actor: Actor, case_id: UUID, kind: DocumentKind) -> AidFile:
    """A document of a case in hand. Raises CaseUnknown, CaseSealed, CaseLocked, DocumentUntimely, FileTooLarge."""
    return _made(actor, scopes.to_read(actor, case_id), kind)


def _made(actor: Actor, case: AidCase, kind: DocumentKind) -> AidFile:
    content = filling.filled(kind.value, _known(case) | _decided(case, kind))
    file_id = new_id()
    shelf.keep(attachments.SHELF, file_id, content)
    try:
        return _enter(actor, case.id, kind, file_id, len(content))
    except BaseException:
        shelf.discard(attachments.SHELF, file_id)
        raise


@transactional
def _enter(actor: Actor, case_id: UUID, kind: DocumentKind, file_id: UUID, size: int) -> AidFile:
    found = db.session.get(AidCase, case_id)
    if found is None:
        raise CaseUnknown
    is_own = found.person_id == actor.person_id
    case = (
        scopes.own_to_change(actor, case_id) if is_own else scopes.to_change(actor, case_id, Right.WORK, Right.DECIDE)
    )
    if (db.session.scalar(select(func.count()).where(AidFile.case_id == case.id)) or 0) >= attachments.MOST_FILES:
        raise FileTooLarge
    made = AidFile(
        id=file_id, case_id=case.id, person_id=case.person_id, kind=FileKind.DOCUMENT, paper=Paper.OTHER, size=size,
        received=size, media_type=filling.MEDIA_TYPE, state=FileState.READY, uploaded_by=actor.worker_id,
        created_at=clock.now(), ready_at=clock.now(),
    )  # fmt: skip
    made.name_sealed = crypto.seal(f"{TITLES[kind]}.docx", field=attachments.NAME, row=made.id)
    db.session.add(made)
    if case.state is not CaseState.DRAFT:
        journal.step(actor, case, StepKind.DOCUMENT, document=kind.value)
    if not is_own:
        about = journal.about(case)
        entries.record(actor, "legal_aid.document_made", scopes.SUBJECT, case.id, about=about, document=kind.value)
    db.session.flush()
    return made


def _known(case: AidCase) -> dict[str, object]:
    form = forms.read(case)
    handler = people.person(case.handler_id) if case.handler_id is not None else None
    return {name: form.get(name) for name in FROM_FORM} | {
        "number": case.number, "matter": MATTERS[case.matter], "union": nodes.node(case.node_id).name,
        "handler": handler.name if handler else None, "today": day_words(clock.today()),
        "received_on": day_words(clock.local(case.received_at).date()) if case.received_at else None,
    }  # fmt: skip


def _decided(case: AidCase, kind: DocumentKind) -> dict[str, object]:
    """What a decision or the notice says. Raises DocumentUntimely where there is none."""
    if kind in DECIDED:
        found = [each for each in cases.decisions_of(case.id) if each.kind in DECIDED[kind]]
        if not found:
            raise DocumentUntimely
        row = found[-1]
        sealed = row.reason_sealed
        return {
            "articles": "、".join(row.articles), "objection_body": row.objection_body,
            "decision_reason": crypto.unseal(sealed, field="aid_decisions.reason", row=row.id) if sealed else None,
            "decided_on": day_words(clock.local(row.decided_at).date()),
        }  # fmt: skip
    if kind is DocumentKind.SUPPLEMENT_NOTICE:
        notice = deciding.notice_of(case)
        if notice is None:
            raise DocumentUntimely
        note = notice.note_sealed
        return {
            "papers": "、".join(spoken.PAPERS[Paper(each)] for each in notice.papers),
            "note": crypto.unseal(note, field="aid_notices.note", row=notice.id) if note else None,
            "due_on": day_words(notice.due_on),
        }  # fmt: skip
    return {}


def day_words(day: date) -> str:
    """`2026年6月4日`."""
    return f"{day.year}年{day.month}月{day.day}日"
