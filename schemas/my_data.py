"""Orders and views of one's own data: what is held, copies, corrections, the account's end; the staff's desk."""

from marshmallow import fields

from schemas.fields import Choice, Flag, Order, Paging, Text, View, page_view
from service.identity.enums import ClosureState, CopyState, CorrectionField, CorrectionState


class HeldLine(View):
    """One sort of records."""

    title = fields.String(metadata={"example": "考勤"})
    count = fields.Integer()
    kept = fields.String(metadata={"description": "how long, in words", "example": "1年"})
    action = fields.String(metadata={"description": "what happens then, in words", "example": "删除"})


class CategoryHeldView(View):
    """A chapter of what is held, with its legal ground."""

    category = fields.String(metadata={"example": "training"})
    title = fields.String(metadata={"example": "培训"})
    ground = fields.String()
    holdings = fields.List(fields.Nested(HeldLine))


class MyDataView(View):
    """Everything held about the caller, in numbers."""

    categories = fields.List(fields.Nested(CategoryHeldView))
    deeds = fields.Integer(metadata={"description": "records of others the caller has had a hand in"})


class DataCopyView(View):
    """A copy of everything held about the caller."""

    id = fields.UUID()
    state = fields.Enum(CopyState, by_value=True)
    requested_at = fields.AwareDateTime(format="iso")
    prepared_at = fields.AwareDateTime(format="iso", allow_none=True)
    expires_at = fields.AwareDateTime(format="iso", allow_none=True)
    size_bytes = fields.Integer(allow_none=True)


class DataCopiesView(View):
    """The caller's copies, latest first."""

    items = fields.List(fields.Nested(DataCopyView))


class RequestCorrection(Order):
    """What is wrong, and what shall stand there."""

    field = Choice(CorrectionField, required=True)
    wanted = Text(200, required=True, metadata={"example": "张三丰"})
    note = Text(500, 0, load_default="", metadata={"example": "名字登记错了，身份证已带到窗口"})


class DataCorrectionView(View):
    """A wish for correction."""

    id = fields.Integer()
    field = fields.Enum(CorrectionField, by_value=True)
    state = fields.Enum(CorrectionState, by_value=True)
    requested_at = fields.AwareDateTime(format="iso")
    decided_at = fields.AwareDateTime(format="iso", allow_none=True)
    reason = fields.String(allow_none=True)


class DataCorrectionsView(View):
    """The caller's wishes, latest first."""

    items = fields.List(fields.Nested(DataCorrectionView))


class AccountClosureView(View):
    """The end of an account: until `due_at` it may be taken back."""

    state = fields.Enum(ClosureState, by_value=True)
    requested_at = fields.AwareDateTime(format="iso")
    due_at = fields.AwareDateTime(format="iso")
    ended_at = fields.AwareDateTime(format="iso", allow_none=True)


class LookLine(View):
    """Somebody looked at the caller's data."""

    at = fields.AwareDateTime(format="iso")
    action = fields.String(metadata={"example": "personal_data.read"})
    roles = fields.List(fields.String(), metadata={"description": "that the reader holds now"})
    unions = fields.List(fields.String(), metadata={"description": "where the reader holds them"})
    fields_read = fields.List(fields.String(), attribute="fields", data_key="fields")


LooksPage = page_view(LookLine)


class ListCorrections(Paging):
    """Wishes for correction in the caller's scope."""

    state = Choice(CorrectionState, load_default=None)


class WishLine(DataCorrectionView):
    """A wish for correction, as staff see it."""

    person_id = fields.Integer()
    person_name = fields.String(metadata={"example": "张三"})
    wanted = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


WishesPage = page_view(WishLine)


class DecideCorrection(Order):
    """Accept a wish or refuse it, and why."""

    is_accepted = Flag(required=True)
    reason = Text(200, required=True, metadata={"example": "已核对身份证原件"})
