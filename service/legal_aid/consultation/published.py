"""Answers for everybody: a second text, written for it, in which nobody is to be known again.

Only these are searched by their words, in Chinese and by pinyin initials (docs/rules.md `legal_aid.published_answer`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.lifecycle import WrongState
from service.core.pages import Page, page_of
from service.core.search import like_pattern, normal, search_text
from service.core.transaction import transactional
from service.identity import people
from service.legal_aid.consultation import sight
from service.legal_aid.consultation.errors import (
    AnswerUnknown,
    ConsultationUnknown,
    IdentityInside,
    PublishedAlready,
    SameWords,
)
from service.legal_aid.consultation.models import Consultation, PublishedAnswer
from service.legal_aid.enums import Matter
from service.organisations import employers

NUMBERS = {"id_number": re.compile(r"\d{17}[\dxX]"), "phone": re.compile(r"(?<!\d)1[3-9](?:[ -]?\d){9}(?!\d)")}


@dataclass(frozen=True, slots=True)
class Publishing:
    """What everybody shall read."""

    title: str
    question: str
    answer: str

    @property
    def whole(self) -> str:
        """All of it."""
        return normal(f"{self.title}\n{self.question}\n{self.answer}")


@transactional
def publish(*, actor: Actor, consultation_id: UUID, text: Publishing) -> PublishedAnswer:
    """Publish a text of its own on an answered question.

    Raises ConsultationUnknown, WrongState before an answer, IdentityInside, SameWords, PublishedAlready.
    """
    found = sight.locked(sight.to_read(actor, consultation_id).id)
    if found.answered_at is None:
        raise WrongState(details={"state": found.state.value, "event": "publish"})
    told = sorted(set(_identities(found, text.whole)))
    if told:
        raise IdentityInside(details={"found": told})
    written = {normal(each.words) for each in sight.opened(found).entries}
    if normal(text.question) in written or normal(text.answer) in written:
        raise SameWords
    made = PublishedAnswer(
        consultation_id=found.id, matter=found.matter, title=text.title, question=text.question, answer=text.answer,
        search="\n".join([search_text(text.title), normal(text.question), normal(text.answer)]),
        published_by=actor.worker_id, published_at=clock.now(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise PublishedAlready from error
    entries.record(actor, "consultation.answer_published", "published_answer", made.id)
    return made


@transactional
def withdraw(*, actor: Actor, answer_id: UUID) -> PublishedAnswer:
    """Take a published answer down. Raises AnswerUnknown, also for one of a consultation out of sight."""
    query = select(PublishedAnswer).where(PublishedAnswer.id == answer_id, PublishedAnswer.withdrawn_at.is_(None))
    found = db.session.scalar(query.with_for_update())
    if found is None:
        raise AnswerUnknown
    try:
        sight.to_read(actor, found.consultation_id)
    except ConsultationUnknown as error:
        raise AnswerUnknown from error
    found.withdrawn_at, found.withdrawn_by = clock.now(), actor.worker_id
    entries.record(actor, "consultation.answer_withdrawn", "published_answer", found.id)
    db.session.flush()
    return found


def search(q: str | None, matter: Matter | None, *, page: int, per_page: int) -> Page[PublishedAnswer]:
    """Published answers with every word of `q` in them, newest first."""
    query = _shown()
    for word in (q or "").split():
        query = query.where(PublishedAnswer.search.like(like_pattern(word), escape="\\"))
    if matter is not None:
        query = query.where(PublishedAnswer.matter == matter)
    return page_of(
        query.order_by(PublishedAnswer.published_at.desc(), PublishedAnswer.id), page=page, per_page=per_page
    )


def shown(answer_id: UUID) -> PublishedAnswer:
    """One of them. Raises AnswerUnknown."""
    found = db.session.scalar(_shown().where(PublishedAnswer.id == answer_id))
    if found is None:
        raise AnswerUnknown
    return found


def of_consultation(actor: Actor, consultation_id: UUID) -> Sequence[PublishedAnswer]:
    """What stands published on a consultation in the actor's sight. Raises ConsultationUnknown."""
    sight.to_read(actor, consultation_id)
    return db.session.scalars(_shown().where(PublishedAnswer.consultation_id == consultation_id)).all()


def _shown() -> Select[PublishedAnswer]:
    return select(PublishedAnswer).where(PublishedAnswer.withdrawn_at.is_(None))


def _identities(found: Consultation, text: str) -> Iterator[str]:
    """By what somebody would be known again: numbers of whomever, and the asker's own name and employer."""
    for name, pattern in NUMBERS.items():
        if pattern.search(text):
            yield name
    asker = people.person(found.person_id)
    employer = employers.employer(asker.employer_id)
    for name, known in (("name", asker.name), ("employer", employer.name if employer else "")):
        if len(known) > 1 and normal(known) in text:
            yield name
