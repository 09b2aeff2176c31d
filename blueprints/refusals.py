"""Saying beside a view which refusals it may answer with, so that OpenAPI lists their codes."""

from collections.abc import Callable
from typing import Any, TypeVar

from service.core.errors import ServiceError

View = TypeVar("View", bound=Callable[..., Any])
REFUSALS = "refusals"


def refuses(*errors: type[ServiceError]) -> Callable[[View], View]:
    """`@refuses(Full, NotOpen)`: what this view's service call may raise, besides what every route may."""

    def decorate(view: View) -> View:
        setattr(view, REFUSALS, (*refusals_of(view), *errors))
        return view

    return decorate


def refusals_of(view: Callable[..., Any]) -> tuple[type[ServiceError], ...]:
    """What the view was declared to refuse with."""
    declared: tuple[type[ServiceError], ...] = getattr(view, REFUSALS, ())
    return declared
