"""Gates: the audience rules of an offering, asked in the order they stand there.

Each shut gate gives a code, a reason and a next step, so that a person learns *before trying* whether they may book.
Gates that need only the person's standing are here; a feature registers its own at composition (`register`), with a
question that fetches what it needs for many people at once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the gates know of a person: verified, member of which node, where and what they work as."""

    person_id: int
    is_verified: bool
    node_path: str | None
    county_code: str | None
    industry: str
    category: str

    @property
    def is_member(self) -> bool:
        """Whether there is an active membership."""
        return self.node_path is not None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a gate is shut, and what the person can do about it."""

    code: str
    detail: str
    next_step: str

    def as_dict(self) -> dict[str, str]:
        """The reason as it goes over the wire."""
        return {"code": self.code, "detail": self.detail, "next_step": self.next_step}


@dataclass(frozen=True, slots=True)
class Gate:
    """One kind of gate: `refusal(standing, fact, rule)` is pure, `facts(person_ids, rule)` fetches a fact a person."""

    refusal: Callable[[Standing, Any, Rule], Reason | None]
    facts: Callable[[Sequence[int], Rule], Mapping[int, Any]] | None = None


Facts = dict[tuple[int, int], Any]
"""(index of the rule in its list, person id) -> fact."""


def _membership(standing: Standing, _fact: Any, _rule: Rule) -> Reason | None:
    if not standing.is_verified:
        return Reason("gate.not_verified", "您还没有实名认证", "请先到“我的”完成实名认证")
    if not standing.is_member:
        return Reason("gate.membership", "这个班只面向工会会员", "请先申请加入工会")
    return None


def _county(standing: Standing, _fact: Any, rule: Rule) -> Reason | None:
    if standing.county_code in rule["codes"]:
        return None
    return Reason("gate.county", "这个班只面向指定县（区）的职工", "可以看看本县（区）的班")


def _node(standing: Standing, _fact: Any, rule: Rule) -> Reason | None:
    if standing.node_path and standing.node_path.startswith(rule["path"]):
        return None
    return Reason("gate.node", "这个班只面向指定工会的会员", "可以看看您所在工会的班")


def _industry(standing: Standing, _fact: Any, rule: Rule) -> Reason | None:
    if standing.industry in rule["values"]:
        return None
    return Reason("gate.industry", "这个班只面向指定产业的职工", "产业登记有误，请到“我的资料”申请更正，由工会核实")


def _category(standing: Standing, _fact: Any, rule: Rule) -> Reason | None:
    if standing.category in rule["values"]:
        return None
    return Reason("gate.category", "这个班只面向指定的职工群体", "职工类别登记有误，请到“我的资料”申请更正，由工会核实")


GATES: dict[str, Gate] = {
    "membership": Gate(_membership),
    "county": Gate(_county),
    "node": Gate(_node),
    "industry": Gate(_industry),
    "category": Gate(_category),
}


def register(kind: str, gate: Gate) -> None:
    """Teach the desk a feature's gate. Called at composition only."""
    GATES[kind] = gate


def facts_for(rules: Sequence[Rule], person_ids: Sequence[int]) -> Facts:
    """What the registered gates among these rules need to know of these people; no query where none needs any."""
    facts: Facts = {}
    for index, rule in enumerate(rules):
        ask = GATES[rule["kind"]].facts
        if ask is not None:
            facts.update({(index, person_id): fact for person_id, fact in ask(person_ids, rule).items()})
    return facts


def shut_gates(rules: Sequence[Rule], standing: Standing, facts: Facts) -> list[Reason]:
    """The reasons of every shut gate, in order; empty where all are open."""
    found: Iterable[Reason | None] = (
        GATES[rule["kind"]].refusal(standing, facts.get((index, standing.person_id)), rule)
        for index, rule in enumerate(rules)
    )
    return [reason for reason in found if reason is not None]
