"""Who gets in where, what they are shown, what they may set, whose things they find: every route, role and field.

The controls: every door open, numbers unmasked, unknown fields passed over, scopes that reach everywhere.
"""

from typing import Any

from tests.drills.walked import Walk, walk

MATRIX, INPUT = "tests/http/test_access_matrix.py", "tests/http/test_bad_input.py"
WALK = Walk(
    tests=(MATRIX, INPUT),
    guards={
        "doors": (f"{MATRIX}::test_everybody_gets_in_where_the_table_says_and_nowhere_else",),
        "masking": (f"{MATRIX}::test_numbers_are_masked_to_staff_and_in_clear_to_their_owner",),
        "orders": (f"{INPUT}::test_no_column_can_be_set_that_was_not_asked_for",),
        "scopes": (f"{MATRIX}::test_what_lies_outside_the_scope_is_not_known",),
    },
)


def run(engine: str) -> dict[str, Any]:
    """How many tests walked the table, and that each guard taken away is noticed."""
    return walk(engine, WALK)
