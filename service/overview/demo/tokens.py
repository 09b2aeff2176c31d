"""Access tokens of made-up workers, as many as a load tool asks for."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert

from service.core import clock, configuration
from service.core.db import db
from service.core.ids import new_id
from service.core.transaction import transactional
from service.identity import tokens
from service.identity.enums import Channel
from service.identity.models import SignIn
from service.overview.demo import register

WORKERS_A_UNION = 145
FEWEST_UNIONS = 20


def access_tokens(count: int) -> Iterator[str]:
    """A token each for workers 1 to `count`, who are made where they are missing; running from now."""
    unions = max(FEWEST_UNIONS, count // WORKERS_A_UNION)
    register.plant(0, unions)
    for first in range(1, count + 1, register.CHUNK):
        ids = register.worker_ids(range(first, min(first + register.CHUNK, count + 1)), unions)
        yield from (tokens.mint(person_id, sign_in_id) for person_id, sign_in_id in _sign_in(ids).items())


@transactional
def _sign_in(person_ids: list[int]) -> dict[int, UUID]:
    """A sign-in for each, without a refresh token anybody has."""
    made = {person_id: new_id() for person_id in person_ids}
    now = clock.now()
    expires_at = now + timedelta(days=configuration.current().refresh_days)
    rows = [
        {
            "id": sign_in_id,
            "person_id": person_id,
            "channel": Channel.WECHAT,
            "refresh_index": hashlib.sha256(new_id().bytes).hexdigest(),
            "created_at": now,
            "refreshed_at": now,
            "expires_at": expires_at,
        }
        for person_id, sign_in_id in made.items()
    ]
    db.session.execute(insert(SignIn), rows)
    return made
