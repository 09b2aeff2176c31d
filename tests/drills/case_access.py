"""Who lists, opens, exports, searches a case of legal aid and gets its files: every role, before and after assignment.

The controls: no conflict of interest, no case sealed to who only lists it, lists that hold everything, looks untold.
"""

from typing import Any

from tests.drills.walked import Walk, walk

TABLE = "tests/guards/test_legal_aid_access.py"
CELLS = f"{TABLE}::test_only_the_listed_cells_open"
FILES = "tests/service/legal_aid/test_attachments.py::test_only_those_of_the_case_get_its_files_and_that_is_told"
PAPER = "tests/service/legal_aid/test_desk.py::test_a_paper_case_counts_from_the_day_the_paper_came"
WALK = Walk(
    tests=(TABLE, FILES, PAPER),
    guards={
        "aid_conflict": (CELLS, FILES),
        "aid_sealed": (CELLS,),
        "aid_lists": (CELLS,),
        "aid_reads": (FILES, PAPER),
    },
)


def run(engine: str) -> dict[str, Any]:
    """How many tests walked the table, and that each guard taken away is noticed."""
    return walk(engine, WALK)
