"""The order for the month's numbers."""

from schemas.fields import Day, Order


class TakeStatistics(Order):
    """Any day of the month."""

    month = Day(required=True, metadata={"example": "2026-10-01"})
