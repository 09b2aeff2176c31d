"""Tests with one guard of the product taken away: `UNGUARDED=doors pytest -p tests.drills.tests_unguarded ...`.

A plugin is imported before the tests' own conftest, so that nothing of the product has taken hold of the guard yet.
"""

import os
from collections.abc import Callable
from typing import Any

import marshmallow
from sqlalchemy import true

from blueprints import auth
from schemas.fields import Order
from service.core.access import Actor
from service.identity import consents, masking
from service.legal_aid import access, scopes
from service.overview import erasing, retention


def _doors() -> None:
    """Whoever has a token is let in everywhere."""
    auth._check = lambda *_given: None  # type: ignore[assignment]


def _masking() -> None:
    """Numbers are shown as they are."""
    masking._masked = lambda number, **_shown: number  # type: ignore[assignment]


def _orders() -> None:
    """Fields that were not asked for are passed over, not refused."""
    Order.Meta.unknown = marshmallow.EXCLUDE


def _scopes() -> None:
    """A role held anywhere reaches everywhere."""
    Actor.reaches = lambda self, _path, *roles: self.holds(*roles)  # type: ignore[method-assign]
    Actor.paths = lambda self, *roles: ["/"] if self.holds(*roles) else []  # type: ignore[method-assign]


def _consent() -> None:
    """Nobody is asked."""
    consents.given_by = lambda person_ids, _purpose: set(person_ids)  # type: ignore[assignment]


def _erasing() -> None:
    """Who closed an account stays."""
    erasing._erase = lambda *_given: None  # type: ignore[assignment]


def _retention() -> None:
    """Nothing is ever over."""
    retention._delete_all = lambda *_given: 0  # type: ignore[assignment]


def _aid_conflict() -> None:
    """Who works for the employer of a case opens it like anybody of the office."""
    access.is_barred = lambda *_given: False  # type: ignore[assignment]


def _aid_sealed() -> None:
    """Who may see a case's line may open it."""
    every = frozenset(access.Right)
    access.RIGHTS.update({each: every for each in access.Relation if each is not access.Relation.NOBODY})


def _aid_lists() -> None:
    """Everybody's lists hold every case."""
    access.listable = lambda _actor: true()  # type: ignore[assignment]


def _aid_reads() -> None:
    """Nobody's looks are written down."""
    scopes.tell = lambda *_given: None  # type: ignore[assignment]


GUARDS: dict[str, Callable[[], Any]] = {
    "doors": _doors,
    "masking": _masking,
    "orders": _orders,
    "scopes": _scopes,
    "consent": _consent,
    "erasing": _erasing,
    "retention": _retention,
    "aid_conflict": _aid_conflict,
    "aid_sealed": _aid_sealed,
    "aid_lists": _aid_lists,
    "aid_reads": _aid_reads,
}
GUARDS.get(os.environ.get("UNGUARDED", ""), lambda: None)()
