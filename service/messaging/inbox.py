"""The inbox every person has in the app, and how notices get into it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select, update

from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.pages import page_of
from service.core.transaction import transactional
from service.core.upsert import insert_new
from service.messaging import phones
from service.messaging.delivery import Job
from service.messaging.entries import Entry
from service.messaging.errors import MessageUnknown
from service.messaging.models import InboxMessage
from service.messaging.outbox import NOTICE
from service.messaging.topics import topic_of


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of messages, newest first, with the number unread in all."""

    items: list[InboxMessage]
    page: int
    per_page: int
    total: int
    unread: int


@transactional
def deliver(jobs: Sequence[Job]) -> None:
    """Put notices into their persons' inboxes, each once by its key. The outbox's handler for `notice`."""
    put(
        [
            Entry(
                person_id=job.payload["person_id"],
                key=job.key,
                title=job.payload["title"],
                body=job.payload["body"],
                link=job.payload.get("link"),
                at=job.created_at,
                topic=job.payload.get("topic") or topic_of(job.key.removeprefix(f"{NOTICE}:")),
            )
            for job in jobs
        ]
    )


def put(entries: Sequence[Entry]) -> int:
    """Put entries into inboxes, each once by its key, and tell the phones of who asked for that; how many were new.

    In the caller's transaction.
    """
    rows = [
        {"person_id": each.person_id, "key": each.key, "title": each.title, "body": each.body, "link": each.link,
         "created_at": each.at}
        for each in entries
    ]  # fmt: skip
    if not rows:
        return 0
    new = set(db.session.scalars(insert_new(InboxMessage, "key").returning(InboxMessage.key), rows))
    phones.tell([each for each in entries if each.key in new])
    return len(new)


@transactional
def read(actor: Actor, message_id: int) -> InboxMessage:
    """The message, read from now on. Raises MessageUnknown for another person's."""
    message = db.session.scalar(_mine(actor).where(InboxMessage.id == message_id))
    if message is None:
        raise MessageUnknown
    message.read_at = message.read_at or clock.now()
    return message


@transactional
def read_all(actor: Actor) -> int:
    """Mark everything read; how many were unread."""
    marked = db.session.scalars(
        update(InboxMessage)
        .where(InboxMessage.person_id == actor.worker_id, InboxMessage.read_at.is_(None))
        .values(read_at=clock.now())
        .returning(InboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(marked.all())


def inbox(actor: Actor, *, page: int, per_page: int, unread_only: bool = False) -> Inbox:
    """The actor's messages, newest first."""
    query = _mine(actor).order_by(InboxMessage.id.desc())
    if unread_only:
        query = query.where(InboxMessage.read_at.is_(None))
    found = page_of(query, page=page, per_page=per_page)
    return Inbox(found.items, page, per_page, found.total, unread(actor))


def has(actor: Actor, key: str) -> bool:
    """Whether a message with this key stands in the actor's inbox."""
    return db.session.scalar(_mine(actor).where(InboxMessage.key == key)) is not None


def unread(actor: Actor) -> int:
    """How many messages the actor has not read."""
    own = InboxMessage.person_id == actor.worker_id
    return db.session.scalar(select(func.count(InboxMessage.id)).where(own, InboxMessage.read_at.is_(None))) or 0


def _mine(actor: Actor) -> Select[InboxMessage]:
    return select(InboxMessage).where(InboxMessage.person_id == actor.worker_id)
