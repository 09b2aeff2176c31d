"""Credits for subscribe messages (docs/rules.md `messaging.credits`): one yes, one message.

The client reports a yes at once, WeChat pushes the same yes a moment later, and either may be lost: both are counted,
the greater counts. A long-term template's yes is not used up. What WeChat refuses for want of a yes takes all away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, func, select, update

from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.transaction import transactional
from service.core.upsert import insert_new
from service.messaging import addresses, templates
from service.messaging.enums import Moment
from service.messaging.models import SubscriptionCredit
from service.messaging.templates import Template
from service.messaging.topics import MOMENTS
from service.wechat.events import MessageSent, Subscription

MOST = 20
"""More yeses than that nobody taps: a client that reports them is not believed."""
REFUSED = 43101
log = structlog.get_logger("subscriptions")


class NoCredit(Exception):
    """The person has no yes left for the template: the inbox is all there is."""


@dataclass(frozen=True, slots=True)
class Asking:
    """When to ask for which templates."""

    moment: Moment
    template_ids: list[str]


@dataclass(frozen=True, slots=True)
class Credit:
    """A template of ours, and how many yeses the person has left for it."""

    template_id: str
    title: str
    is_long_term: bool
    left: int


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """What the client needs to ask a person to subscribe."""

    moments: list[Asking]
    credits: list[Credit]


@transactional
def report(actor: Actor, accepted: Iterable[str]) -> Subscriptions:
    """Believe the client that the person said yes to these templates once; ids that are not ours are left out."""
    known = {template.template_id for template in templates.current().by_purpose.values()}
    for template_id in sorted(known & set(accepted)):
        _count(actor.worker_id, template_id, "reported")
    return subscriptions(actor)


def subscriptions(actor: Actor) -> Subscriptions:
    """Which templates to ask the person for at which moment, and the yeses left."""
    by_purpose = templates.current().by_purpose
    query = select(SubscriptionCredit).where(SubscriptionCredit.person_id == actor.worker_id)
    left = {row.template_id: max(row.reported, row.pushed) - row.spent for row in db.session.scalars(query)}
    return Subscriptions(
        [
            Asking(moment, [by_purpose[purpose].template_id for purpose in purposes if purpose in by_purpose])
            for moment, purposes in MOMENTS.items()
        ],
        [
            Credit(each.template_id, each.title, each.is_long_term, left.get(each.template_id, 0))
            for each in by_purpose.values()
        ],
    )


def holders(person_ids: Sequence[int], template_ids: Iterable[str]) -> set[tuple[int, str]]:
    """(person id, template id) of those who have a yes left."""
    query = select(SubscriptionCredit.person_id, SubscriptionCredit.template_id).where(
        SubscriptionCredit.person_id.in_(person_ids), SubscriptionCredit.template_id.in_(set(template_ids)), is_left()
    )
    return {(row[0], row[1]) for row in db.session.execute(query)}


def count_of(person_ids: Select[int], template_id: str) -> int:
    """How many of these people have a yes left for the template."""
    query = select(func.count()).where(
        SubscriptionCredit.template_id == template_id, SubscriptionCredit.person_id.in_(person_ids), is_left()
    )
    return db.session.scalar(query.select_from(SubscriptionCredit)) or 0


def spend(person_id: int, template: Template) -> None:
    """Take a yes, in the caller's transaction. Raises NoCredit."""
    used = 0 if template.is_long_term else 1
    if not _change(person_id, template.template_id, is_left(), spent=SubscriptionCredit.spent + used):
        raise NoCredit


@transactional
def give_back(person_id: int, template: Template) -> None:
    """Nothing was sent: the yes stands again."""
    if not template.is_long_term:
        is_spent = SubscriptionCredit.spent > 0
        _change(person_id, template.template_id, is_spent, spent=SubscriptionCredit.spent - 1)


@transactional
def clear(person_id: int, template_id: str) -> None:
    """WeChat says there is no yes: believe it."""
    _change(person_id, template_id, reported=0, pushed=0, spent=0)


def heard(said: Subscription) -> None:
    """A person's yes or no, as WeChat pushed it. A no in the pop-up takes nothing away; one in the settings does."""
    person_id = addresses.person_of(said.openid)
    if person_id is not None and said.is_accepted:
        _count(person_id, said.template_id, "pushed")


def changed(said: Subscription) -> None:
    """A person's no in WeChat's settings."""
    person_id = addresses.person_of(said.openid)
    if person_id is not None and not said.is_accepted:
        clear(person_id, said.template_id)


def sent(told: MessageSent) -> None:
    """What became of a message. One that WeChat held back for want of a yes takes the others away."""
    if told.is_delivered:
        return
    log.warning("subscribe_message_not_delivered", errcode=told.error_code, message_id=told.message_id)
    person_id = addresses.person_of(told.openid)
    if person_id is not None and told.error_code == REFUSED:
        clear(person_id, told.template_id)


def is_left() -> ColumnElement[bool]:
    """The condition "there is a yes left"."""
    return (SubscriptionCredit.reported > SubscriptionCredit.spent) | (
        SubscriptionCredit.pushed > SubscriptionCredit.spent
    )


def _count(person_id: int, template_id: str, column: str) -> None:
    row = {
        "person_id": person_id, "template_id": template_id, "reported": 0, "pushed": 0, "spent": 0,
        "changed_at": clock.now(),
    }  # fmt: skip
    db.session.execute(insert_new(SubscriptionCredit, "person_id", "template_id").values(row))
    counter = getattr(SubscriptionCredit, column)
    is_credible = counter - SubscriptionCredit.spent < MOST
    _change(person_id, template_id, is_credible, **{column: counter + 1})


def _change(person_id: int, template_id: str, *conditions: ColumnElement[bool], **values: Any) -> bool:
    changed_row = db.session.scalar(
        update(SubscriptionCredit)
        .where(
            SubscriptionCredit.person_id == person_id, SubscriptionCredit.template_id == template_id, *conditions
        )
        .values(changed_at=clock.now(), **values)
        .returning(SubscriptionCredit.person_id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return changed_row is not None
