"""Orders and views of proving a phone and of disputed bindings."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from schemas.fields import Choice, Flag, Number, Order, Paging, Text, View, page_view
from schemas.identity import NodeBrief
from service.identity.enums import BindingCaseKind, BindingCaseState


class AskForCode(Order):
    """The phone a code is sent to."""

    phone = Text(30, required=True, metadata={"example": "13800001234"})


class ProvePhone(AskForCode):
    """The phone and the code sent to it."""

    code = Text(10, required=True, metadata={"example": "482913"})


class ProvePhoneByWeChat(Order):
    """What WeChat's phone button gave: a code, or to an older mini-program sealed data and its iv, opened with the code
    of the wx.login before it."""

    code = Text(128, load_default=None, allow_none=True)
    login_code = Text(128, load_default=None, allow_none=True)
    encrypted_data = Text(2000, load_default=None, allow_none=True)
    iv = Text(40, load_default=None, allow_none=True)

    @validates_schema
    def _one_way(self, data: dict[str, Any], **_kwargs: Any) -> None:
        sealed = [data["login_code"], data["encrypted_data"], data["iv"]]
        if all(sealed) == bool(data["code"]) or any(sealed) != all(sealed):
            raise ValidationError("code 与 login_code、encrypted_data、iv 须填其一", "code")


class CodeSentView(View):
    """Until when the code is good."""

    expires_at = fields.AwareDateTime(format="iso")


class DisputeBinding(Order):
    """Who one is, and why the roster alone does not settle it."""

    kind = Choice(BindingCaseKind, required=True)
    name = Text(50, required=True, metadata={"example": "张三"})
    id_number = Text(40, required=True, metadata={"example": "53080219900101000X"})
    phone = Text(30, required=True, metadata={"example": "13800001234"})
    note = Text(500, least=0, load_default="", metadata={"example": "换了手机号，原来的微信登不上了"})
    node_id = Number(1, load_default=None, allow_none=True, metadata={"description": "my union, if I am not listed"})


class CaseView(View):
    """A case, to who opened it."""

    id = fields.Integer()
    kind = fields.Enum(BindingCaseKind, by_value=True)
    state = fields.Enum(BindingCaseState, by_value=True)
    created_at = fields.AwareDateTime(format="iso")
    decided_at = fields.AwareDateTime(format="iso", allow_none=True)
    reason = fields.String(allow_none=True)


class ListCases(Paging):
    """Which cases of the scope."""

    state = Choice(BindingCaseState, load_default=None)


class StaffCaseLine(View):
    """A case in the desk's list."""

    id = fields.Integer(attribute="case.id")
    kind = fields.Enum(BindingCaseKind, by_value=True, attribute="case.kind")
    state = fields.Enum(BindingCaseState, by_value=True, attribute="case.state")
    name = fields.String(metadata={"example": "张三"})
    node = fields.Nested(NodeBrief)
    created_at = fields.AwareDateTime(format="iso", attribute="case.created_at")
    decided_at = fields.AwareDateTime(format="iso", attribute="case.decided_at", allow_none=True)


class EvidenceView(View):
    """What the roster has of who is claimed to be."""

    person_id = fields.Integer()
    name = fields.String(metadata={"example": "张三"})
    phone = fields.String(allow_none=True, metadata={"example": "138****1234"})
    node = fields.Nested(NodeBrief, allow_none=True)
    is_bound = fields.Boolean(metadata={"description": "to another WeChat account"})
    last_signed_in_at = fields.AwareDateTime(format="iso", allow_none=True)
    is_name_same = fields.Boolean()
    is_phone_same = fields.Boolean()


class StaffCaseView(StaffCaseLine):
    """A case with what has to be weighed; numbers masked."""

    id_number = fields.String(allow_none=True, metadata={"example": "5308**********000X"})
    phone = fields.String(allow_none=True, metadata={"example": "138****1234"})
    note = fields.String()
    is_phone_proved = fields.Boolean()
    claimant_since = fields.AwareDateTime(format="iso")
    reason = fields.String(attribute="case.reason", allow_none=True)
    evidence = fields.Nested(EvidenceView, allow_none=True)


class DecideCase(Order):
    """Whether the binding moves to who asks, and why; told to both."""

    is_moved = Flag(required=True)
    reason = Text(200, required=True, metadata={"example": "已核对身份证原件"})


CasesPage = page_view(CaseView)
StaffCasesPage = page_view(StaffCaseLine)
