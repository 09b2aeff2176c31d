"""The worker process: it delivers the outbox and lets the clock act. Composed here from what the features offer."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from flask import Flask

from service.booking import bookings, places
from service.core import clock, idempotency
from service.messaging import delivery, inbox, outbox, sweeping, ticks
from service.training import sheets, states
from service.unions import import_steps, imports

REST_SECONDS = 0.5
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
    Periodic("answers", 600, idempotency.forget),
    Periodic("booking_keys", 600, lambda: bookings.forget_keys(clock.now())),
)


def register_handlers() -> None:
    """Tell the outbox who performs what."""
    delivery.register_bulk(outbox.NOTICE, inbox.deliver)
    delivery.register_outward(imports.CHECK, import_steps.check)
    delivery.register_outward(imports.APPLY, import_steps.apply)
    delivery.register_outward(imports.FORGET, import_steps.forget)


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
        """Work until stopped. Faults are logged, and after a rest it goes on: the database may be back by then."""
        log.info("worker_started")
        while not self.stopping.is_set():
            try:
                with self.app.app_context():
                    is_idle = self.work() == 0
            except Exception:
                log.exception("worker_pass_failed")
                is_idle = True
            if is_idle:
                self.stopping.wait(REST_SECONDS)
        log.info("worker_stopped")

    def work(self) -> int:
        """One pass: the ticks that have come, then what the outbox has due; how many rows were delivered."""
        for each in self.periodic:
            number = ticks.tick_at(each.every_seconds, clock.now())
            if self.seen.get(each.job) != number and not self.stopping.is_set():
                ticks.tick(each.job, each.every_seconds, each.run)
                self.seen[each.job] = number
        return delivery.deliver_due()
