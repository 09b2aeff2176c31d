"""What became of each call of WeChat's API, told to whoever counts: operation, outcome, time, nothing of the request.

An outcome is `ok`, the code of the refusal (docs/errors.md), why nothing was sent, or `failed` for a fault of ours.
What a caller makes of an answer that came is not looked at: a code that is another app's is an answer like any other.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from service.core.errors import ServiceError

OK = "ok"
BULKHEAD_FULL = "bulkhead_full"
BREAKER_OPEN = "breaker_open"
FAILED = "failed"
Watcher = Callable[[str, str, float], None]
watchers: list[Watcher] = []


@dataclass(slots=True)
class Seen:
    """The outcome of the call under way."""

    outcome: str = OK


def register(watcher: Watcher) -> None:
    """Call the watcher with operation, outcome and seconds after each call. It must not raise."""
    if watcher not in watchers:
        watchers.append(watcher)


@contextmanager
def watched(operation: str) -> Iterator[Seen]:
    """Watch the block. A refusal is its own outcome unless the block has named another."""
    began, seen = time.monotonic(), Seen()
    try:
        yield seen
    except ServiceError as error:
        seen.outcome = error.code if seen.outcome == OK else seen.outcome
        raise
    except Exception:
        seen.outcome = FAILED
        raise
    finally:
        for watcher in watchers:
            watcher(operation, seen.outcome, time.monotonic() - began)
