"""Subscribe messages: the phone rings for what stands in the inbox, where the person has said yes to that.

One outbox row a message, its key the notice's, so that a notice rings once. It goes out at most once: when WeChat's
answer does not come, nobody can tell, and it is not sent again (docs/rules.md `messaging.once`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from service.core import clock, configuration
from service.messaging import addresses, outbox, subscriptions, templates
from service.messaging.delivery import Begin, Job
from service.messaging.entries import Entry
from service.messaging.outbox import Errand
from service.messaging.outcomes import GiveUp, Later, Retry, Unclear
from service.messaging.quiet_hours import QuietHours
from service.messaging.subscriptions import NoCredit
from service.messaging.templates import Template
from service.messaging.topics import Topic, topic
from service.wechat import client, subscribe
from service.wechat.errors import (
    ArgumentBad,
    TemplateBad,
    UserRefused,
    WeChatBusy,
    WeChatDayLimit,
    WeChatMisconfigured,
    WeChatUnavailable,
    WeChatUnclear,
)
from service.wechat.subscribe import SubscribeMessage
from service.wechat.subscribe_fields import wrong_fields

KIND = "wechat_message"


def tell(entries: Sequence[Entry]) -> None:
    """Leave a message for each entry whose person has a yes for its template. In the caller's transaction."""
    ours = templates.current()
    wanted = [(entry, found) for entry in entries if (found := ours.for_topic(entry.topic)) is not None]
    if not wanted:
        return
    have = subscriptions.holders(
        sorted({entry.person_id for entry, _ in wanted}), {template.template_id for _, template in wanted}
    )
    now = clock.now()
    outbox.put_new(
        [
            Errand(
                KIND,
                key_of(entry.key),
                {"person_id": entry.person_id, "topic": entry.topic, "link": entry.link},
                release(topic(entry.topic), now),
            )
            for entry, template in wanted
            if (entry.person_id, template.template_id) in have
        ]
    )


def key_of(entry_key: str) -> str:
    """The key of the message that tells of an entry."""
    return f"wechat:{entry_key}"


def release(about: Topic, now: datetime) -> datetime:
    """When a phone may ring for this: now, or for what is not urgent at the end of the quiet hours."""
    return now if about.is_urgent else quiet_hours().release(now)


def quiet_hours() -> QuietHours:
    """Those of the configuration in force."""
    return QuietHours.of(configuration.current().quiet_hours)


def send(job: Job, begin: Begin) -> None:
    """Send one message, if there is still somebody to send it to. The outbox's handler for KIND."""
    about, now = topic(job.payload["topic"]), clock.now()
    ours = templates.current()
    template = ours.for_topic(job.payload["topic"])
    openid = addresses.openid_of(job.payload["person_id"])
    if template is None or openid is None:
        return
    if release(about, now) > now:
        raise Later("QuietHours", release(about, now))
    message = SubscribeMessage(
        openid=openid,
        template_id=template.template_id,
        data=template.filled(about.text, job.created_at),
        page=ours.page_for(job.payload.get("link")),
        state=ours.state,
    )
    if wrong_fields(message.data):
        raise GiveUp(ArgumentBad.__name__)
    try:
        begin(lambda: subscriptions.spend(job.payload["person_id"], template))
    except NoCredit:
        return
    _out(job.payload["person_id"], template, message, now)


def _out(person_id: int, template: Template, message: SubscribeMessage, now: datetime) -> None:
    try:
        subscribe.send(client.current(), message)
    except UserRefused:
        subscriptions.clear(person_id, template.template_id)
    except WeChatUnclear as error:
        raise Unclear from error
    except (ArgumentBad, TemplateBad) as error:
        subscriptions.give_back(person_id, template)
        raise GiveUp(type(error).__name__) from error
    except WeChatDayLimit as error:
        subscriptions.give_back(person_id, template)
        raise Later(type(error).__name__, _tomorrow(now)) from error
    except (WeChatBusy, WeChatUnavailable, WeChatMisconfigured) as error:
        subscriptions.give_back(person_id, template)
        raise Retry(type(error).__name__) from error


def _tomorrow(now: datetime) -> datetime:
    """The next midnight in Pu'er, when WeChat counts anew."""
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=1)).astimezone(now.tzinfo)
