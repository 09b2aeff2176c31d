"""`flask worker run`, `flask outbox ...`: the process beside the web server, and what it has to do."""

import signal

import click
from flask import current_app
from flask.cli import AppGroup

from blueprints import worker_metrics
from blueprints.worker import Worker
from service.core.access import SYSTEM
from service.messaging import dead_letters, delivery
from service.messaging.enums import OutboxState

worker = AppGroup("worker", help="The process that delivers the outbox and lets the clock act.")
outbox = AppGroup("outbox", help="What is to be done after a commit.")


@worker.command("run")
def run_worker() -> None:
    """Work until SIGTERM or Ctrl-C; tell what was counted on WORKER_METRICS_PORT, where there is one."""
    settings = current_app.config["GONGYUN"]
    if settings.worker_metrics_port:
        worker_metrics.serve(settings.host, settings.worker_metrics_port, settings.metrics_token)
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


@outbox.command("list")
@click.option(
    "--state",
    type=click.Choice([each.value for each in OutboxState]),
    default=OutboxState.DEAD.value,
    show_default=True,
)
@click.option("--kind", help="Rows of one kind alone.")
@click.option("--count", type=click.IntRange(1, 1000), default=50, show_default=True)
def list_outbox(state: str, kind: str | None, count: int) -> None:
    """Show rows in a state, newest first: id, kind, key, tries, what went wrong. Never what they hold."""
    found = dead_letters.letters(SYSTEM, OutboxState(state), kind=kind, page=1, per_page=count)
    for each in found.items:
        click.echo(
            f"{each.id}\t{each.kind}\t{each.key}\t{each.attempts}\t{each.last_error or '-'}\t{each.due_at:%F %T}"
        )
    click.echo(f"{len(found.items)} of {found.total}")


@outbox.command("resend")
@click.argument("ids", type=int, nargs=-1)
@click.option("--kind", help="All dead rows of a kind instead.")
def resend_outbox(ids: tuple[int, ...], kind: str | None) -> None:
    """Try dead rows again, by id or all of a kind."""
    if bool(ids) == bool(kind):
        raise click.UsageError("ids, or --kind")
    click.echo(f"{dead_letters.resend(SYSTEM, ids=ids, kind=kind)} to be tried again")
