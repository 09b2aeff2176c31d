"""What making a document refuses."""

from service.core.errors import Conflict, Forbidden


class DocumentUntimely(Conflict):
    """The decision or notice it tells of was not made."""

    code = "legal_aid.document_untimely"
    message = "还没有作出决定或者告知，不能出这份文书"


class DocumentOfOffice(Forbidden):
    """Only the office gives out such a document."""

    code = "legal_aid.document_of_office"
    message = "这份文书由援助窗口出具"
