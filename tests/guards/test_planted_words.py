"""Words planted in every text of a case, in a file's name and in a photo's tags are found nowhere at rest.

Sought in every row of every table (idempotency answers, outbox and trail among them), in SQLite's file and its log, on
the shelves, in the exported list, in what was logged and in the meters. With encryption off the same finder finds them.
"""

import io
import secrets
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from PIL import Image
from sqlalchemy import text

from service.core import clock, configuration, crypto
from service.core.access import Role
from service.core.db import Base, db
from service.files import shelf
from service.identity import consents, purposes, sign_ins
from service.identity.enums import Channel
from service.legal_aid import assignments
from tests import make_legal_aid as aid
from tests.service.legal_aid.conftest import Office, clerk, set_up

OWN, DESK, FILES = "/api/v1/me/legal-aid/cases", "/api/v1/staff/legal-aid/cases", "/api/v1/me/legal-aid/files"
MOST_WORDS = 42
CONSULTATIONS, ANSWERING = "/api/v1/me/legal-aid/consultations", "/api/v1/staff/legal-aid/consultations"
TIPS, TIP_DESK = "/api/v1/me/labour-tips", "/api/v1/staff/labour-tips"


class Planting:
    """Gives the next word out, and remembers which have been planted.

    Words of its own: a database file keeps bytes of rows that are gone, those of a test without encryption among them.
    """

    def __init__(self, client: FlaskClient, office: Office) -> None:
        self.client, self.office = client, office
        self.words = [f"PLANTED{secrets.token_hex(3)}WORD{number:02d}" for number in range(MOST_WORDS)]
        self.unused, self.keys = list(self.words), 0
        self.headers = {
            "worker": _header(office.worker.worker_id, Channel.WECHAT),
            "intake": _header(office.intake.worker_id, Channel.STAFF),
            "handler": _header(office.handler.worker_id, Channel.STAFF),
        }
        self.supervisors = [clerk(office.county, Role.LABOUR_LAW_SUPERVISOR).worker_id for _ in range(2)]
        self.headers["supervisor"] = _header(self.supervisors[0], Channel.STAFF)

    @property
    def word(self) -> str:
        """A word nobody has used."""
        return self.unused.pop()

    def send(self, who: str, method: str, path: str, **request: Any) -> Any:
        """The answer to a request with a key, which must be good."""
        self.keys += 1
        headers = self.headers[who] | {"Idempotency-Key": f"key-{self.keys}"}
        answer = self.client.open(path, method=method, headers=headers, **request)
        assert answer.status_code < 300, answer.text
        return answer.get_json()

    def plant(self) -> str:
        """A case on its whole way, with a word in each text; its id."""
        for purpose in (purposes.HEALTH, purposes.FINANCE):
            consents.decide(actor=self.office.worker, purpose=purpose, is_given=True)
        case = self.send("worker", "POST", OWN, json={"matter": "dismissal", "answers": {}})
        at = f"{OWN}/{case['id']}"
        steps: dict[str, dict[str, Any]] = {
            "matter": {
                "matter": "dismissal", "reason": self.word, "claims": self.word, "position": self.word,
                "help_wanted": [self.word], "limitation_clock": self.word,
            },
            "person": {
                "name": self.word, "phone": self.word, "household": self.word, "address": self.word,
                "health": self.word, "call_note": self.word, "worker_category": "employee",
            },
            "employer": {"employer_name": self.word, "employer_address": self.word, "occupation": self.word},
            "means": {"income": self.word, "property": self.word, "is_pledged": True},
        }  # fmt: skip
        for step, part in steps.items():
            case = self.send("worker", "PUT", f"{at}/{step}", json=part | {"version": case["version"]})
        self._photo(at)
        case = self.send("worker", "POST", f"{at}/submit", json={"version": case["version"]})
        self._decide(case)
        self._consult()
        self._tell_committee()
        return str(case["id"])

    def _photo(self, at: str) -> None:
        exif = Image.Exif()
        exif[0x010E] = self.word
        content = aid.picture(exif=exif)
        coming = {"kind": "paper", "paper": "wages", "name": f"{self.word}.jpg", "size": len(content)}
        file = self.send("worker", "POST", f"{at}/files", json=coming)
        form = {"start": "0", "piece": (io.BytesIO(content), f"{coming['name']}")}
        self.send("worker", "POST", f"{FILES}/{file['id']}/pieces", data=form, content_type="multipart/form-data")

    def _decide(self, case: dict[str, Any]) -> None:
        at, office = f"{DESK}/{case['id']}", self.office
        order = {"papers": ["wages"], "note": self.word, "version": case["version"]}
        self.send("intake", "POST", f"{at}/missing", json=order)
        case = self.send("worker", "POST", f"{OWN}/{case['id']}/supplement")
        decided = {"articles": ["法律援助法第三十一条"], "reason": self.word, "version": case["version"]}
        case = self.send("intake", "POST", f"{at}/grant", json=decided)
        assigned = assignments.assign(
            actor=office.intake, case_id=aid.UUID(case["id"]), version=case["version"],
            handler_id=office.handler.worker_id,
        )  # fmt: skip
        assert assigned.handler_id == office.handler.person_id
        self.send("handler", "POST", f"{at}/begin")
        self.send("worker", "POST", f"{OWN}/{case['id']}/messages", json={"words": self.word})
        self.send("worker", "POST", f"{OWN}/{case['id']}/complaints", json={"words": self.word})
        when = (clock.now() + timedelta(days=9)).isoformat()
        self.send("handler", "POST", f"{at}/hearings", json={"kind": "court", "at": when, "place": self.word})
        today = clock.today().isoformat()
        self.send("handler", "POST", f"{at}/tasks", json={"words": self.word, "due_on": today})

    def _consult(self) -> None:
        asked = self.send("worker", "POST", CONSULTATIONS, json={"matter": "wages", "words": self.word})
        self.send("intake", "POST", f"{ANSWERING}/{asked['id']}/answer", json={"words": self.word})
        self.send("worker", "POST", f"{CONSULTATIONS}/{asked['id']}/follow-up", json={"words": self.word})

    def _tell_committee(self) -> None:
        told = {"matter": "wages", "employer_name": self.word, "employer_address": self.word, "words": self.word}
        place = {"county_code": self.office.county.county_code}
        anonymous = self.client.post("/api/v1/labour-tips", json=told | {"words": self.word} | place)
        assert anonymous.status_code == 201, anonymous.text
        tip = self.send("worker", "POST", TIPS, json=told | place)
        at, today = f"{TIP_DESK}/{tip['id']}", clock.today().isoformat()
        tip = self.send("supervisor", "POST", f"{at}/check", json={"version": tip["version"]})
        self.send("supervisor", "POST", f"{at}/ask", json={"words": self.word})
        self.send("worker", "POST", f"{TIPS}/{tip['id']}/answer", json={"words": self.word})
        check = {"checked_on": today, "is_card_shown": True, "found": self.word, "checker_ids": self.supervisors}
        self.send("supervisor", "POST", f"{at}/site-checks", json=check)
        written = {"addressee": self.word, "facts": self.word, "ground": self.word, "demands": self.word}
        letter = {"kind": "hint", "version": tip["version"], **written}
        made = self.send("supervisor", "POST", f"{at}/letters", json=letter)
        replied = {"replied_on": today, "words": self.word}
        self.send("supervisor", "POST", f"{TIP_DESK}/letters/{made['id']}/reply", json=replied)


