"""Bulkheads: what hangs outside may hold a few of our threads, never all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

import pybreaker


class BulkheadFull(Exception):
    """As many as allowed are inside, and waiting."""


class Bulkhead:
    """At most `at_once` inside and `waiting` before the door, for no longer than `patience_s`."""

    def __init__(self, at_once: int, waiting: int, patience_s: float) -> None:
        self._inside = BoundedSemaphore(at_once)
        self._anywhere = BoundedSemaphore(at_once + waiting)
        self._patience_s = patience_s

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be inside for the length of the block. Raises BulkheadFull."""
        if not self._anywhere.acquire(blocking=False):
            raise BulkheadFull
        try:
            if not self._inside.acquire(timeout=self._patience_s):
                raise BulkheadFull
            try:
                yield
            finally:
                self._inside.release()
        finally:
            self._anywhere.release()


class Lane:
    """The bulkhead and the breaker of one kind of call: after so many failures nobody is asked for a while."""

    def __init__(self, bulkhead: Bulkhead, failures: int, rest_s: float) -> None:
        self.bulkhead = bulkhead
        self.breaker = pybreaker.CircuitBreaker(failures, rest_s, throw_new_error_on_trip=False)
