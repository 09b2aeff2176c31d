"""A stolen database against a dictionary of a million ID numbers: without INDEX_KEY nothing is recovered."""

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from service.core import configuration
from service.core.db import db
from service.identity import people
from service.identity.models import Person
from tests.bench.stage import stage
from tests.drills.scene import Verdict, control
from tests.make import check_digit

PEOPLE, WORDS = 200, 1_000_000


def run(engine: str) -> dict[str, Any]:
    """Everybody is found by number; the thief, with every trick but the key, finds nobody."""
    verdict = Verdict()
    with stage(engine, workers=PEOPLE) as made, made.app.app_context():
        stolen = set(db.session.scalars(select(Person.id_number_index).where(Person.id_number_index.is_not(None))))
        numbers = [row.id_number for row in db.session.scalars(select(Person)) if row.id_number]
        found = people.by_id_numbers(numbers)
        verdict.expect(len(found) == len(numbers) == PEOPLE, f"{len(found)} of {len(numbers)} found by number")
        db.session.remove()
        words = list(dictionary(numbers))
        verdict.expect(set(numbers) <= set(words), "the dictionary lacks the people it is tried on")
        began = time.monotonic()
        recovered = {name: len(attack(words, stolen, digest)) for name, digest in tricks().items()}
        verdict.figures.update(words=len(words), recovered=recovered, attack_s=round(time.monotonic() - began, 1))
        verdict.expect(not any(recovered.values()), f"recovered without the key: {recovered}")
        with control(verdict, "key_known", lambda: len(attack(words, stolen, with_key())) == PEOPLE):
            pass
        db.session.remove()
    return verdict.outcome()


def dictionary(numbers: list[str]) -> Iterator[str]:
    """A million well-formed ID numbers, those of the people among them."""
    yield from numbers
    day, made = date(1940, 1, 1), len(numbers)
    while True:
        for area in range(530800, 530830):
            body = f"{area}{day:%Y%m%d}001"
            yield body + check_digit(body)
            made += 1
            if made >= WORDS:
                return
        day += timedelta(days=1)


def attack(words: list[str], stolen: set[str | None], digest: Callable[[bytes], str]) -> list[str]:
    """The words whose digest stands in the stolen column."""
    return [word for word in words if digest(f"people.id_number|{word}".encode()) in stolen]


def tricks() -> dict[str, Callable[[bytes], str]]:
    """What can be tried without the key."""
    return {
        "plain_sha256": lambda message: hashlib.sha256(message).hexdigest(),
        "number_alone": lambda message: hashlib.sha256(message.partition(b"|")[2]).hexdigest(),
        "wrong_key": lambda message: hmac.digest(b"0" * 32, message, "sha256").hex(),
    }


def with_key() -> Callable[[bytes], str]:
    """The same attack by somebody who has INDEX_KEY as well."""
    key = configuration.current().index_key
    return lambda message: hmac.digest(key, message, "sha256").hex()
