"""`flask audit ...`: promises checked against the rows."""

import sys

import click
from flask.cli import AppGroup

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
