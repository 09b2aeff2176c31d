"""The worker process: it delivers the outbox and lets the clock act. Composed here from what the features offer."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from flask import Flask

from service.announcements import fan_out
from service.audit import sealing
from service.booking import bookings, places
from service.core import clock, idempotency
from service.identity import attempts, copies, key_rotation, phone_codes, sign_ins, wechat_sign_in
from service.legal_aid import attachments, desk, escalations, missing_holidays, tasks, work
from service.messaging import (
    addresses,
    delivery,
    inbox,
    outbox,
    phones,
    subscriptions,
    sweeping,
    ticks,
    wechat_push,
)
from service.messaging.addresses import AddressBook
from service.overview import copying, retention
from service.training import sheets, states
from service.unions import import_steps, imports
from service.wechat import events

REST_SECONDS = 0.5
BREATH_SECONDS = 0.25
"""How long what has just become due may wait for more: one pass over many rows costs less than many over few."""
SENDERS = 4
"""Threads that send to phones: WeChat and the SMS gateway may be slow, and nothing else shall wait for them."""
SENT_BY_SENDERS = frozenset({phones.KIND, phone_codes.SEND})
log = structlog.get_logger("worker")


@dataclass(frozen=True, slots=True)
class Periodic:
    """Something the clock does: once in so many seconds, however many workers there are."""

    job: str
    every_seconds: int
    run: Callable[[], object]


PERIODIC: tuple[Periodic, ...] = (
    Periodic(ticks.HEARTBEAT, 10, lambda: None),
    Periodic("offers", 5, lambda: places.expire_offers(clock.now())),
    Periodic("queues", 60, lambda: places.close_queues(clock.now())),
    Periodic("classes", 5, lambda: states.advance(clock.now())),
    Periodic("lessons", 60, lambda: sheets.close_lessons(clock.now())),
    Periodic("outbox_sweep", 30, sweeping.sweep),
    Periodic("outbox_watch", 60, sweeping.watch),
    Periodic("outbox_purge", 3600, sweeping.purge),
    Periodic("audit_chain", 5, sealing.seal_all),
    Periodic("audit_head", 3600, sealing.mark),
    Periodic("retention", 3600, retention.tonight),
    Periodic("copies", 600, lambda: copies.expire(clock.now())),
    Periodic("attempts", 3600, lambda: attempts.sweep(clock.now())),
    Periodic("phone_codes", 3600, lambda: phone_codes.sweep(clock.now())),
    Periodic("sign_ins", 3600, lambda: sign_ins.sweep(clock.now())),
    Periodic("wechat_pushes", 600, wechat_push.forget),
    Periodic("aid_files", 3600, lambda: attachments.sweep(clock.now())),
    Periodic("aid_checks", 60, attachments.check_waiting),
    Periodic("aid_papers", 600, lambda: desk.lapse_due(clock.now())),
    Periodic("aid_hearings", 600, lambda: work.remind_due(clock.now())),
    Periodic("aid_escalations", 600, lambda: escalations.escalate_due(clock.now())),
    Periodic("aid_holidays", 3600, lambda: missing_holidays.tell(clock.now())),
    Periodic("aid_tasks", 600, lambda: tasks.remind_due(clock.now())),
    Periodic("answers", 600, idempotency.forget),
    Periodic("booking_keys", 600, lambda: bookings.forget_keys(clock.now())),
)


def register_handlers() -> None:
    """Tell the outbox who performs what."""
    delivery.register_bulk(outbox.NOTICE, inbox.deliver)
    delivery.register(wechat_push.KIND, wechat_push.work)
    delivery.register_once(phones.KIND, phones.send)
    delivery.register(fan_out.KIND, fan_out.tell_piece)
    addresses.use(AddressBook(wechat_sign_in.openid_of, wechat_sign_in.person_of))
    events.register(events.POPUP, subscriptions.heard)
    events.register(events.CHANGE, subscriptions.changed)
    events.register(events.SENT, subscriptions.sent)
    delivery.register_outward(copies.PREPARE, lambda job: copying.prepare(job.payload))
    delivery.register_outward(attachments.DISCARD, lambda job: attachments.discard(job.payload))
    delivery.register_outward(copies.DISCARD, lambda job: copying.discard(job.payload))
    delivery.register_outward(phone_codes.SEND, phone_codes.deliver)
    delivery.register(key_rotation.COLUMN, key_rotation.reseal_column)
    delivery.register_outward(key_rotation.FILES, key_rotation.reseal_files)
    delivery.register_outward(imports.CHECK, import_steps.check)
    delivery.register_outward(imports.APPLY, import_steps.apply)
    delivery.register_outward(imports.FORGET, import_steps.forget)


def deliver() -> int:
    """Deliver what is due, but for what goes to phones; how many rows were done."""
    return delivery.deliver_due(kinds=delivery.handlers.keys() - SENT_BY_SENDERS)


def send() -> int:
    """Send what goes to phones and is due; how many went out."""
    return delivery.deliver_due(kinds=SENT_BY_SENDERS)


class Worker:
    """One worker process. `run` returns after `stop` has been called and the work at hand is done."""

    def __init__(self, app: Flask, periodic: Sequence[Periodic] = PERIODIC) -> None:
        self.app = app
        self.periodic = periodic
        self.stopping = threading.Event()
        self.seen: dict[str, int] = {}

    def stop(self, *_signal: object) -> None:
        """Finish what is at hand, then end. Fit as a signal's handler."""
        self.stopping.set()

    def run(self) -> None:
        """Work until stopped. The clock and what rings phones have threads of their own: nothing holds them up."""
        log.info("worker_started")
        threads = [threading.Thread(target=self._repeat, args=(self.let_clock_act,), name="clock")]
        threads += [threading.Thread(target=self._repeat, args=(send,), name="sender") for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        self._repeat(deliver, breath_seconds=BREATH_SECONDS)
        for thread in threads:
            thread.join()
        log.info("worker_stopped")

    def let_clock_act(self) -> int:
        """Run the jobs whose tick has come; 0, for then there is time to rest."""
        for each in self.periodic:
            number = ticks.tick_at(each.every_seconds, clock.now())
            if self.seen.get(each.job) != number and not self.stopping.is_set():
                ticks.tick(each.job, each.every_seconds, each.run)
                self.seen[each.job] = number
        return 0

    def _repeat(self, work: Callable[[], int], breath_seconds: float = 0.0) -> None:
        """Do it again and again, resting when nothing was done. Faults are logged: the database may come back.

        After a pass that did something it breathes, unless that took all a pass can take: then more is waiting.
        """
        while not self.stopping.is_set():
            done = 0
            try:
                with self.app.app_context():
                    done = work()
            except Exception:
                log.exception("worker_pass_failed", work=work.__name__)
            if done < delivery.BULK:
                self.stopping.wait(breath_seconds if done else REST_SECONDS)
