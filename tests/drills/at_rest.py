"""Two hundred people's ID numbers and phones, after the product has worked with them: nowhere on any disk in clear.

Looked through: the database's own files with their write-ahead logs, a backup, everything in the data directory
(downloads of one's own data, stored answers, uploads), all logs.
"""

import os
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import select, text

from service.core import crypto
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people
from service.identity.models import Person
from tests.bench.stage import Stage, stage
from tests.drills.scene import Verdict, control

PEOPLE, WAIT = 200, 60.0
SANDBOX = "sandbox-"
NARROW = re.compile(rb"[0-9]{11,}[Xx]?")
WIDE = re.compile(rb"(?:[0-9]\x00){11,}(?:[Xx]\x00)?")


def run(engine: str) -> dict[str, Any]:
    """How many files and bytes were looked through, and where a number was found."""
    verdict = Verdict()
    with stage(engine, workers=PEOPLE, own_postgres=True, LOG_LEVEL="INFO") as made:
        numbers = numbers_of_all(made)
        made.server.start("web", "worker")
        work(verdict, made)
        made.server.flask("backup", "--to", str(made.folder / "backup"))
        verdict.figures["searched_for"] = len(numbers)
        look_through(verdict, made, numbers)
        with control(verdict, "sealing_off", lambda: bool(found_unsealed(made))):
            pass
    return verdict.outcome()


def numbers_of_all(made: Stage) -> list[str]:
    """Everybody's ID number and phone, and the phones they will say they have."""
    with made.app.app_context():
        everybody = db.session.scalars(select(Person)).all()
        numbers = [number for person in everybody for number in (person.id_number, person.phone) if number]
        db.session.remove()
    return numbers + [new_phone(index) for index in range(PEOPLE)]


def new_phone(index: int) -> str:
    """The phone the n-th worker changes to."""
    return f"139{index:08d}"


def work(verdict: Verdict, made: Stage) -> None:
    """Everybody reads her own record, asks for a correction with numbers in it, and some for codes and copies."""
    url = f"{made.server.url}/api/v1"
    bad = []
    for index, worker in enumerate(made.workers):
        head = {"Authorization": f"Bearer {worker.token}", "Idempotency-Key": f"drill-{index}"}
        wish = {"field": "other", "wanted": new_phone(index), "note": f"我的号码是{new_phone(index)}"}
        answers = [
            requests.get(f"{url}/me", headers=head, timeout=30),
            requests.post(f"{url}/me/data/corrections", json=wish, headers=head, timeout=30),
            requests.get(f"{url}/staff/people", params={"q": new_phone(index)}, headers=head, timeout=30),
            requests.get(f"{url}/me/inbox", params={"phone": new_phone(index)}, headers=head, timeout=30),
        ]
        if index % 10 == 0:
            asked = {"phone": new_phone(index)}
            answers.append(requests.post(f"{url}/auth/phone/code", json=asked, headers=head, timeout=30))
            answers.append(requests.post(f"{url}/me/data/copies", headers=head, timeout=30))
        bad += [each.status_code for each in answers if each.status_code not in (200, 201, 202, 403, 422)]
    verdict.expect(not bad, f"answers: {bad[:5]}")
    wait_for_copies(verdict, made)


def wait_for_copies(verdict: Verdict, made: Stage) -> None:
    """Until every copy lies on the shelf."""
    shelf = Path(made.server.env["DATA_DIR"]) / "copies"
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline and len(list(shelf.glob("*.sealed"))) < PEOPLE // 10:
        time.sleep(0.2)
    verdict.figures["copies"] = len(list(shelf.glob("*.sealed")))
    verdict.expect(verdict.figures["copies"] == PEOPLE // 10, "copies are missing")


def look_through(verdict: Verdict, made: Stage, numbers: list[str]) -> None:
    """Grep everything."""
    flush(made)
    files = list(files_of(made))
    hits = search(files, numbers)
    names = {path.name for path in files}
    verdict.figures.update(
        files=len(files),
        megabytes=round(sum(path.stat().st_size for path in files if path.exists()) / 1e6, 1),
        hits=len(hits),
    )
    verdict.expect(not hits, f"in clear: {sorted(set(hits))[:5]}")
    verdict.expect("web.log" in names and "worker.log" in names, f"no logs among {sorted(names)[:20]}")
    verdict.expect(any("people" in name or "stage" in name for name in names), "no database among the files")


def flush(made: Stage) -> None:
    """What the engine has in memory goes to its files."""
    with made.app.app_context(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if made.engine == "postgresql":
            connection.execute(text("CHECKPOINT"))


def files_of(made: Stage) -> Iterable[Path]:
    """The stage's folder and, for PostgreSQL, the cluster's; not what a sandbox keeps as the phones' own screens."""
    roots = [made.folder] + ([made.postgres.data] if made.postgres else [])
    for root in roots:
        for folder, _, names in os.walk(root):
            for name in names:
                path = Path(folder) / name
                if path.is_file() and not path.is_symlink() and not name.startswith(SANDBOX):
                    yield path


def search(files: Iterable[Path], numbers: list[str]) -> list[str]:
    """`file: kind` for each number found, in UTF-8 or UTF-16; never the number itself."""
    wanted = {length: {each for each in numbers if len(each) == length} for length in (11, 18)}
    found = []
    for path in files:
        for run in digits(path):
            for length, known in wanted.items():
                pieces = {run[start : start + length] for start in range(len(run) - length + 1)} & known
                found += [f"{path.name}: {'ID number' if length == 18 else 'phone'}" for _ in pieces]
    return found


def digits(path: Path) -> Iterator[str]:
    """The runs of digits in a file that are long enough; none where it has gone."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    for run in NARROW.findall(content):
        yield run.decode().upper()
    for run in WIDE.findall(content):
        yield run.decode("utf-16-le").upper()


def found_unsealed(made: Stage) -> list[str]:
    """The guard off: one more person is written by a seal that does nothing."""
    phone = "13712345678"
    sealing, crypto.seal_bytes = crypto.seal_bytes, lambda value, **_where: value
    try:
        with made.app.app_context():
            write_one(phone)
            db.session.remove()
    finally:
        crypto.seal_bytes = sealing
    flush(made)
    return search(files_of(made), [phone])


@transactional
def write_one(phone: str) -> None:
    """A person with this phone."""
    people.newcomer().phone = phone
