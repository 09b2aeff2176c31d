"""Announcements: what staff write, and what people read."""

from marshmallow import fields, validate

from schemas.fields import Choice, Instant, Number, Order, Paging, Text, View
from service.announcements.enums import AnnouncementState
from service.organisations.enums import Industry, WorkerCategory


def _most(count: int) -> validate.Length:
    return validate.Length(0, count, error=f"至多{count}项")


class AudienceOrder(Order):
    """Who of the node's members; an empty list leaves nobody out."""

    counties = fields.List(Text(6), load_default=list, validate=_most(10), metadata={"example": ["530802"]})
    industries = fields.List(Choice(Industry), load_default=list, validate=_most(9))
    occupations = fields.List(Text(10), load_default=list, validate=_most(50), metadata={"example": ["4-03-02-07"]})
    categories = fields.List(Choice(WorkerCategory), load_default=list, validate=_most(8))


class WriteAnnouncement(Order):
    """An announcement to the members of a node and everything below it."""

    node_id = Number(1, required=True)
    title = Text(60, required=True, metadata={"example": "茶艺师培训开始报名"})
    body = Text(
        200, required=True, metadata={"description": "stands in the inbox", "example": "本周六起报名，名额50个。"}
    )
    text = Text(5000, least=0, load_default="", metadata={"description": "in full, on the page behind the message"})
    audience = fields.Nested(AudienceOrder, load_default=dict)


class ChangeAnnouncement(WriteAnnouncement):
    """The draft anew; `version` is the one that was read."""

    version = Number(1, required=True)


class ApproveAnnouncement(Order):
    """The version that was read."""

    version = Number(1, required=True)


class SendAnnouncement(ApproveAnnouncement):
    """The version that was read, and when: now where no time is given."""

    at = Instant(load_default=None, allow_none=True)


class CancelAnnouncement(Order):
    """Why."""

    reason = Text(200, required=True)


class ListAnnouncements(Paging):
    """Which announcements."""

    state = Choice(AnnouncementState, load_default=None)


class AudienceView(View):
    """As it was written; an empty list leaves nobody out."""

    counties = fields.List(fields.String(), dump_default=list)
    industries = fields.List(fields.String(), dump_default=list)
    occupations = fields.List(fields.String(), dump_default=list)
    categories = fields.List(fields.String(), dump_default=list)


class StaffAnnouncementLine(View):
    """An announcement in a list, with how far it has got."""

    id = fields.Integer()
    node_id = fields.Integer()
    node_name = fields.String(attribute="node.name", metadata={"example": "思茅区总工会"})
    title = fields.String()
    state = fields.Enum(AnnouncementState, by_value=True)
    send_at = fields.AwareDateTime(format="iso", allow_none=True)
    total = fields.Integer(allow_none=True, metadata={"description": "people, known once it is on its way"})
    reached = fields.Integer()
    finished_at = fields.AwareDateTime(format="iso", allow_none=True)


class StaffAnnouncementView(StaffAnnouncementLine):
    """An announcement as staff see it."""

    body = fields.String()
    text = fields.String()
    audience = fields.Nested(AudienceView)
    approved_by = fields.Integer(allow_none=True, metadata={"description": "the second person"})
    created_at = fields.AwareDateTime(format="iso")
    version = fields.Integer()


class PreviewView(View):
    """Whom it would reach and how it would look, were it sent now."""

    total = fields.Integer()
    phones = fields.Integer(metadata={"description": "how many of them get a subscribe message as well"})
    audience = fields.String(metadata={"example": "思茅区总工会及下级工会；茶叶"})
    title = fields.String()
    body = fields.String()
    link = fields.String()
    phone = fields.List(fields.String(), allow_none=True, metadata={"description": "the message's lines on a phone"})
    earliest_at = fields.AwareDateTime(format="iso", metadata={"description": "later than now in quiet hours"})
    needs_approval = fields.Boolean()


class AnnouncementView(View):
    """An announcement as those it is for read it."""

    id = fields.Integer()
    title = fields.String()
    body = fields.String()
    text = fields.String()
    send_at = fields.AwareDateTime(format="iso", allow_none=True)
