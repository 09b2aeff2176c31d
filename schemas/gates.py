"""Who a class is for: conditions of booking as they are ordered and shown."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from schemas.fields import Choice, Number, Order, Text, View
from service.organisations.enums import Industry, WorkerCategory
from service.training.enums import GateKind

GATE_FIELDS: dict[GateKind, tuple[str, ...]] = {
    GateKind.COUNTY: ("codes",),
    GateKind.NODE: ("node_id",),
    GateKind.INDUSTRY: ("values",),
    GateKind.CATEGORY: ("values",),
    GateKind.LEVEL: ("occupation_code", "at_least"),
    GateKind.EARLIER_COURSE: ("course_id",),
}
MANY_COUNTIES = validate.Length(1, 10, error="须为1至10项")
MANY_VALUES = validate.Length(1, 20, error="须为1至20项")
GATE_VALUES = {GateKind.INDUSTRY: Industry, GateKind.CATEGORY: WorkerCategory}


class GateOrder(Order):
    """One condition of booking: its kind, and the fields of that kind alone."""

    kind = Choice(GateKind, required=True)
    codes = fields.List(Text(6), validate=MANY_COUNTIES, metadata={"description": "county"})
    node_id = Number(1, metadata={"description": "node"})
    values = fields.List(Text(16), validate=MANY_VALUES, metadata={"description": "industry, category"})
    occupation_code = Text(10, metadata={"description": "level"})
    at_least = Number(1, 5, metadata={"description": "level: 5 is the lowest, 1 the highest"})
    course_id = Number(1, metadata={"description": "earlier_course"})

    @validates_schema
    def _fields_fit_the_kind(self, data: dict[str, Any], **_kwargs: Any) -> None:
        wanted = GATE_FIELDS[data["kind"]]
        problems = {field: ["必填"] for field in wanted if field not in data}
        problems |= {field: ["这种条件没有这一项"] for field in data if field not in ("kind", *wanted)}
        known = {member.value for member in GATE_VALUES.get(data["kind"], ())}
        if known and not set(data.get("values", [])) <= known:
            problems["values"] = [f"须为其中之一：{'、'.join(sorted(known))}"]
        if problems:
            raise ValidationError(problems)

    @post_load
    def _as_stored(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return {**data, "kind": data["kind"].value}


class GateView(View):
    """One condition of booking, as it is ordered."""

    kind = fields.String()
    codes = fields.List(fields.String())
    node_id = fields.Integer()
    values = fields.List(fields.String())
    occupation_code = fields.String()
    at_least = fields.Integer()
    course_id = fields.Integer()

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """From the stored rule; a dict's own `values` is not what is asked for."""
        return obj.get(attr, default)


class GateSaidView(View):
    """One condition of booking, as it is read."""

    said = fields.String(metadata={"example": "限思茅区的职工"})
    name = fields.String(allow_none=True, metadata={"description": "of the union or course it names"})
