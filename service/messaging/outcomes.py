"""How an outward handler says what became of its row: raised, and understood by `delivery.py`."""

from datetime import datetime


class Definite(Exception):
    """Certainly not done. `reason` is the name of what went wrong, for the row and the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Retry(Definite):
    """To be tried again after a rest."""


class GiveUp(Definite):
    """Trying again would change nothing: the row is dead at once, and the alert rules tell an operator."""


class Later(Definite):
    """Not now: to be done from `until` on, as if it had never been tried."""

    def __init__(self, reason: str, until: datetime) -> None:
        super().__init__(reason)
        self.until = until


class Unclear(Exception):
    """It may have been done: never to be repeated."""
