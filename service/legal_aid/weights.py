"""Weighing who should take a case: few cases in hand, practice in the matter, the same county. Pure.

The weights are our own (docs/rules.md `legal_aid.assignment`); they order a proposal, staff decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much. Beyond `most_practice` closed cases of the matter, practice counts no more."""

    in_hand: int = 10
    practice: int = 4
    most_practice: int = 5
    county: int = 15


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might take the case: cases in hand, closed cases of this matter, whether of its county."""

    person_id: int
    name: str
    node_name: str
    in_hand: int
    practised: int
    is_of_county: bool
    weight: int = 0


def weigh(each: Candidate) -> int:
    """The more, the better."""
    practice = WEIGHTS.practice * min(each.practised, WEIGHTS.most_practice)
    return practice + WEIGHTS.county * each.is_of_county - WEIGHTS.in_hand * each.in_hand


def weighed(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Best first, each person once; the longest known first among equals."""
    best: dict[int, Candidate] = {}
    for each in candidates:
        found = replace(each, weight=weigh(each))
        if each.person_id not in best or best[each.person_id].weight < found.weight:
            best[each.person_id] = found
    return sorted(best.values(), key=lambda found: (-found.weight, found.person_id))
