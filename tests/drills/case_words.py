"""Two hundred words typed into everything of legal aid, over HTTP: nowhere on disk, in no list, export or notice.

Planted by workers, by nobody and by staff, through the real server and worker. Then every role walks lists, searches,
exports, notices and the trail; database files, shelves, logs, meters, a plain pg_dump and the product's own backup are
looked through. Every look of staff is in the trail and on the worker's page. The control plants with encryption off.
"""

import io
import re
import subprocess
import time
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import select

from service.audit import reads
from service.audit.models import AuditEntry
from service.core.db import db
from service.messaging.enums import OutboxState
from service.messaging.models import OutboxRow
from tests.bench.stage import Stage, stage
from tests.drills import aid_unguarded
from tests.drills.at_rest import files_of, flush
from tests.drills.case_planting import CONSULTATIONS, DESK, LAWYERS, OWN, TIP_DESK, Planting
from tests.drills.scene import Verdict, control

LEAST, WAIT = 200, 60.0
KINDS = {"case": "aid_case", "file": "aid_file", "consultation": "consultation", "tip": "labour_tip"}
"""What is opened, and what it is called in the trail."""
WALKED = (
    DESK, f"{DESK}?pressing=soon", f"{DESK}?per_page=100", "/staff/legal-aid/desk", LAWYERS, TIP_DESK,
    f"{DESK}.xlsx", "/staff/legal-aid/statistics.xlsx?month=2026-01-01", "/me/inbox?per_page=100", OWN, CONSULTATIONS,
    "/me/labour-tips", "/me/data", "/me/data/access-log?per_page=100", "/staff/audit?per_page=100",
    "/staff/outbox?per_page=100", "/legal-aid/answers", "/staff/people", "/staff/holidays", "/me",
)  # fmt: skip
"""Where no word of a case may stand, whoever asks."""
LIMITS = {"USER_WRITES_PER_MINUTE": "100000", "USER_READS_PER_MINUTE": "100000"}


def run(engine: str) -> dict[str, Any]:
    """How many words were planted, how much was looked through, where one was found; and who looked."""
    verdict = Verdict()
    with stage(engine, own_postgres=True, LOG_LEVEL="DEBUG", **LIMITS) as made:
        planting = Planting(made)
        made.server.start("web", "worker")
        planting.plant()
        verdict.figures.update(words=planting.count, cases=len(planting.cases), files=len(planting.files))
        verdict.expect(planting.count >= LEAST, "too few words")
        wait_for_worker(made)
        walk(verdict, planting)
        opened(verdict, planting)
        look_through(verdict, made, planting)
        told(verdict, planting)
    with control(verdict, "encryption_off", lambda: is_found_unsealed(engine)):
        pass
    return verdict.outcome()


def wait_for_worker(made: Stage) -> None:
    """Until every notice is in its inbox and every shelf is cleared."""
    deadline = time.monotonic() + WAIT
    with made.app.app_context():
        while time.monotonic() < deadline and db.session.scalar(
            select(OutboxRow.id).where(OutboxRow.state == OutboxState.DUE).limit(1)
        ):
            db.session.rollback()
            time.sleep(0.3)
        db.session.remove()


def walk(verdict: Verdict, planting: Planting) -> None:
    """Everybody asks for every list, and searches for words; strangers knock at what they may not open."""
    told, answers = re.compile(planting.mark.encode()), Counter[int]()
    for who in [*planting.tokens, "nobody"]:
        for path in [*WALKED, *searches(planting.mark)]:
            answer = planting.ask(who, "GET", path)
            answers[answer.status_code] += 1
            said = b"".join(unpacked(answer.content))
            verdict.expect(not told.search(said), f"{who} read a word at {path.split('?')[0]}")
        found = planting.ask(who, "POST", f"{DESK}/search", json={"phone": "13900007777"})
        verdict.expect(not told.search(found.content), f"{who} found a word by phone")
    for who in ("of employer", "elsewhere", "administrator", "auditor", "worker 3", "former"):
        for path in knocked(planting, who):
            answer = planting.ask(who, "GET", path)
            answers[answer.status_code] += 1
            verdict.expect(answer.status_code in (403, 404), f"{who} got {answer.status_code} at {path[:30]}")
    meters = requests.get(f"{planting.made.server.url}/metrics", timeout=10).content
    verdict.expect(b"gongyun_requests" in meters and not told.search(meters), "a word among the meters")
    verdict.figures["walked"] = {str(status): count for status, count in sorted(answers.items())}
    verdict.expect(not any(status >= 500 for status in answers), f"faults: {answers}")


