"""The one place that commits.

A command is decorated with `@transactional`. The outermost one commits, nested ones join it, any exception
rolls everything back. Deadlocks and serialization failures are tried again; a database that is away or too
slow becomes `Unavailable`.
"""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.core.db import db
from service.core.errors import DatabaseAway
from service.core.writing import inside_command

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 5
TRY_AGAIN = frozenset({"40001", "40P01"})


class TryAgain(Exception):
    """Raised by a command whose footing moved before it had its locks: it is run again from the start."""


def transactional(command: Callable[P, T]) -> Callable[P, T]:
    """Run the command in one transaction; a command called by another joins the caller's.

    Raises DatabaseAway when the database cannot be reached, is locked too long, or keeps refusing.
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if inside_command.get():
            return command(*args, **kwargs)
        for attempt in range(1, TRIES + 1):
            try:
                return _outermost(command, *args, **kwargs)
            except (DBAPIError, PoolTimeout, TryAgain) as error:
                if not _may_try_again(error) or attempt == TRIES:
                    _translate(error)
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311  jitter, not a secret
        raise AssertionError("unreachable")

    return run


def _outermost(command: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    token = inside_command.set(True)
    try:
        # What was read before the locks is not trusted after them.
        db.session.close()
        outcome = command(*args, **kwargs)
        db.session.commit()
    except BaseException:
        _roll_back()
        raise
    finally:
        inside_command.reset(token)
    return outcome


def _roll_back() -> None:
    try:
        db.session.rollback()
    except DBAPIError:
        # The connection died with the transaction: there is nothing left to roll back.
        db.session.close()


def _may_try_again(error: Exception) -> bool:
    return isinstance(error, TryAgain) or getattr(getattr(error, "orig", None), "sqlstate", None) in TRY_AGAIN


def _translate(error: Exception) -> None:
    """Raise DatabaseAway for faults of the machine; anything else is a fault of ours and goes up as it is."""
    if isinstance(error, OperationalError | PoolTimeout | TryAgain) or getattr(error, "connection_invalidated", False):
        raise DatabaseAway from error
    raise error
