"""What goes into an inbox, before it is a row."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A message to be: `key` keeps it from standing there twice, `topic` says whether the phone is told."""

    person_id: int
    key: str
    title: str
    body: str
    link: str | None
    at: datetime
    topic: str
