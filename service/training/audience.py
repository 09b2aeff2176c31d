"""Who a class is for: the gates staff choose, checked, completed and said in words. Membership is always asked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.core.access import Actor
from service.core.errors import NotFound
from service.organisations import divisions, labels, nodes, occupations
from service.organisations.enums import Industry, WorkerCategory
from service.training import scopes
from service.training.errors import PlanInvalid

MEMBERSHIP: dict[str, Any] = {"kind": "membership"}
LEVELS = {5: "五级（初级工）", 4: "四级（中级工）", 3: "三级（高级工）", 2: "二级（技师）", 1: "一级（高级技师）"}
"""docs/rules.md `skills.levels`."""

Rule = Mapping[str, Any]


def checked(actor: Actor, rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """The rules with what the desk and the reader need added: node path and name, course title.

    Raises PlanInvalid naming the rule and field that does not exist.
    """
    return [_checked(actor, index, rule) for index, rule in enumerate(rules)]


def gates(audience: Sequence[Rule]) -> list[Rule]:
    """The gates of the offering: membership, then the class's own in their order."""
    return [MEMBERSHIP, *audience]


def said(rule: Rule) -> str:
    """The rule in a worker's words."""
    return _SAID[rule["kind"]](rule)


def _checked(actor: Actor, index: int, rule: Rule) -> dict[str, Any]:
    kind, full = rule["kind"], dict(rule)
    if kind == "county" and not set(rule["codes"]) <= set(divisions.COUNTIES):
        _refuse(index, "codes", "没有这个县（区）代码")
    if kind == "level" and rule["occupation_code"] not in occupations.OCCUPATIONS:
        _refuse(index, "occupation_code", "没有这个工种代码")
    try:
        if kind == "node":
            node = nodes.node(rule["node_id"])
            full |= {"path": node.path, "name": node.name}
        if kind == "earlier_course":
            full |= {"title": scopes.course_in_sight(actor, rule["course_id"]).title}
    except NotFound as error:
        _refuse(index, "node_id" if kind == "node" else "course_id", error.message)
    return full


def _refuse(index: int, field: str, message: str) -> None:
    raise PlanInvalid(details={"audience": {str(index): {field: [message]}}})


def _counties(rule: Rule) -> str:
    return f"限{'、'.join(divisions.COUNTIES[code] for code in rule['codes'])}的职工"


def _industries(rule: Rule) -> str:
    return f"限{'、'.join(labels.INDUSTRIES[Industry(value)] for value in rule['values'])}产业的职工"


def _categories(rule: Rule) -> str:
    return f"限{'、'.join(labels.WORKER_CATEGORIES[WorkerCategory(value)] for value in rule['values'])}"


def _level(rule: Rule) -> str:
    return f"须持有{occupations.occupation_name(rule['occupation_code'])}{LEVELS[rule['at_least']]}或更高等级证书"


_SAID: dict[str, Callable[[Rule], str]] = {
    "membership": lambda _rule: "限工会会员",
    "county": _counties,
    "node": lambda rule: f"限{rule['name']}及下级工会的会员",
    "industry": _industries,
    "category": _categories,
    "level": _level,
    "earlier_course": lambda rule: f"须先学完“{rule['title']}”",
}
