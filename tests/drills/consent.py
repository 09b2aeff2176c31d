"""Consent: nothing is permitted until it is given, by purpose and version, and no longer than it; decisions only grow.

The control asks nobody.
"""

from typing import Any

from tests.drills.walked import Walk, walk

CONSENTS, CHECK_IN = "tests/service/identity/test_consents.py", "tests/service/training/test_check_in.py"
USED = f"{CHECK_IN}::test_the_place_counts_only_with_consent_and_never_refuses"
WALK = Walk(
    tests=(CONSENTS, USED),
    guards={"consent": (f"{CONSENTS}::test_nothing_is_permitted_until_consent_and_no_longer_than_it", USED)},
)


def run(engine: str) -> dict[str, Any]:
    """How many tests passed, and that a product which asks nobody is noticed."""
    return walk(engine, WALK)
