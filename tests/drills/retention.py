"""What is kept how long: every class of the table with the clock moved past its term, and the bounds of the settings.

The control never deletes.
"""

from typing import Any

from tests.drills.walked import Walk, walk

ERASING = "tests/service/overview/test_erasing.py"
WALK = Walk(
    tests=(
        ERASING,
        "tests/service/audit/test_chain.py",
        "tests/guards/test_personal_data.py",
        "tests/rules/test_settings.py",
    ),
    guards={"retention": (f"{ERASING}::test_messages_and_requests_go_when_their_days_are_over",)},
)


def run(engine: str) -> dict[str, Any]:
    """How many tests passed, and that a product which deletes nothing is noticed."""
    return walk(engine, WALK)
