"""Documents of legal aid from templates: the worker's own, the office's, and the committee's letters."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from blueprints.answers import file_response
from blueprints.auth import current_actor
from blueprints.refusals import refuses
from schemas.legal_aid_cases import FileProgressView
from schemas.legal_aid_documents import MakeDocument
from service.legal_aid import errors
from service.legal_aid.documents import case_documents, letter_documents
from service.legal_aid.documents.errors import DocumentOfOffice, DocumentUntimely
from service.legal_aid.file_errors import FileTooLarge
from service.legal_aid.file_models import AidFile
from service.legal_aid.supervision.errors import LetterUnknown

bp = Blueprint("legal_aid_documents", __name__, url_prefix="/me/legal-aid", description="法律援助：我的文书")
staff_bp = Blueprint("staff_documents", __name__, url_prefix="/staff", description="法律援助文书")
OF_CASE = "/cases/<uuid:case_id>/documents"


# Without a key: a file on the shelf is not rolled back, and one document more harms nobody.
@bp.post(OF_CASE)
@refuses(errors.CaseUnknown, DocumentOfOffice, FileTooLarge)
@bp.arguments(MakeDocument)
@bp.response(201, FileProgressView)
def make_my_document(order: dict[str, Any], case_id: UUID) -> AidFile:
    """A request for arbitration or an authorisation, filled from one's own case; it stands among its files."""
    return case_documents.make_own(actor=current_actor(), case_id=case_id, **order)


@staff_bp.post(f"/legal-aid{OF_CASE}")
@refuses(errors.CaseUnknown, errors.CaseSealed, errors.CaseLocked, DocumentUntimely, FileTooLarge)
@staff_bp.arguments(MakeDocument)
@staff_bp.response(201, FileProgressView)
def make_case_document(order: dict[str, Any], case_id: UUID) -> AidFile:
    """A document filled from a case; it stands among its files, where the worker sees it too."""
    return case_documents.make(actor=current_actor(), case_id=case_id, **order)


@staff_bp.get("/labour-tips/letters/<uuid:letter_id>/document")
@refuses(LetterUnknown)
@staff_bp.response(200, content_type="application/octet-stream")
def download_letter(letter_id: UUID) -> Response:
    """A letter as .docx; that it was fetched is written down."""
    return file_response(letter_documents.fetch(current_actor(), letter_id))
