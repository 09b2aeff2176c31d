"""A person's own page: what is held about her, on which ground and how long, and who looked at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from service.audit.models import AuditEntry, AuditSubject
from service.audit.reads import SEEN
from service.core.access import Actor
from service.core.db import db
from service.core.pages import Page, page_of_rows
from service.identity import people
from service.identity.models import RoleGrant
from service.organisations.models import UnionNode
from service.overview import collecting, retention
from service.overview.holdings import HOLDINGS, Category

GROUNDS: dict[Category, str] = {
    Category.IDENTITY: "履行工会法定职责所必需（个人信息保护法第十三条）",
    Category.MEMBERSHIP: "履行工会法定职责所必需（个人信息保护法第十三条、工会会员会籍管理办法）",
    Category.TRAINING: "您报名参加的服务所必需，补贴性培训档案依规保存（个人信息保护法第十三条）",
    Category.SKILLS: "您自行填写，用于核对报名条件（个人信息保护法第十三条）",
    Category.CONSENT: "证明您的同意或撤回（个人信息保护法第十四、十五、二十九条）",
    Category.MESSAGES: "您使用的服务所必需（个人信息保护法第十三条）",
    Category.SIGN_IN: "保障账号安全（个人信息保护法第五十一条、网络安全法）",
    Category.REQUESTS: "办理您的申请并留存证明（个人信息保护法第五十条）",
    Category.LEGAL_AID: "您申请的法律援助所必需（个人信息保护法第十三条、法律援助法第二十一条）",
    Category.WORK: "您的工作职责所必需（个人信息保护法第十三条）",
}
TITLES: dict[Category, str] = {
    Category.IDENTITY: "身份信息",
    Category.MEMBERSHIP: "会籍",
    Category.TRAINING: "培训",
    Category.SKILLS: "技能",
    Category.CONSENT: "授权",
    Category.MESSAGES: "消息",
    Category.SIGN_IN: "登录",
    Category.REQUESTS: "个人信息申请",
    Category.LEGAL_AID: "法律援助",
    Category.WORK: "工作职责",
}


@dataclass(frozen=True, slots=True)
class Held:
    """One sort of records: its name, how many there are, how long they are kept, what becomes of them."""

    title: str
    count: int
    kept: str
    action: str


@dataclass(frozen=True, slots=True)
class CategoryHeld:
    """A chapter with its legal ground."""

    category: Category
    title: str
    ground: str
    holdings: list[Held]


@dataclass(frozen=True, slots=True)
class MyData:
    """Everything held, in chapters, and how many records of others the person has had a hand in."""

    categories: list[CategoryHeld]
    deeds: int


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at the person's data: when, who by role and union, which fields. Names of staff are not told."""

    at: datetime
    action: str
    roles: list[str]
    unions: list[str]
    fields: list[str]


def summary(actor: Actor) -> MyData:
    """What is held about the actor. Raises PersonUnknown."""
    person_id = people.person(actor.worker_id).id
    found = collecting.counts(person_id)
    chapters = []
    for category in Category:
        held = [
            Held(each.title, found[each.table], kept.kept(), kept.action)
            for each in HOLDINGS
            if each.category == category
            for kept in [retention.BY_CODE[each.retention]]
        ]
        chapters.append(CategoryHeld(category, TITLES[category], GROUNDS[category], held))
    return MyData(chapters, collecting.deeds(person_id))


def looks(actor: Actor, *, page: int, per_page: int) -> Page[Look]:
    """Who looked at the actor's data, latest first (docs/rules.md `privacy.reads_audited`)."""
    query = (
        select(AuditEntry.id, AuditEntry.at, AuditEntry.action, AuditEntry.actor_id, AuditEntry.details)
        .join(AuditSubject, AuditSubject.entry_id == AuditEntry.id)
        .where(AuditSubject.person_id == actor.worker_id, AuditEntry.action.in_(SEEN))
        .order_by(AuditEntry.id.desc())
    )
    found = page_of_rows(query, page=page, per_page=per_page)
    held = _offices({row.actor_id for row in found.items if row.actor_id is not None})
    lines = [_look(row, held.get(row.actor_id, [])) for row in found.items]
    return Page(lines, page, per_page, found.total)


def _look(row: Any, offices: list[tuple[str, str]]) -> Look:
    return Look(
        at=row.at,
        action=row.action,
        roles=sorted({role for role, _ in offices}),
        unions=sorted({union for _, union in offices}),
        fields=list(row.details.get("fields", [])),
    )


def _offices(person_ids: set[int]) -> dict[int, list[tuple[str, str]]]:
    """The roles these people hold, and where."""
    query = (
        select(RoleGrant.person_id, RoleGrant.role, UnionNode.name)
        .join(UnionNode, UnionNode.id == RoleGrant.node_id)
        .where(RoleGrant.person_id.in_(person_ids))
    )
    held: dict[int, list[tuple[str, str]]] = {}
    for person_id, role, union in db.session.execute(query):
        held.setdefault(person_id, []).append((role.value, union))
    return held
