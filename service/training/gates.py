"""The gate a class may set on an earlier course: who has completed one of its classes passes.

Registered with the booking desk at composition (`blueprints/app.py`) as `earlier_course`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from service.booking.gates import Gate, Reason, Rule, Standing
from service.training import completion

KIND = "earlier_course"


def _completed(person_ids: Sequence[int], rule: Rule) -> Mapping[int, Any]:
    """True for each of these people who completed a class of the rule's course."""
    return dict.fromkeys(completion.completed(person_ids, rule["course_id"]), True)


def _refusal(_standing: Standing, fact: Any, rule: Rule) -> Reason | None:
    if fact:
        return None
    course = rule.get("title", "前一门课程")
    return Reason("gate.earlier_course", f"须先学完“{course}”", f"请先报名并完成“{course}”")


EARLIER_COURSE = Gate(_refusal, _completed)
