"""Moving a tip on: its state, the step on its timeline, the trail, the word to who gave it by name."""

from service.audit import entries
from service.core import clock
from service.core.access import Actor
from service.core.db import db
from service.core.ids import new_id
from service.legal_aid.supervision import sight, timeline
from service.legal_aid.supervision.enums import TipEvent, TipStep
from service.legal_aid.supervision.lifecycle import ENDED, TIP
from service.legal_aid.supervision.models import LabourTip
from service.messaging import outbox


def move(actor: Actor, tip: LabourTip, event: TipEvent, *, words: str = "") -> LabourTip:
    """Take the step, in the caller's transaction, who holds the lock. Raises WrongState."""
    before, tip.state = tip.state, TIP.next(tip.state, event)
    tip.due_on = None
    tip.version += 1
    if tip.state in ENDED:
        tip.ended_at = clock.now()
    timeline.add(tip, TipStep(event.value), words, actor)
    entries.record(actor, f"supervision.{event.value}", sight.SUBJECT, tip.id, before=before.value)
    tell_tipper(tip, f"{tip.number}有新进展。")
    return tip


def tell_tipper(tip: LabourTip, body: str) -> None:
    """Leave a notice for who gave the tip by name; nobody is told of an anonymous one."""
    if tip.person_id is not None:
        outbox.notice(tip.person_id, f"legal_aid:{new_id()}", "您反映的线索有新进展", body, f"/labour-tips/{tip.id}")
    db.session.flush()
