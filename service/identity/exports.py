"""What is taken out in one piece: marked with who, when and by which request, written down, and watched.

An account that takes out more rows on a day than `EXPORT_ROWS_A_DAY`, or more than `EXPORT_ROWS_OFF_HOURS` outside
office hours, is told of at once: to the log, to the meters, to auditors and administrators of its unions and above
(docs/rules.md `privacy.bulk_export`, `privacy.export_mark`).
"""

import functools
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select

from service.audit import entries
from service.audit.models import AuditEntry
from service.audit.reads import EXPORTS
from service.core import clock, configuration
from service.core.access import Actor, Role
from service.core.db import db
from service.core.reference import request_id
from service.core.transaction import transactional
from service.identity import grants, people
from service.identity.models import Account, RoleGrant
from service.messaging import outbox
from service.messaging.quiet_hours import QuietHours
from service.organisations import holidays
from service.organisations.models import UnionNode
from service.organisations.settings import here_and_above

OVER_A_DAY, OFF_HOURS = "rows_a_day", "off_hours"
SAID = {
    OVER_A_DAY: "今天已导出{rows}行，超过提醒线{limit}行",
    OFF_HOURS: "在非工作时间已导出{rows}行，超过提醒线{limit}行",
}
TOLD = (Role.AUDITOR, Role.ADMINISTRATOR)
TOPIC, TITLE, LINK = "export_alert", "有账号大量导出个人信息", "/audit"
Watcher = Callable[[str], None]
watchers: list[Watcher] = []
log = structlog.get_logger("exports")


def register(watcher: Watcher) -> None:
    """Call the watcher with why, each time an export is told of. It must not raise."""
    if watcher not in watchers:
        watchers.append(watcher)


def mark(actor: Actor) -> str:
    """`账号city（#12） 2026-11-28 20:15 编号9f2c…`: for `workbook.written` and for printed pages."""
    at = f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"
    asked = f" 编号{request_id.get()}" if request_id.get() else ""
    return f"{_name(actor)} {at}{asked}"


def taken(
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: object,
    /,
    *,
    rows: int,
    about: Iterable[int] = (),
    **details: Any,
) -> None:
    """Write down that so many rows were taken out, in a command of its own, and tell who watches where it is much.

    `action` is one of `audit.reads.EXPORTS`; `about` are the people in it.
    """
    what = {"rows": rows, "request_id": request_id.get(), **details}
    write = functools.partial(entries.record, actor, action, subject_kind, subject_id, about=about, **what)
    for why, told in transactional(_enter)(actor, write).items():
        log.warning("bulk_export", why=why, actor_id=actor.person_id, rows=told, request_id=request_id.get())
        for watcher in watchers:
            watcher(why)


def _enter(actor: Actor, write: Callable[[], None]) -> dict[str, int]:
    """Rows taken out by why they are too many; empty where they are not. Two exports at once are counted together."""
    people.lock([actor.worker_id])
    write()
    db.session.flush()
    limits = configuration.current()
    found = {}
    if (today := _rows_of_today(actor)) > limits.export_rows_a_day:
        found[OVER_A_DAY] = (today, limits.export_rows_a_day)
    if (late := _rows_of_today(actor, is_off_hours)) > limits.export_rows_off_hours and is_off_hours(clock.now()):
        found[OFF_HOURS] = (late, limits.export_rows_off_hours)
    for why, (told, limit) in found.items():
        _tell(actor, why, SAID[why].format(rows=told, limit=limit))
    return {why: told for why, (told, _) in found.items()}


def is_off_hours(at: datetime) -> bool:
    """Whether nobody is expected at work: outside `OFFICE_HOURS`, or on a day off."""
    hours = QuietHours.of(configuration.current().office_hours)
    local = clock.local(at)
    return not (holidays.calendar().is_workday(local.date()) and hours.begins <= local.time() < hours.ends)


def _rows_of_today(actor: Actor, counts: Callable[[datetime], bool] = lambda _: True) -> int:
    query = select(AuditEntry.at, AuditEntry.details).where(
        AuditEntry.actor_id == actor.person_id,
        AuditEntry.at >= clock.day_start(clock.today()),
        AuditEntry.action.in_(EXPORTS),
    )
    return sum(int(details.get("rows", 0)) for at, details in db.session.execute(query) if counts(at))


def _tell(actor: Actor, why: str, said: str) -> None:
    """Once a day for each why and each who is told."""
    body = f"{_name(actor)}{said}。请核实是否工作需要；不是的，先停用账号，再按应急预案处置。"
    key = f"{TOPIC}:{why}:{actor.person_id}:{clock.today():%Y%m%d}"
    outbox.put_new(
        [
            outbox.Errand(
                outbox.NOTICE,
                f"notice:{key}:{person_id}",
                {"person_id": person_id, "title": TITLE, "body": body, "link": LINK},
                clock.now(),
            )
            for person_id in _watching(actor)
        ]
    )


def _watching(actor: Actor) -> list[int]:
    """Auditors and administrators of the actor's unions and above, but for the actor."""
    paths = {path for grant in grants.of(actor.worker_id) for path in here_and_above(grant.path)}
    query = (
        select(RoleGrant.person_id)
        .join(UnionNode, UnionNode.id == RoleGrant.node_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.role.in_(TOLD), UnionNode.path.in_(paths), Account.is_disabled.is_(False),
            RoleGrant.person_id != actor.person_id,
        )
        .distinct()
    )  # fmt: skip
    return list(db.session.scalars(query))


def _name(actor: Actor) -> str:
    login = db.session.scalar(select(Account.login).where(Account.person_id == actor.person_id))
    return f"账号{login or ''}（#{actor.person_id}）"
