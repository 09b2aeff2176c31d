"""Orders and views of accounts, grants and the table of who may do what."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from schemas.fields import Choice, Number, Order, Paging, QueryNumber, Text, View, page_view
from schemas.identity import NodeBrief
from service.core.enums import Role

LOGIN = r"[A-Za-z0-9][A-Za-z0-9._-]{1,49}\Z"


class ListAccounts(Paging):
    """Which accounts."""

    q = Text(30, load_default=None, metadata={"description": "part of a login, of a name, or its pinyin initials"})


class OpenAccount(Order):
    """Somebody's account: a member's by `person_id`, or of somebody new by `name`."""

    login = Text(50, 2, pattern=LOGIN, required=True, metadata={"example": "simao-zhang"})
    name = Text(50, load_default=None, allow_none=True, metadata={"example": "张三"})
    person_id = Number(1, load_default=None, allow_none=True)
    node_id = Number(1, load_default=None, allow_none=True, metadata={"description": "default: the caller's own"})

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data["name"] is None) == (data["person_id"] is None):
            raise ValidationError({"name": ["姓名和人员编号须填其中一项"]})


class NameRole(Order):
    """A role and the node it is held on."""

    role = Choice(Role, required=True)
    node_id = Number(1, required=True)


class HeldRoleView(View):
    """A role and where it is held."""

    role = fields.Enum(Role, by_value=True)
    node = fields.Nested(NodeBrief)


class AccountView(View):
    """An account as administrators see it."""

    id = fields.Integer(attribute="account.id")
    login = fields.String(attribute="account.login", metadata={"example": "simao"})
    person_id = fields.Integer(attribute="person.id")
    name = fields.String(attribute="person.name", metadata={"example": "张三"})
    node = fields.Nested(NodeBrief, allow_none=True)
    is_disabled = fields.Boolean(attribute="account.is_disabled")
    must_change = fields.Boolean(attribute="account.must_change")
    has_totp = fields.Boolean()
    roles = fields.List(fields.Nested(HeldRoleView))


class InitialView(View):
    """An account with the password to hand over: shown once."""

    account = fields.Nested(AccountView, attribute="kept")
    password = fields.String(metadata={"example": "3f9a-11c0-7d24-88be"})


class ShowPolicy(Order):
    """At which node."""

    node_id = QueryNumber(1, load_default=None, metadata={"description": "default: the caller's first"})


class HolderView(View):
    """Somebody who holds a role that reaches the node."""

    person_id = fields.Integer()
    name = fields.String(metadata={"example": "张三"})
    node = fields.Nested(NodeBrief)


class AreaView(View):
    """What a role sees and does in one area: operations by their id."""

    area = fields.String(metadata={"example": "班次管理"})
    sees = fields.List(fields.String(metadata={"example": "list_staff_classes"}))
    does = fields.List(fields.String(metadata={"example": "publish_class"}))


class RoleRowView(View):
    """A role: what it may do, and who holds it here."""

    role = fields.Enum(Role, by_value=True)
    title = fields.String(metadata={"example": "培训管理员"})
    people = fields.List(fields.Nested(HolderView))
    areas = fields.List(fields.Nested(AreaView))


class DoorView(View):
    """One operation and who may ask for it."""

    operation = fields.String(metadata={"example": "publish_class"})
    summary = fields.String()
    area = fields.String(metadata={"example": "班次管理"})
    is_write = fields.Boolean()
    roles = fields.List(fields.Enum(Role, by_value=True))
    needs_verified = fields.Boolean()


class PolicyView(View):
    """Who may do what at a node, which roles nobody holds together, and the whole table of doors."""

    node = fields.Nested(NodeBrief)
    roles = fields.List(fields.Nested(RoleRowView))
    apart = fields.List(
        fields.List(fields.Enum(Role, by_value=True)), metadata={"example": [["auditor", "administrator"]]}
    )
    doors = fields.List(fields.Nested(DoorView))


AccountsPage = page_view(AccountView)
