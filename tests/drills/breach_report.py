"""Much taken out at night is told of within a minute; who saw whose data is reported from a million rows in ten.

The export is made through the real server and worker: the log, the meters, the auditor's inbox, the mark in the file.
Then the trail is filled, and `flask breach-report` counts it. The control: limits that nobody reaches.
"""

import io
import resource
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import requests
from sqlalchemy import func, insert, select

from service.audit.models import AuditEntry, AuditSubject
from service.audit.reads import EXPORTED, READ
from service.core import clock
from service.core.access import Role
from service.core.db import db
from service.core.transaction import transactional
from service.identity import sign_ins
from service.identity.enums import Channel
from service.identity.models import Account, Person
from service.messaging.models import InboxMessage
from tests import make_legal_aid as aid
from tests.bench.stage import Stage, analyse, stage
from tests.drills.scene import Verdict, control
from tests.engines import ROOT
from tests.service.legal_aid.conftest import Office, clerk, set_up

CASES, ROWS, PEOPLE, STAFF, PIECE = 30, 1_000_000, 2000, 20, 20_000
LONGEST_ALERT, LONGEST_REPORT = 60.0, 600.0
REQUEST = "night-export-0001"
LIMITS = {"EXPORT_ROWS_A_DAY": "25", "EXPORT_ROWS_OFF_HOURS": "10", "OFFICE_HOURS": "00:00-00:01"}
GENEROUS = {"EXPORT_ROWS_A_DAY": "1000000", "EXPORT_ROWS_OFF_HOURS": "1000000"}


def run(engine: str) -> dict[str, Any]:
    """Seconds to the alert and of the report, rows in the trail, people counted."""
    verdict = Verdict()
    with stage(engine, workers=PEOPLE, **LIMITS) as made:
        made.server.start("web", "worker")
        at_night(verdict, made)
        made.server.stop("web", "worker")
        report(verdict, made)
    with control(verdict, "limits_off", lambda: is_silent(engine)):
        pass
    return verdict.outcome()


def office_of(made: Stage) -> tuple[str, int, int]:
    """The token of who exports, her id, and the auditor who shall be told."""
    with made.app.app_context():
        office: Office = set_up()
        auditor = clerk(office.county, Role.AUDITOR).worker_id
        for _ in range(CASES):
            case = aid.submitted(office.worker)
            aid.applications.withdraw(actor=office.worker, case_id=case.id)
        who = office.intake.worker_id
        token = sign_ins.sign_in(who, Channel.STAFF).access_token
        db.session.remove()
    return token, who, auditor


def export(made: Stage, token: str) -> requests.Response:
    """The office's list, whole."""
    head = {"Authorization": f"Bearer {token}", "X-Request-Id": REQUEST}
    return requests.get(f"{made.server.url}/api/v1/staff/legal-aid/cases.xlsx", headers=head, timeout=60)


def at_night(verdict: Verdict, made: Stage) -> None:
    """Told everywhere within a minute, and the file says who, when, by which request."""
    token, who, auditor = office_of(made)
    began = time.monotonic()
    answer = export(made, token)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    mark = str(dict(book["概况"].iter_rows(values_only=True)).get("导出"))
    verdict.expect(answer.ok and f"#{who}" in mark and REQUEST in mark, f"the mark: {mark}")
    verdict.expect(mark == book["案件"].oddFooter.left.text, "no mark on the printed page")
    while not (said := messages(made, auditor)) and time.monotonic() - began < LONGEST_ALERT:
        time.sleep(0.2)
    verdict.figures.update(rows_exported=CASES, alert_s=round(time.monotonic() - began, 1), told=len(said))
    verdict.expect(len(said) == 2 and all("大量导出" in each for each in said), f"the auditor was told: {said}")
    log, meters = made.server.log("web"), requests.get(f"{made.server.url}/metrics", timeout=10).text
    verdict.expect("bulk_export" in log and REQUEST in log, "nothing in the log")
    verdict.expect(
        all(f'{{why="{why}"}} 1.0' in meters for why in ("rows_a_day", "off_hours")), "nothing in the meters"
    )


def messages(made: Stage, person_id: int) -> list[str]:
    """What stands in somebody's inbox."""
    with made.app.app_context():
        titles = db.session.scalars(select(InboxMessage.title).where(InboxMessage.person_id == person_id)).all()
        db.session.remove()
    return list(titles)


