"""Who an announcement is for: active members of a node and everything below it, narrowed by what they are and do."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from service.announcements.errors import AudienceInvalid
from service.announcements.models import Announcement
from service.core.db import db
from service.identity.models import Person
from service.organisations import divisions, labels, nodes, occupations
from service.organisations.enums import Industry, WorkerCategory
from service.organisations.models import UnionNode
from service.unions.models import Membership, MembershipState

FIELDS = ("counties", "industries", "occupations", "categories")
Audience = Mapping[str, Sequence[str]]


def checked(audience: Audience) -> dict[str, list[str]]:
    """The audience without what is empty. Raises AudienceInvalid for codes that do not exist."""
    known: Mapping[str, object] = divisions.COUNTIES
    listed = occupations.OCCUPATIONS
    wrong = {
        "counties": [code for code in audience.get("counties", ()) if code not in known],
        "occupations": [code for code in audience.get("occupations", ()) if code not in listed],
    }
    refused = {name: [f"没有这个代码：{code}" for code in codes] for name, codes in wrong.items() if codes}
    if refused:
        raise AudienceInvalid(details={"audience": refused})
    return {name: sorted({str(each) for each in audience[name]}) for name in FIELDS if audience.get(name)}


def said(node_name: str, audience: Audience) -> str:
    """The audience in words."""
    parts = [f"{node_name}及下级工会"]
    for name, words in _WORDS.items():
        if audience.get(name):
            parts.append("、".join(words(each) for each in audience[name]))
    return "；".join(parts)


def count(announcement: Announcement) -> int:
    """How many people it is for, now."""
    return db.session.scalar(_members(announcement, func.count())) or 0


def piece(announcement: Announcement, after: int, most: int) -> list[int]:
    """The next people by id, at most so many."""
    query = _members(announcement, Membership.person_id).where(Membership.person_id > after)
    return list(db.session.scalars(query.order_by(Membership.person_id).limit(most)))


def everybody(announcement: Announcement) -> Select[int]:
    """The ids of the people it is for, as a query."""
    query: Select[int] = _members(announcement, Membership.person_id)
    return query


def _members(announcement: Announcement, what: Any) -> Any:
    path = nodes.node(announcement.node_id).path
    query = (
        select(what)
        .select_from(Membership)
        .join(UnionNode, UnionNode.id == Membership.node_id)
        .where(Membership.state == MembershipState.ACTIVE, nodes.subtree_filter(path))
    )
    conditions = _conditions(announcement.audience)
    return query.join(Person, Person.id == Membership.person_id).where(*conditions) if conditions else query


def _conditions(audience: Audience) -> list[ColumnElement[bool]]:
    columns: dict[str, Any] = {
        "counties": UnionNode.county_code,
        "industries": Person.industry,
        "occupations": Person.occupation_code,
        "categories": Person.worker_category,
    }
    return [column.in_(audience[name]) for name, column in columns.items() if audience.get(name)]


_WORDS: Mapping[str, Any] = {
    "counties": lambda code: divisions.COUNTIES[code],
    "industries": lambda value: labels.INDUSTRIES[Industry(value)],
    "occupations": occupations.occupation_name,
    "categories": lambda value: labels.WORKER_CATEGORIES[WorkerCategory(value)],
}
