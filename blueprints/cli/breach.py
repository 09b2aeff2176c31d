"""`flask breach-report`: who saw whose data, for the hours after an incident."""

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from service.core import clock
from service.core.access import SYSTEM
from service.overview import breach_pages, breach_report


class Moment(click.ParamType[datetime]):
    """`2026-11-28`, `2026-11-28T19:30`, with an offset or else on a clock in Pu'er."""

    name = "moment"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant. Fails for anything else."""
        try:
            at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r}: like 2026-11-28 or 2026-11-28T19:30", param, ctx)
        return at if at.tzinfo else at.replace(tzinfo=clock.SHANGHAI)


@click.command("breach-report")
@click.option("--since", required=True, type=Moment(), help="From when: 2026-11-28T19:30, in Pu'er unless told.")
@click.option("--until", required=True, type=Moment(), help="To before when.")
@click.option("--actor", "actor_id", type=int, help="Only what this person's account did.")
@click.option("--person", "person_id", type=int, help="Only what concerns this person.")
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), help="Also an .xlsx, a new file.")
def breach(since: datetime, until: datetime, actor_id: int | None, person_id: int | None, target: Path | None) -> None:
    """List from the audit trail who saw, changed or took out whose data, and how many people are concerned."""
    found = breach_report.report(SYSTEM, breach_report.Asked(since, until, actor_id, person_id))
    for line in breach_pages.text(found):
        click.echo(line)
    if target is None:
        return
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(breach_pages.written(found, f"breach-report {clock.spoken(clock.now())}"))
    except OSError as error:
        click.echo(f"not written: {error}", err=True)
        sys.exit(2)
    click.echo(f"written: {target}")
