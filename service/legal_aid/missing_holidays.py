"""In December those who keep the holiday table are told, once, that next year's notice has not been entered yet.

Without it terms of next year are counted by the law's own days alone (docs/rules.md `calendar.last_day`,
`calendar.notice_missing`).
"""

from datetime import datetime

from sqlalchemy import select

from service.audit import entries
from service.audit.models import AuditEntry
from service.core import clock
from service.core.access import SYSTEM
from service.core.db import db
from service.core.transaction import transactional
from service.identity.models import Account, RoleGrant
from service.messaging import outbox
from service.organisations import holidays, nodes
from service.organisations.holidays import KEEPERS

DECEMBER = 12
TOLD = "organisations.holidays_missing_told"


@transactional
def tell(now: datetime) -> int:
    """Tell the keepers of the whole tree's table; how many. By the clock."""
    today = clock.local(now).date()
    year, root = today.year + 1, nodes.root()
    if today.month != DECEMBER or root is None or year not in holidays.holidays(today).missing_years:
        return 0
    told = select(AuditEntry.id).where(AuditEntry.action == TOLD, AuditEntry.subject_id == str(year)).limit(1)
    keepers = (
        select(RoleGrant.person_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(RoleGrant.role.in_(KEEPERS), RoleGrant.node_id == root.id, Account.is_disabled.is_(False))
    )
    people = sorted(set(db.session.scalars(keepers)))
    if not people or db.session.scalar(told) is not None:
        return 0
    entries.record(SYSTEM, TOLD, "calendar_year", year, people=len(people))
    for person_id in people:
        body = f"{year}年放假安排还没有录入，时限会算不准，请录入。"
        outbox.notice(person_id, f"holidays:{year}", "请录入节假日表", body, "/staff/holidays")
    return len(people)
