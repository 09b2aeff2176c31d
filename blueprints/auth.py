"""Who is asking: the token of a request, and whether its door opens. The table of doors is `policy.py`."""

from flask import Flask, g

from service.core.access import ANONYMOUS, Actor


def current_actor() -> Actor:
    """Who is asking; ANONYMOUS where no token came."""
    actor: Actor = g.get("actor", ANONYMOUS)
    return actor


def register(app: Flask) -> None:
    """Ask every request who it is."""