def _header(person_id: int, channel: Channel) -> dict[str, str]:
    return {"Authorization": f"Bearer {sign_ins.sign_in(person_id, channel).access_token}"}


def haystacks(planting: Planting) -> Iterator[tuple[str, bytes]]:
    """Everywhere a word might lie."""
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            yield table.name, b"|".join(each if isinstance(each, bytes) else str(each).encode() for each in row)
    if db.engine.dialect.name == "sqlite":
        for _, name, path in db.session.execute(text("PRAGMA database_list")):
            for file in (path, f"{path}-wal"):
                with open(file, "rb") as opened:  # noqa: PTH123  a file SQLite names
                    yield f"file {name}", opened.read()
    for path in configuration.current().data_dir.rglob("*"):
        if path.is_file():
            yield f"shelf {path.parent.name}", path.read_bytes() + path.name.encode()
    book = planting.client.get(f"{DESK}.xlsx", headers=planting.headers["intake"]).data
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        yield "workbook", b"".join(archive.read(name) for name in archive.namelist())
    yield "list", planting.client.get(DESK, headers=planting.headers["intake"]).data
    yield "metrics", planting.client.get("/metrics").data


def found(planting: Planting, logged: str) -> dict[str, set[str]]:
    """Where which word lies."""
    places: dict[str, set[str]] = {}
    for place, content in [*haystacks(planting), ("log", logged.encode())]:
        for word in planting.words:
            if word.encode() in content:
                places.setdefault(place, set()).add(word)
    return places


def prepared(client: FlaskClient) -> Planting:
    """Everybody, and nothing on the shelves."""
    for name, file_id in list(shelf.kept()):
        shelf.discard(name, file_id)
    made = Planting(client, set_up())
    db.session.commit()
    return made


def test_no_planted_word_lies_anywhere(
    client: FlaskClient, committed_database: SQLAlchemy, capfd: pytest.CaptureFixture[str]
) -> None:
    planting = prepared(client)
    case_id = planting.plant()
    said = capfd.readouterr()
    assert len(planting.unused) <= 4, "a word in every text"
    assert found(planting, said.out + said.err) == {}
    opened = planting.client.get(f"{OWN}/{case_id}", headers=planting.headers["worker"]).text
    planted = set(planting.words) - set(planting.unused)
    assert len([word for word in planted if word in opened]) >= 18, "they are there, for the worker"


def test_with_encryption_off_the_finder_finds_them(
    client: FlaskClient,
    committed_database: SQLAlchemy,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as off:
        off.setattr(crypto, "seal_bytes", lambda value, **_: value)
        off.setattr(crypto, "unseal_bytes", lambda value, **_: value)
        planting = prepared(client)
        planting.plant()
        places = found(planting, capfd.readouterr().out)
    planted = set(planting.words) - set(planting.unused)
    assert set().union(*places.values()) == planted
    tables = {
        "aid_cases",
        "aid_notices",
        "aid_decisions",
        "aid_messages",
        "aid_complaints",
        "aid_hearings",
        "aid_files",
        "aid_tasks",
        "consultation_entries",
        "labour_tips",
        "labour_tip_entries",
        "labour_letters",
        "labour_site_checks",
    }
    assert tables <= set(places)
    assert "shelf legal-aid-pieces" in places
    assert not {"workbook", "list", "metrics", "log", "outbox", "audit_entries", "inbox_messages"} & set(places)
