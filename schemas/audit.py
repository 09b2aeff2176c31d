"""Orders and views of the audit trail."""

from marshmallow import fields

from schemas.fields import Paging, QueryInstant, QueryNumber, Text, View, page_view


class ListAuditEntries(Paging):
    """What is looked for in the trail."""

    action = Text(60, load_default=None, metadata={"description": "whole, or a beginning with its dot: `auth.`"})
    actor = QueryNumber(1, load_default=None, metadata={"description": "a person's id"})
    subject_kind = Text(40, load_default=None, metadata={"example": "person"})
    subject_id = Text(40, load_default=None)
    since = QueryInstant(load_default=None)
    until = QueryInstant(load_default=None)


class AuditEntryLine(View):
    """One deed: ids, states and numbers only."""

    id = fields.Integer()
    at = fields.AwareDateTime(format="iso")
    actor_id = fields.Integer(allow_none=True, metadata={"description": "null: the clock"})
    action = fields.String(metadata={"example": "auth.signed_in"})
    subject_kind = fields.String(metadata={"example": "person"})
    subject_id = fields.String()
    details = fields.Dict()
    sequence = fields.Integer(allow_none=True, metadata={"description": "its place in the chain, once sealed"})


AuditEntriesPage = page_view(AuditEntryLine)
