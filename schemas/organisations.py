"""Orders and views of the union tree and of the closed lists."""

from marshmallow import fields

from schemas.fields import Choice, Paging, QueryNumber, Text, View, page_view
from service.organisations.enums import Industry, NodeKind


class ListNodes(Paging):
    """Children of a node, or everything below it that matches."""

    parent = QueryNumber(1, load_default=None, metadata={"description": "a node's id; without it, the root"})
    q = Text(50, load_default=None, metadata={"description": "part of the name, or pinyin initials", "example": "茶厂"})


class NodeLine(View):
    """One union node."""

    id = fields.Integer(metadata={"example": 2})
    parent_id = fields.Integer(allow_none=True)
    code = fields.String(metadata={"example": "530802"})
    name = fields.String(metadata={"example": "思茅区总工会"})
    kind = Choice(NodeKind)
    county_code = fields.String(allow_none=True, metadata={"example": "530802"})
    is_open_for_joining = fields.Boolean()


NodePage = page_view(NodeLine)


class EntryView(View):
    """A code and its Chinese word."""

    code = fields.String(metadata={"example": "530802"})
    name = fields.String(metadata={"example": "思茅区"})


class OccupationView(EntryView):
    """An occupation and the industry of Pu'er it belongs to."""

    code = fields.String(metadata={"example": "4-03-02-07"})
    name = fields.String(metadata={"example": "茶艺师"})
    industry = Choice(Industry)


class ReferenceView(View):
    """The closed lists."""

    city = fields.Nested(EntryView)
    counties = fields.List(fields.Nested(EntryView))
    towns = fields.List(fields.Nested(EntryView))
    industries = fields.List(fields.Nested(EntryView))
    occupations = fields.List(fields.Nested(OccupationView))
    levels = fields.List(fields.Nested(EntryView), metadata={"description": "lowest first; certificates prove 5 to 1"})
    worker_categories = fields.List(fields.Nested(EntryView))
    node_kinds = fields.List(fields.Nested(EntryView))
