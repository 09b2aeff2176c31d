"""Orders of documents from templates."""

from schemas.fields import Choice, Order
from service.legal_aid.documents.enums import DocumentKind


class MakeDocument(Order):
    """Which document."""

    kind = Choice(DocumentKind, required=True)
