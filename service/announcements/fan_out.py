"""Telling everybody: in pieces of so many people, each piece an outbox row that leaves the next one behind.

A worker that dies in a piece leaves it whole for the next one; the key of the message lets nobody be told twice, and
memory holds one piece. People by id, so that who joins meanwhile is either ahead or has been passed.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy import select

from service.announcements import audience
from service.announcements.enums import AnnouncementEvent, AnnouncementState
from service.announcements.lifecycle import ANNOUNCEMENT
from service.announcements.models import Announcement
from service.core import clock
from service.core.db import db
from service.core.transaction import transactional
from service.messaging import inbox, outbox, phones, topics
from service.messaging.entries import Entry
from service.messaging.outbox import Errand

KIND = "announcement"
PIECE = 500
RUNNING = (AnnouncementState.SCHEDULED, AnnouncementState.SENDING)
log = structlog.get_logger("announcements")


def key(announcement_id: int, person_id: int | str) -> str:
    """The key of what one person is told: it stands in an inbox once."""
    return f"announcement:{announcement_id}:{person_id}"


def link(announcement_id: int) -> str:
    """Where it is read in full."""
    return f"/announcements/{announcement_id}"


def begin(announcement: Announcement) -> None:
    """Leave the first piece, due at its time. In the caller's transaction."""
    _leave(announcement, after=0)


def stop(announcement: Announcement) -> None:
    """Take back the pieces and the messages to phones that have not gone out. In the caller's transaction."""
    outbox.withdraw(KIND, _piece_key(announcement.id, ""))
    outbox.withdraw(phones.KIND, phones.key_of(key(announcement.id, "")))


@transactional
def tell_piece(payload: Mapping[str, Any]) -> None:
    """Tell the next piece of the audience. The outbox's handler for KIND."""
    query = select(Announcement).where(Announcement.id == payload["announcement_id"]).with_for_update()
    found = db.session.scalar(query)
    if found is None or found.state not in RUNNING:
        return
    if found.state is AnnouncementState.SCHEDULED:
        found.total = audience.count(found)
        found.state = ANNOUNCEMENT.next(found.state, AnnouncementEvent.START)
    people = audience.piece(found, payload["after"], PIECE)
    found.reached += inbox.put([_entry(found, person_id) for person_id in people])
    if len(people) == PIECE:
        _leave(found, after=people[-1])
        return
    found.state = ANNOUNCEMENT.next(found.state, AnnouncementEvent.FINISH)
    found.finished_at = clock.now()
    log.info("announcement_sent", announcement_id=found.id, total=found.total, reached=found.reached)


def _entry(announcement: Announcement, person_id: int) -> Entry:
    return Entry(
        person_id=person_id,
        key=key(announcement.id, person_id),
        title=announcement.title,
        body=announcement.body,
        link=link(announcement.id),
        at=clock.now(),
        topic=topics.ANNOUNCEMENT,
    )


def _leave(announcement: Announcement, after: int) -> None:
    payload = {"announcement_id": announcement.id, "after": after}
    due_at = max(announcement.send_at or clock.now(), clock.now())
    outbox.put_new([Errand(KIND, _piece_key(announcement.id, after), payload, due_at)])


def _piece_key(announcement_id: int, after: int | str) -> str:
    return f"announcement_piece:{announcement_id}:{after}"
