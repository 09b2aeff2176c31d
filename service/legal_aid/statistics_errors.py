"""What the statistics refuse."""

from service.core.errors import Conflict


class MonthUnfinished(Conflict):
    """The month is not over: two tables of it would differ by a few cases."""

    code = "legal_aid.month_unfinished"
    message = "这个月还没结束，请下个月再统计"
