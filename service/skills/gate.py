"""The gate `level`: an offering for those who hold a level in an occupation.

Its rule: {"kind": "level", "occupation_code": "4-03-02-07", "at_least": 4}; four or better, one being the best.
"""

from collections.abc import Mapping, Sequence

from service.booking.gates import Gate, Reason, Rule, Standing
from service.organisations.occupations import occupation_name
from service.skills.certificates import levels_held
from service.skills.enums import level_name

KIND = "level"


def facts(person_ids: Sequence[int], rule: Rule) -> Mapping[int, int]:
    """Person id -> level held in the rule's occupation."""
    return levels_held(person_ids, rule["occupation_code"])


def refusal(_standing: Standing, fact: int | None, rule: Rule) -> Reason | None:
    """None where the level held is at least the one asked for; more is better, and the smaller number is more."""
    if fact is not None and fact <= rule["at_least"]:
        return None
    needed = f"{occupation_name(rule['occupation_code'])}{level_name(rule['at_least'])}"
    held = f"，您目前为{level_name(fact)}" if fact is not None else ""
    return Reason("gate.level", f"这个班须持有{needed}及以上证书{held}", "有证书请到“我的-技能证书”登记，核验后再报名")


GATE = Gate(refusal, facts)
