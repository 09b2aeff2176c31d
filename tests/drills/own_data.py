"""One's own data: see, copy, correct, close the account, on paper too; what backups and the law keep.

The control erases nobody.
"""

from typing import Any

from tests.drills.walked import Walk, walk

ERASING = "tests/service/overview/test_erasing.py"
WALK = Walk(
    tests=(
        "tests/service/overview/test_my_data.py",
        "tests/http/test_my_data.py",
        ERASING,
        "tests/service/overview/test_on_paper.py",
        "tests/service/overview/test_custody.py",
    ),
    guards={"erasing": (f"{ERASING}::test_after_the_days_nothing_personal_is_left",)},
)


def run(engine: str) -> dict[str, Any]:
    """How many tests passed, and that a product which keeps whoever left is noticed."""
    return walk(engine, WALK)
