"""Orders and views of imports."""

from typing import Any

from marshmallow import fields

from schemas.fields import Choice, Flag, Order, Paging, QueryNumber, View, page_view
from service.unions.enums import FindingKind, ImportKind, ImportState


class UploadedFile(fields.Raw):
    """A file of a multipart form: something that can be read and has a `filename`."""

    default_error_messages = {"required": "请选择文件", "null": "请选择文件", "invalid": "须为上传的文件"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not hasattr(value, "read"):
            raise self.make_error("invalid")
        return value


class UploadImport(Order):
    """The form of an upload."""

    file = UploadedFile(
        required=True,
        metadata={"type": "string", "format": "binary", "description": "an .xlsx of at most 20 MB"},
    )
    kind = Choice(ImportKind, required=True)
    node = QueryNumber(
        1,
        load_default=None,
        metadata={"description": "a union node in the caller's scope; rows must lie below it"},
    )


class AcceptImport(Order):
    """Whether bad rows may be left out."""

    skip_bad_rows = Flag(load_default=False)


class ListFindings(Paging):
    """Which findings."""

    kind = Choice(FindingKind, load_default=FindingKind.BAD)


class ImportView(View):
    """An import and how far it has come."""

    id = fields.UUID()
    kind = Choice(ImportKind)
    state = Choice(ImportState)
    node_id = fields.Integer()
    node_name = fields.String(attribute="node.name", metadata={"example": "思茅区总工会"})
    file_name = fields.String(metadata={"example": "思茅区职工.xlsx"})
    uploaded_by = fields.Integer()
    uploaded_at = fields.AwareDateTime(format="iso")
    rows_total = fields.Integer(metadata={"example": 1200})
    rows_checked = fields.Integer(metadata={"example": 1200})
    rows_bad = fields.Integer(metadata={"example": 3})
    rows_new = fields.Integer(metadata={"example": 1100})
    rows_changed = fields.Integer(metadata={"example": 12})
    rows_applied = fields.Integer(metadata={"example": 0})
    rows_skipped = fields.Integer(metadata={"example": 0})
    accepted_at = fields.AwareDateTime(format="iso", allow_none=True)
    finished_at = fields.AwareDateTime(format="iso", allow_none=True)


ImportPage = page_view(ImportView)


class FindingLine(View):
    """One bad cell, or what one row will change."""

    line = fields.Integer(metadata={"description": "line in the sheet; the heading is 1", "example": 17})
    column = fields.String(metadata={"example": "身份证号"})
    message = fields.String(metadata={"example": "身份证号有误，请逐位核对"})
    kind = Choice(FindingKind)


FindingPage = page_view(FindingLine)
