"""Inbox: the messages of a person."""

from marshmallow import fields

from schemas.fields import Paging, QueryFlag, View


class InboxQuery(Paging):
    """Which messages."""

    unread_only = QueryFlag(load_default=False)


class MessageView(View):
    """A message; `read_at` is null while it is unread."""

    id = fields.Integer()
    title = fields.String()
    body = fields.String()
    link = fields.String(allow_none=True, metadata={"description": "where it leads inside the app"})
    created_at = fields.AwareDateTime(format="iso")
    read_at = fields.AwareDateTime(format="iso", allow_none=True)


class InboxPage(View):
    """A page of messages, newest first."""

    items = fields.List(fields.Nested(MessageView))
    page = fields.Integer()
    per_page = fields.Integer()
    total = fields.Integer()
    unread = fields.Integer(metadata={"description": "unread messages on all pages"})


class ReadAllView(View):
    """How many messages were unread."""

    marked = fields.Integer()