def report(verdict: Verdict, made: Stage) -> None:
    """A million rows, one thief among twenty of the staff: the report finds her, and whom it concerns."""
    with made.app.app_context():
        thief, taken = fill_trail()
        analyse()
        db.session.remove()
    day = clock.local(clock.now())
    since, until = (day - timedelta(days=40)).isoformat(), (day + timedelta(days=1)).isoformat()
    target = made.folder / "report.xlsx"
    before = cpu_s()
    seconds, words = reported(made, "--since", since, "--until", until, "--to", str(target))
    verdict.figures["report_cpu_s"] = round(cpu_s() - before, 1)
    short, of_thief = reported(made, "--since", since, "--until", until, "--actor", str(thief))
    one, of_person = reported(made, "--since", since, "--until", until, "--person", str(taken[0]))
    verdict.figures.update(
        trail_rows=ROWS, report_s=round(seconds, 1), of_one_account_s=round(short, 1), of_one_person_s=round(one, 1),
        workbook_mb=round(target.stat().st_size / 1e6, 1), peak_mb=round(peak_mb()),
    )  # fmt: skip
    verdict.expect(max(seconds, short, one) <= LONGEST_REPORT, f"the report took {seconds:.0f} s")
    verdict.expect(
        f"thief（#{thief}）：{len(taken)}次，导出{len(taken)}次" in of_thief, f"the thief: {of_thief[-600:]}"
    )
    verdict.expect(f"涉及个人：{len(taken)}人；账号：1个" in of_thief, f"concerned: {of_thief[:200]}")
    verdict.expect(f"thief（#{thief}）" in words and "对象" in sheet_of(target), "not in the workbook")
    verdict.expect("涉及个人：1人" in of_person and f"thief（#{thief}）" in of_person, f"one person: {of_person[:200]}")


def reported(made: Stage, *options: str) -> tuple[float, str]:
    """Seconds, and what was printed."""
    began = time.monotonic()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "breach-report", *options]
    done = subprocess.run(command, cwd=ROOT, env=made.server.env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return time.monotonic() - began, done.stdout


def cpu_s() -> float:
    """What the commands of this drill have worked so far: a busy machine makes them wait as well."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def peak_mb() -> float:
    """The most memory a command of this drill has held, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000


def sheet_of(path: Path) -> str:
    """The heading of the sheet with every deed."""
    page = openpyxl.load_workbook(path, read_only=True)["明细"]
    return str(next(page.iter_rows(values_only=True)))


def fill_trail() -> tuple[int, list[int]]:
    """A million looks of twenty of the staff, and the exports of one more: her id, and whose data she took."""
    people = list(db.session.scalars(select(Person.id).order_by(Person.id).limit(PEOPLE)))
    staff, thief, taken = people[:STAFF], people[STAFF], people[-300:]
    db.session.add(Account(person_id=thief, login="thief", password_hash="x"))
    db.session.commit()
    last = max(db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)), default=0)
    start = clock.now() - timedelta(days=30)
    for first in range(0, ROWS, PIECE):
        rows = range(first, min(first + PIECE, ROWS))
        _write(last, [(number, staff[number % STAFF], people[number % PEOPLE]) for number in rows], start, READ)
    _write(last + ROWS, [(number, thief, whose) for number, whose in enumerate(taken)], start, EXPORTED)
    _number_on()
    return thief, taken


@transactional
def _number_on() -> None:
    """Entries were numbered by us: let PostgreSQL's own numbering go on after them."""
    if db.session.connection().dialect.name == "postgresql":
        highest = select(func.max(AuditEntry.id)).scalar_subquery()
        db.session.execute(select(func.setval("audit_entries_id_seq", highest)))


@transactional
def _write(last: int, rows: list[tuple[int, int, int]], start: Any, action: str) -> None:
    entries = [
        {"id": last + 1 + number, "at": start + timedelta(seconds=2 * number), "actor_id": by, "action": action,
         "subject_kind": "person", "subject_id": str(whose),
         "details": {"fields": ["name", "phone_masked"], "people": [whose], "rows": 1}}
        for number, by, whose in rows
    ]  # fmt: skip
    db.session.execute(insert(AuditEntry), entries)
    about = [{"entry_id": last + 1 + number, "person_id": whose} for number, _, whose in rows]
    db.session.execute(insert(AuditSubject), about)


def is_silent(engine: str) -> bool:
    """The guard off: with limits out of reach the same export is told to nobody."""
    with stage(engine, **{**LIMITS, **GENEROUS}) as made:
        made.server.start("web", "worker")
        token, _, auditor = office_of(made)
        answer = export(made, token)
        time.sleep(5)
        return answer.ok and not messages(made, auditor) and "bulk_export" not in made.server.log("web")
