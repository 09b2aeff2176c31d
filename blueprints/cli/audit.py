"""`flask audit ...`: promises checked against the rows."""

import sys

import click
from flask.cli import AppGroup

from service.audit import verifying
from service.audit.sealing import Head
from service.booking.recount import recount

audit = AppGroup("audit", help="Recount what was promised.")


@audit.command("bookings")
def audit_bookings() -> None:
    """Recount places, receipts, waiting lists, clashes, offers, notices; exit 2 naming the rows if one is broken."""
    findings = recount()
    for finding in findings:
        click.echo(f"{finding.invariant}: {finding.row}: {finding.detail}")
    if findings:
        sys.exit(2)
    click.echo("bookings: every promise is kept")


@audit.command("verify")
@click.option("--head", help="SEQUENCE:HASH written down elsewhere (a log's audit_head): the trail must still hold it.")
def verify_trail(head: str | None) -> None:
    """Follow the audit trail's chain from its start; exit 2 naming the rows if one was changed or is gone."""
    sequence, _, hash_ = (head or "").partition(":")
    if head and not sequence.isdigit():
        raise click.BadParameter("SEQUENCE:HASH", param_hint="--head")
    verdict = verifying.verify(Head(int(sequence), hash_) if head else None)
    for finding in verdict.findings:
        click.echo(f"{finding.row}: {finding.fault}")
    click.echo(f"audit trail: {verdict.links} links, head {verdict.head.sequence}:{verdict.head.hash}")
    if verdict.findings:
        sys.exit(2)
