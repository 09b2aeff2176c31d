"""Orders and views of a second person's approval, of a union's settings, and of printed codes."""

from marshmallow import fields

from schemas.fields import Flag, Number, Order, Text, View, page_view
from schemas.identity import NodeBrief
from service.booking.enums import OfferingKind
from service.training.enums import ApprovalState


class ApproveClass(Order):
    """The version that was read."""

    version = Number(1, required=True)


class SendBackClass(Order):
    """Why, told to who handed it in."""

    reason = Text(200, required=True, metadata={"example": "上课时间与厂休冲突"})


class ApprovalLine(View):
    """Where a class stands on its way to being published."""

    class_id = fields.Integer()
    title = fields.String(metadata={"example": "茶艺师周末班"})
    node_name = fields.String(metadata={"example": "思茅区总工会"})
    version = fields.Integer()
    is_demanded = fields.Boolean(metadata={"description": "a second person is needed"})
    state = fields.Enum(ApprovalState, by_value=True, allow_none=True)
    submitted_by = fields.String(allow_none=True, metadata={"example": "张三"})
    submitted_at = fields.AwareDateTime(format="iso", allow_none=True)
    decided_by = fields.String(allow_none=True, metadata={"example": "李四"})
    decided_at = fields.AwareDateTime(format="iso", allow_none=True)
    reason = fields.String(allow_none=True)
    is_stale = fields.Boolean(metadata={"description": "changed after it was handed in: hand it in again"})
    may_decide = fields.Boolean(metadata={"description": "the caller is a second person"})


class ChangeNodeSettings(Order):
    """What the union demands of itself and everything below it."""

    needs_approval = Flag(required=True)


class NodeSettingsView(View):
    """What a union has settled, and what holds there because of it or of one above."""

    node = fields.Nested(NodeBrief)
    needs_approval = fields.Boolean()
    is_approval_demanded = fields.Boolean()


class TargetView(View):
    """Where a scanned code leads."""

    kind = fields.Enum(OfferingKind, by_value=True)
    subject_id = fields.Integer()
    link = fields.String(metadata={"example": "/classes/7"})


ApprovalsPage = page_view(ApprovalLine)
