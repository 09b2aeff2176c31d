"""Orders and views of cover while a handler is absent."""

from marshmallow import fields

from schemas.fields import Day, Number, Order, QueryNumber, View


class ListCoverCandidates(Order):
    """For whom; who asks, where it is nobody else."""

    absent_id = QueryNumber(1, load_default=None)


class EnterCover(Order):
    """Who is absent (who asks, where it is nobody else), who covers, from and until which day, both included."""

    absent_id = Number(1, load_default=None, allow_none=True)
    cover_id = Number(1, required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)


class CoverView(View):
    """A cover. `uncovered`: numbers of cases that concern the cover, and stay closed to her."""

    id = fields.UUID(attribute="cover.id")
    absent_id = fields.Integer(attribute="cover.absent_id")
    absent_name = fields.String(metadata={"example": "张三"})
    cover_id = fields.Integer(attribute="cover.cover_id")
    cover_name = fields.String(metadata={"example": "李四"})
    starts_on = fields.Date(attribute="cover.starts_on")
    ends_on = fields.Date(attribute="cover.ends_on")
    ended_at = fields.AwareDateTime(format="iso", attribute="cover.ended_at", allow_none=True)
    is_in_force = fields.Boolean()
    uncovered = fields.List(fields.String(), metadata={"example": ["530802-2026-0001"]})


class CoverHandlerView(View):
    """A handler for whom a cover may be entered."""

    person_id = fields.Integer(attribute="id")
    name = fields.String(metadata={"example": "张三"})


class CoversView(View):
    """Covers that hold or will hold, and for whom the caller may enter one."""

    items = fields.List(fields.Nested(CoverView))
    may_enter_for = fields.List(fields.Nested(CoverHandlerView))


class CoverCandidateView(View):
    """Somebody who might cover."""

    person_id = fields.Integer()
    name = fields.String(metadata={"example": "李四"})
    node_name = fields.String(metadata={"example": "思茅区总工会"})
    in_hand = fields.Integer(metadata={"description": "cases in hand"})
    barred = fields.Integer(metadata={"description": "cases of the absent one that concern her"})


class CoverCandidatesView(View):
    """Who might cover; those with the fewest conflicts and cases in front."""

    items = fields.List(fields.Nested(CoverCandidateView))
