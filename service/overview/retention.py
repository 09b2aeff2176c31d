"""How long what is kept, on which ground, and what becomes of it then: one table, gone through every night.

The classes with a `run` are done here; the others by the worker's job that is named. Terms: docs/rules.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import DeclarativeBase

from service.audit import entries, expiring
from service.core import clock, configuration
from service.core.access import SYSTEM
from service.core.db import db
from service.core.transaction import transactional
from service.identity.binding_models import BindingCase
from service.identity.enums import BindingCaseState, ClosureState, CopyState, CorrectionState
from service.identity.request_models import AccountClosure, DataCopy, DataCorrection
from service.legal_aid import forgetting
from service.messaging.models import InboxMessage
from service.overview import erasing

NIGHT_HOUR, PIECE = 3, 1000
log = structlog.get_logger("retention")


@dataclass(frozen=True, slots=True)
class Retention:
    """One class: what, how long in words, the ground, what happens then; `run` does it, or the worker's job `job`."""

    code: str
    what: str
    kept: Callable[[], str]
    ground: str
    action: str
    run: Callable[[datetime], int] | None = None
    job: str = ""


def spoken_term(days: int) -> str:
    """`3年` for whole years, whichever of them are leap years; `7天` for anything else."""
    years = days // 365
    return f"{years}年" if years and 365 * years <= days <= 366 * years else f"{days}天"


def _days(name: str) -> int:
    return int(getattr(configuration.current(), name))


def _said(name: str) -> Callable[[], str]:
    return lambda: spoken_term(_days(name))


def _fixed(words: str) -> Callable[[], str]:
    return lambda: words


def _before(now: datetime, name: str) -> datetime:
    return now - timedelta(days=_days(name))


@transactional
def _delete_some(model: Any, condition: ColumnElement[bool]) -> int:
    key = next(iter(model.__table__.primary_key.columns))
    old = select(key).where(condition).limit(PIECE).scalar_subquery()
    gone = delete(model).where(key.in_(old)).returning(key).execution_options(synchronize_session=False)
    return len(db.session.scalars(gone).all())


def _delete_all(model: type[DeclarativeBase], condition: ColumnElement[bool]) -> int:
    gone = 0
    while dropped := _delete_some(model, condition):
        gone += dropped
    return gone


def _audit(now: datetime) -> int:
    return expiring.expire(_before(now, "audit_keep_days"))


def _inbox(now: datetime) -> int:
    return _delete_all(InboxMessage, InboxMessage.created_at < _before(now, "inbox_keep_days"))


def _requests(now: datetime) -> int:
    before = _before(now, "request_keep_days")
    decided = (DataCorrection.state != CorrectionState.OPEN) & (DataCorrection.decided_at < before)
    ended = (AccountClosure.state != ClosureState.WAITING) & (AccountClosure.ended_at < before)
    disputed = (BindingCase.state != BindingCaseState.OPEN) & (BindingCase.decided_at < before)
    gone = _delete_all(DataCorrection, decided) + _delete_all(AccountClosure, ended)
    gone += _delete_all(BindingCase, disputed)
    return gone + _delete_all(DataCopy, (DataCopy.state == CopyState.EXPIRED) & (DataCopy.requested_at < before))


def _unverified(now: datetime) -> int:
    return erasing.erase_unverified(_before(now, "unverified_keep_days"))


def _legal_aid(_now: datetime) -> int:
    return forgetting.forget_erased()


def _archive(now: datetime) -> int:
    years = configuration.current().archive_years
    local = clock.local(now)
    # The 29th of February ends with the 28th.
    day = min(local.day, 28) if local.month == 2 else local.day
    return erasing.forget_names(local.replace(year=local.year - years, day=day))


RETENTION: tuple[Retention, ...] = (
    Retention(
        "account", "基本信息、技能证书、微信身份、管理权限", _fixed("账号存续期间"),
        "docs/rules.md `retention.account`", "注销后删除", erasing.erase_due,
    ),
    Retention(
        "archive", "会籍、报名、考勤、结业", lambda: f"账号存续期间，注销后{configuration.current().archive_years}年",
        "docs/rules.md `retention.archive`", "注销时隐去姓名并锁定，期满去标识", _archive,
    ),
    Retention(
        "legal_aid", "法律援助案件", _fixed("账号存续期间，注销后只留编号和日期"),
        "docs/rules.md `retention.legal_aid`", "注销时删除内容和材料，留编号和日期", _legal_aid,
    ),
    Retention(
        "consents", "授权及其记录", _fixed("账号存续期间，注销后只留编号"),
        "docs/rules.md `retention.consents`", "作为证据保留，不含姓名和号码",
    ),
    Retention(
        "security_log", "操作与查看记录（审计）", _said("audit_keep_days"),
        "docs/rules.md `retention.security_log`", "整段删除，留签名检查点", _audit,
    ),
    Retention(
        "inbox", "站内消息", _said("inbox_keep_days"), "docs/rules.md `retention.inbox`", "删除", _inbox,
    ),
    Retention(
        "requests", "副本、更正、注销和认证申诉", _said("request_keep_days"),
        "docs/rules.md `retention.requests`", "删除", _requests,
    ),
    Retention(
        "copies", "个人信息副本文件", _said("copy_keep_days"), "docs/rules.md `retention.copies`", "删除", job="copies",
    ),
    Retention(
        "unverified", "从未实名的微信用户", _said("unverified_keep_days"),
        "docs/rules.md `retention.unverified`", "删除", _unverified,
    ),
    Retention(
        "sign_ins", "登录记录", _fixed("退出或到期后2天"), "docs/rules.md `retention.working_data`", "删除",
        job="sign_ins",
    ),
    Retention(
        "answers", "重复提交的答复", _fixed("24小时"), "docs/rules.md `retention.working_data`", "删除", job="answers",
    ),
    Retention(
        "phone_codes", "短信验证码", _fixed("1天"), "docs/rules.md `retention.working_data`", "删除", job="phone_codes",
    ),
    Retention(
        "outbox", "待投递事项", _said("outbox_keep_days"),
        "docs/rules.md `retention.working_data`", "删除", job="outbox_purge",
    ),
)  # fmt: skip
BY_CODE: dict[str, Retention] = {each.code: each for each in RETENTION}


def tonight() -> dict[str, int]:
    """Go through the table if it is night in Pu'er; for an hourly tick. What was done, by class."""
    now = clock.now()
    return run(now) if clock.local(now).hour == NIGHT_HOUR else {}


def run(now: datetime) -> dict[str, int]:
    """Do what is due; how many rows or people, by class. One class that fails does not keep the others."""
    done: dict[str, int] = {}
    for each in RETENTION:
        if each.run is not None:
            try:
                done[each.code] = each.run(now)
            except Exception:
                log.exception("retention_failed", retention=each.code)
    _write_down(done)
    return done


@transactional
def _write_down(done: dict[str, int]) -> None:
    entries.record(SYSTEM, "retention.run", "retention", "all", done=done)
