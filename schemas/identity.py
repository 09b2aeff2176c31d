"""Orders and views of identity: signing in, one's own record, people as staff see them."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.fields import Choice, Number, Order, Paging, QueryFlag, QueryNumber, Text, View, page_view
from service.organisations.enums import Industry, WorkerCategory

KEPT = {"not": {}, "description": "kept by the union, refused here: ask for a correction at POST /me/data/corrections"}
SOUGHT = {"id_number", "phone", "name"}


class SignInWithWeChat(Order):
    """What wx.login gave."""

    code = Text(128, required=True, metadata={"example": "0b3x1y000abcdefghijklmnopqrstuv0"})


class SignInOnPage(SignInWithWeChat):
    """What WeChat sent a visitor of a page back with."""

    state = Text(128, required=True, metadata={"example": "4f0c1d2e3b4a59687786950a1b2c3d4e"})


class LeavingView(View):
    """Where to send the visitor."""

    address = fields.String(metadata={"example": "https://open.weixin.qq.com/connect/oauth2/authorize?..."})


class SignInStaff(Order):
    """A staff member's or trainer's account."""

    account = Text(50, required=True, metadata={"example": "simao"})
    password = fields.String(
        required=True,
        validate=validate.Length(1, 200, error="须为1至200个字"),
        error_messages={"required": "必填", "null": "不能为空", "invalid": "须为文字"},
        metadata={"example": "chaguan-2026-puer"},
    )
    totp = Text(
        40,
        0,
        load_default=None,
        allow_none=True,
        metadata={"description": "a code of the authenticator, or a recovery code"},
    )


class RefreshTokens(Order):
    """The refresh token in force."""

    refresh_token = Text(200, required=True)


class BindIdentity(Order):
    """Who one is, as the union's roster has it."""

    name = Text(50, required=True, metadata={"example": "张三"})
    id_number = Text(40, required=True, metadata={"example": "53080219900101000X"})
    phone = Text(30, required=True, metadata={"example": "13800001234"})


class ChangeProfile(Order):
    """Everything a person may change about herself; who she is comes from the roster, and a phone is proved."""

    occupation_code = Text(10, required=True, allow_none=True, metadata={"example": "4-03-02-07"})
    industry = fields.Raw(allow_none=True, metadata=KEPT)
    worker_category = fields.Raw(allow_none=True, metadata=KEPT)


class SetWork(Order):
    """What the register shall say of a member's work."""

    occupation_code = Text(10, required=True, allow_none=True, metadata={"example": "4-03-02-07"})
    industry = Choice(Industry, required=True)
    worker_category = Choice(WorkerCategory, required=True)
    reason = Text(200, required=True, metadata={"example": "已核对劳动合同"})


class PersonBrief(View):
    """Who has signed in."""

    id = fields.Integer(metadata={"example": 17})
    name = fields.String(metadata={"example": "张三"})
    is_verified = fields.Boolean()


class TokensView(View):
    """What a device keeps."""

    access_token = fields.String()
    refresh_token = fields.String()
    expires_in = fields.Integer(metadata={"description": "seconds the access token lives", "example": 3600})


class SignedInView(TokensView):
    """Tokens, and whose they are."""

    access_token = fields.String(attribute="tokens.access_token")
    refresh_token = fields.String(attribute="tokens.refresh_token")
    expires_in = fields.Integer(attribute="tokens.expires_in", metadata={"example": 3600})
    person = fields.Nested(PersonBrief)


class StaffSignedInView(SignedInView):
    """The same for staff, with what has to be done before any other door opens."""

    must_change = fields.Boolean(metadata={"description": "the password has to be changed first"})
    must_enrol = fields.Boolean(metadata={"description": "an authenticator has to be set up first"})


class EmployerBrief(View):
    """An employer by name."""

    id = fields.Integer()
    name = fields.String(metadata={"example": "普洱某茶业有限公司"})


class NodeBrief(View):
    """A union by name."""

    id = fields.Integer()
    name = fields.String(metadata={"example": "思茅区总工会"})


class OwnPersonView(PersonBrief):
    """A person, to herself: numbers in clear."""

    id_number = fields.String(allow_none=True, metadata={"example": "53080219900101000X"})
    phone = fields.String(allow_none=True, metadata={"example": "13800001234"})
    occupation_code = fields.String(allow_none=True)
    industry = fields.Enum(Industry, by_value=True)
    worker_category = fields.Enum(WorkerCategory, by_value=True)


class ProfiledPersonView(OwnPersonView):
    """A person, to herself, with the employer's name."""

    employer = fields.Nested(EmployerBrief, allow_none=True)
    occupation_name = fields.String(allow_none=True, metadata={"example": "茶艺师"})


class RoleView(View):
    """A role and where it is held: on this node and everything below it."""

    role = fields.String(metadata={"example": "training_staff"})
    node = fields.Nested(NodeBrief)


class MembershipView(View):
    """Where the person is a member."""

    node = fields.Nested(NodeBrief)
    county_code = fields.String(allow_none=True, metadata={"example": "530802"})
    joined_on = fields.Date()


class MeView(View):
    """Who is asking: person, roles with their scopes, membership."""

    person = fields.Nested(ProfiledPersonView)
    roles = fields.List(fields.Nested(RoleView))
    membership = fields.Nested(MembershipView, allow_none=True)
    closes_at = fields.AwareDateTime(
        format="iso", allow_none=True, metadata={"description": "when the account ends, where that was asked for"}
    )


class ListPeople(Paging):
    """People in the caller's scope."""

    q = Text(30, load_default=None, metadata={"description": "part of a name, or its pinyin initials", "example": "zs"})
    node = QueryNumber(1, load_default=None, metadata={"description": "this union node and everything below it"})
    industry = Choice(Industry, load_default=None)
    category = Choice(WorkerCategory, load_default=None)
    occupation = Text(10, load_default=None, metadata={"example": "4-03-02-07"})
    verified = QueryFlag(load_default=None, metadata={"description": "has signed in as herself"})


class SearchPeople(Order):
    """ID number, phone or name, or several of them: in the body, for a number never stands in an address."""

    id_number = Text(40, metadata={"example": "53080219900101000X"})
    phone = Text(30, metadata={"example": "13800001234"})
    name = Text(30, metadata={"description": "part of a name, or its pinyin initials", "example": "张三"})
    page = Number(1, 100_000, load_default=1)
    per_page = Number(1, 100, load_default=20)

    @validates_schema
    def _at_least_one(self, data: dict[str, Any], **_: Any) -> None:
        if not SOUGHT & set(data):
            raise ValidationError("请填身份证号、手机号或姓名", "id_number")


class PersonLine(View):
    """A person as staff see one: numbers masked."""

    id = fields.Integer()
    name = fields.String(metadata={"example": "张三"})
    is_verified = fields.Boolean()
    id_number = fields.String(allow_none=True, metadata={"example": "5308**********000X"})
    phone = fields.String(allow_none=True, metadata={"example": "138****1234"})
    employer = fields.Nested(EmployerBrief, allow_none=True)
    node = fields.Nested(NodeBrief)
    occupation_code = fields.String(allow_none=True)
    occupation_name = fields.String(allow_none=True)
    industry = fields.Enum(Industry, by_value=True)
    worker_category = fields.Enum(WorkerCategory, by_value=True)


PeoplePage = page_view(PersonLine)
