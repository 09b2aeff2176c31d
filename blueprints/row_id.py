"""Row ids in URLs."""

from werkzeug.routing import IntegerConverter

from schemas.fields import MOST


class RowId(IntegerConverter):
    """A whole number a row can have, in one spelling; a longer one is a 404, not a fault in the database's driver."""

    regex = "[1-9][0-9]*"

    def __init__(self, map: object, fixed_digits: int = 0, max: int = MOST) -> None:  # noqa: A002  werkzeug's names
        super().__init__(map, fixed_digits=fixed_digits, min=1, max=max)  # type: ignore[arg-type]