def searches(mark: str) -> list[str]:
    """Words in a query: none may be found, and none may be written down."""
    word = f"{mark}005"
    return [
        f"{DESK}?number={word}", f"/legal-aid/answers?q={word}", f"/staff/people?q={word}", f"{OWN}?q={word}",
        f"/staff/audit?subject_id={word}",
    ]  # fmt: skip


def knocked(planting: Planting, who: str) -> Iterator[str]:
    """What this stranger may not open."""
    base = OWN if who.startswith("worker") else DESK
    yield from (f"{base}/{each}" for each in planting.cases[:2])
    yield from (f"/me/legal-aid/files/{each}" for each in planting.files[:3])
    if who != "of employer":
        yield from (f"{LAWYERS}/{each}" for each in planting.consultations)
    yield from (f"{TIP_DESK}/{each}" for each in planting.tips)


def opened(verdict: Verdict, planting: Planting) -> None:
    """Its worker reads what she wrote: the words are there."""
    whole = planting.ask("worker 0", "GET", f"{OWN}/{planting.cases[0]}").content
    seen = len(set(re.findall(planting.mark.encode() + rb"\d{3}", whole)))
    verdict.figures["seen_by_its_worker"] = seen
    verdict.expect(seen >= 30, "the worker does not see her own words")


def look_through(verdict: Verdict, made: Stage, planting: Planting) -> None:
    """Everything on any disk, a dump and a backup included."""
    made.server.flask("backup", "--to", str(made.folder / "backup"))
    if made.postgres is not None:
        dump(made)
    flush(made)
    files = list(files_of(made))
    hits = search(files, planting.mark)
    names = {path.name for path in files}
    size = sum(path.stat().st_size for path in files if path.exists())
    verdict.figures.update(looked_through=len(files), megabytes=round(size / 1e6, 1), hits=len(hits))
    verdict.expect(not hits, f"in clear: {sorted(set(hits))[:8]}")
    verdict.expect({"web.log", "worker.log"} <= names, "no logs among the files")
    verdict.expect(any("manifest" in name or name.endswith(".sealed") for name in names), "no backup, no shelf")


def dump(made: Stage) -> None:
    """A plain dump, as an administrator of the database makes one."""
    assert made.postgres is not None
    name = made.url.split("/")[-1].split("?")[0]
    program = [made.postgres.programs / "pg_dump", "-h", made.postgres.folder, "-U", "postgres", "--inserts", name]
    with (made.folder / "plain.sql").open("wb") as file:
        subprocess.run(program, stdout=file, check=True)
    assert (made.folder / "plain.sql").stat().st_size > 100_000


def search(files: Iterable[Path], mark: str) -> list[str]:
    """The names of files in which a word stands: plain, in UTF-16, in hexadecimal, packed in a zip."""
    wide = mark.encode("utf-16-le")
    forms = re.compile(b"|".join(map(re.escape, (mark.encode(), wide, mark.encode().hex().encode()))), re.IGNORECASE)
    found = []
    for path in files:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        found += [path.name for part in unpacked(content) if forms.search(part)]
        found += [f"name of {path.name}"] if mark in str(path) else []
    return found


def unpacked(content: bytes) -> Iterator[bytes]:
    """The content, and the parts of a zip."""
    yield content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def told(verdict: Verdict, planting: Planting) -> None:
    """Every look of staff is in the trail, and on the page of whose it is."""
    with planting.made.app.app_context():
        query = select(AuditEntry.actor_id, AuditEntry.subject_kind, AuditEntry.subject_id)
        entered = {tuple(row) for row in db.session.execute(query.where(AuditEntry.action == reads.READ))}
        kept = db.session.execute(select(AuditEntry.details)).scalars().all()
        db.session.remove()
    wanted = {(planting.ids[who], KINDS[kind], subject) for who, kind, subject in planting.opened}
    verdict.figures["looks_of_staff"] = len(wanted)
    verdict.expect(wanted <= entered, f"not in the trail: {sorted(wanted - entered, key=str)[:3]}")
    verdict.expect(planting.mark not in str(kept), "a word in the trail")
    page = planting.send("worker 0", "GET", "/me/data/access-log?per_page=100")["items"]
    mine = {name for each in page for name in each["fields"]}
    verdict.expect({"case", "file", "complaint", "consultation", "tip", "case_line"} <= mine, f"page shows {mine}")


def is_found_unsealed(engine: str) -> bool:
    """The guard off: a server that encrypts nothing; database and shelves have the words."""
    with stage(engine, own_postgres=True, **LIMITS) as made:
        planting = Planting(made)
        aid_unguarded.start(made, "sealing")
        planting.plant()
        flush(made)
        found = set(search(files_of(made), planting.mark))
        return len(found) > 2 and any(each.endswith(".sealed") for each in found)
