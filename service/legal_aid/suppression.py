"""Leaving small numbers out of a table, so that none can be reckoned from the others and the total. Pure.

A number below the least is left out; then the smallest of the others, until what is left out sums up to so much that
each of the numbers in it might be as large as one that is shown. Where that cannot be, the total is left out too
(docs/rules.md `legal_aid.statistics`).
"""

from collections.abc import Mapping, Sequence

Counts = Mapping[str, int]


def hidden(counts: Counts, least: int) -> set[str] | None:
    """Which numbers are left out. None: nothing can be shown without telling one, not even the total.

    With n numbers left out that sum up to s, each of them, being one at least, may be anything up to s - n + 1.
    """
    out = {name for name, count in counts.items() if 0 < count < least}
    rest = sorted((count, name) for name, count in counts.items() if count >= least)
    while out and not _is_vague([counts[name] for name in out], least):
        if not rest:
            return None
        out.add(rest.pop(0)[1])
    return out


def protected(tables: Mapping[str, Counts], least: int, total: str) -> dict[str, dict[str, int | None]]:
    """Tables that share one total, each with it as its last line; None for what is left out.

    Where one of them can only be kept without its total, nothing is told in any: whole, another would tell it.
    """
    found = {name: hidden(counts, least) for name, counts in tables.items()}
    is_told = None not in found.values()
    shown: dict[str, dict[str, int | None]] = {}
    for name, counts in tables.items():
        out = (found[name] or set()) if is_told else {item for item, count in counts.items() if count}
        lines: dict[str, int | None] = {item: None if item in out else count for item, count in counts.items()}
        shown[name] = lines | {total: sum(counts.values()) if is_told else None}
    return shown


def _is_vague(numbers: Sequence[int], least: int) -> bool:
    return len(numbers) > 1 and sum(numbers) - len(numbers) + 1 >= least
