"""Somebody with the database in hands swaps and changes sealed values: nobody ever sees another's number."""

from collections import Counter
from typing import Any

import requests
from sqlalchemy import select, update

from service.core import crypto
from service.core.crypto import SealBroken
from service.core.db import db
from service.core.transaction import transactional
from service.identity.models import Person
from tests.bench.stage import Stage, stage
from tests.drills.scene import Verdict, control

PEOPLE = 200


def run(engine: str) -> dict[str, Any]:
    """Values swapped with the neighbour's and flipped by a bit: each refused and told in the log, none shown."""
    verdict = Verdict()
    with stage(engine, workers=PEOPLE) as made:
        whose = numbers(made)
        tampered = tamper(made)
        made.server.start("web")
        answers = [ask(made, index) for index in range(PEOPLE)]
        counts = Counter(answer.status_code for answer in answers)
        wrong = [
            index
            for index, answer in enumerate(answers)
            for number, owner in whose.items()
            if owner != made.workers[index].person_id and number in answer.text
        ]
        alarms = made.server.log("web").count('"event":"seal_broken"')
        verdict.figures.update(tampered=tampered, answers=dict(counts), wrong_person=len(wrong), alarms=alarms)
        verdict.expect(not wrong, "somebody saw another's number")
        verdict.expect(counts == {500: tampered, 200: PEOPLE - tampered}, f"answers: {dict(counts)}")
        verdict.expect(alarms >= tampered, f"{alarms} alarms")
        with control(verdict, "binding_off", lambda: shows_anothers(made)):
            pass
    return verdict.outcome()


def numbers(made: Stage) -> dict[str, int]:
    """Whose each number is."""
    with made.app.app_context():
        rows = db.session.scalars(select(Person).where(Person.id_number_sealed.is_not(None))).all()
        found = {number: row.id for row in rows for number in (row.id_number, row.phone) if number}
        db.session.remove()
    return found


def tamper(made: Stage) -> int:
    """Every fourth person gets the neighbour's value, every fourth a flipped bit; how many in all."""
    with made.app.app_context():
        count = _tamper([worker.person_id for worker in made.workers])
        db.session.remove()
    return count


@transactional
def _tamper(ids: list[int]) -> int:
    sealed = dict(db.session.execute(select(Person.id, Person.phone_sealed).where(Person.id.in_(ids))).all())
    changes = {}
    for index, person_id in enumerate(ids):
        if index % 4 == 0:
            changes[person_id] = sealed[ids[index + 1]]
        elif index % 4 == 2:
            value = bytearray(sealed[person_id] or b"")
            value[index % len(value)] ^= 1 << index % 8
            changes[person_id] = bytes(value)
    for person_id, value in changes.items():
        db.session.execute(update(Person).where(Person.id == person_id).values(phone_sealed=value))
    return len(changes)


def ask(made: Stage, index: int) -> requests.Response:
    """The n-th worker's own record."""
    head = {"Authorization": f"Bearer {made.workers[index].token}"}
    return requests.get(f"{made.server.url}/api/v1/me", headers=head, timeout=30)


def shows_anothers(made: Stage) -> bool:
    """The guard off: values bound to no row. The neighbour's then opens as one's own."""
    binding, crypto._binding = crypto._binding, lambda _field, _row: b"anything"
    try:
        with made.app.app_context():
            first, second = (worker.person_id for worker in made.workers[-2:])
            _swap(first, second)
            shown = db.session.get_one(Person, first).phone
            db.session.remove()
    except SealBroken:
        return False
    finally:
        crypto._binding = binding
    return shown == "13800000002"


@transactional
def _swap(first: int, second: int) -> None:
    one, other = db.session.get_one(Person, first), db.session.get_one(Person, second)
    one.phone, other.phone = "13800000001", "13800000002"
    one.phone_sealed, other.phone_sealed = other.phone_sealed, one.phone_sealed
