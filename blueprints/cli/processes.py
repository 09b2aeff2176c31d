"""`flask worker run`, `flask outbox deliver`: the processes beside the web server."""

import signal

import click
from flask import current_app
from flask.cli import AppGroup

from blueprints.worker import Worker
from service.messaging import delivery

worker = AppGroup("worker", help="The process that delivers the outbox and lets the clock act.")
outbox = AppGroup("outbox", help="What is to be done after a commit.")


@worker.command("run")
def run_worker() -> None:
    """Work until SIGTERM or Ctrl-C."""
    process = Worker(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001  the app itself
    signal.signal(signal.SIGTERM, process.stop)
    signal.signal(signal.SIGINT, process.stop)
    process.run()


@outbox.command("deliver")
def deliver_outbox() -> None:
    """Deliver all that is due now, then print how many rows were done."""
    done = 0
    while delivered := delivery.deliver_due():
        done += delivered
    click.echo(f"{done} delivered")
