"""SQL in every string and query parameter: taken as text or refused, nothing found, nothing changed, nothing slow."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import func, inspect, select, text
from werkzeug.test import TestResponse

from service.core.db import Base, db
from tests.http import scene as scenes
from tests.http.doors import DOORS, Door
from tests.http.scene import API, TRAINING, WORKER, Scene
from tests.http.test_bad_input import NAMED, document, leaves, replaced, same_path, sound, writes

ASLEEP_S = 4.5
"""The payloads sleep for 5 s where one is run."""
TYPED = (
    "1 OR 1=1", "1;DROP TABLE people", "1' OR '1'='1", "1) OR (1=1", "1 UNION SELECT 1", "-1 OR 1=1", "1/**/OR/**/1=1",
    "(SELECT 1)", "1-(SELECT pg_sleep(5))", "1 AND randomblob(1000000000)", "0x31", "NULL",
)  # fmt: skip
"""For what is a number, a day or one of a list: each must be refused before any query is made."""
PAYLOADS = (
    *TYPED,
    "'", "''", '"', "`", "\\", "\\'", "%", "_", "%_%", "';", "'--", "'#", "'/*", "*/", "; --", "{{7*7}}", "${7*7}",
    "%s", ":q", "?1",
    "' OR '1'='1", "' OR 1=1 --", '" OR ""="', "') OR ('1'='1", "')) OR (('1'='1", "' OR 'x' LIKE '%", "' OR ''='",
    "admin'--", "admin'/*", "' OR TRUE --", "' || '", "'||(SELECT 1)||'", "' AND 1=0 UNION ALL SELECT 1,2,3 --",
    "' UNION SELECT NULL,NULL,NULL,NULL --", "' UNION SELECT id_number_sealed FROM people --",
    "' UNION SELECT sql FROM sqlite_master --", "' UNION SELECT usename FROM pg_user --",
    "'; DROP TABLE bookings; --", "'; DELETE FROM people; --", "'; UPDATE people SET is_verified=true; --",
    "'; INSERT INTO role_grants VALUES (1,1,'administrator',1,now()); --", "'; TRUNCATE audit_entries; --",
    "'; SELECT pg_sleep(5); --", "' || pg_sleep(5) --", "' AND (SELECT 1 FROM pg_sleep(5)) IS NULL --",
    "' AND 1=(SELECT count(*) FROM generate_series(1,100000000)) --", "' AND randomblob(1000000000) --",
    "' AND 1=like('ABCDEFG',upper(hex(randomblob(500000000)))) --", "'; COPY people TO '/tmp/x'; --",
    "'; ATTACH DATABASE '/tmp/x' AS x; --", "'; PRAGMA writable_schema=1; --", "' AND 1=CAST(version() AS int) --",
    "' AND extractvalue(1,concat(0x7e,version())) --", "＇ OR １＝１ --", "ʼ OR 1=1 --", "\u2019 OR 1=1 --",
    "%27%20OR%201=1",
    "\\u0027 OR 1=1", "CHAR(39)", "$$;SELECT 1;$$", "$1", "E'\\x27'", "\x1a'", "\t' OR 1=1", "\n'; SELECT 1 --",
)  # fmt: skip
FREE = frozenset({"title", "summary", "place", "room", "reason", "name", "device", "number", "client_id"})


@pytest.fixture
def untouched(scene: Scene) -> Iterator[None]:
    """Fails where a table is gone, new, or has other rows than before."""
    before = contents()
    yield
    assert contents() == before


def contents() -> dict[str, Any]:
    """Every table with its number of rows, and the number of verified people. That people are looked at is audited."""
    names = set(inspect(db.session.connection()).get_table_names()) - {"audit_entries", "audit_subjects"}
    counts = {name: db.session.scalar(select(func.count()).select_from(text(f'"{name}"'))) for name in names}
    verified = db.session.scalar(text("SELECT count(*) FROM people WHERE is_verified"))
    db.session.close()
    assert set(Base.metadata.tables) <= names | {"audit_entries", "audit_subjects"}
    return counts | {"verified": verified}


def complaint(answer: TestResponse, started: float) -> str | None:
    """What is wrong with the answer, None where nothing is."""
    seconds = time.monotonic() - started
    is_wechat_away = answer.status_code == 503 and b'"code":"wechat.' in answer.data
    if (answer.status_code >= 500 and not is_wechat_away) or seconds > ASLEEP_S:
        return f"{answer.status_code} after {seconds:.1f} s: {answer.text[:200]}"
    return None


def parameters(scene: Scene) -> Iterator[tuple[Door, str, bool]]:
    """(door, name, whether any text is taken) of every query parameter of every route."""
    for pattern, item in document(scene)["paths"].items():
        doors = [door for door in DOORS.values() if same_path(door, pattern)]
        for parameter in item.get("get", {}).get("parameters", []) if doors else ():
            if parameter.get("in") == "query":
                schema = parameter["schema"]
                is_text = "string" in schema.get("type", ()) and not {"format", "enum"} & set(schema)
                yield doors[0], parameter["name"], is_text


def test_sql_in_a_query_finds_nothing(scene: Scene, untouched: None) -> None:
    wrong = []
    for door, name, is_text in parameters(scene):
        path = door.path.split("?")[0]
        if path.endswith(".xlsx"):  # packed, and written down when taken; its list is asked with the same filters
            continue
        for payload in PAYLOADS if is_text else TYPED:
            started = time.monotonic()
            answer = scene.send(door.by, "GET", f"{path}?{name}={quote(payload)}")
            said = complaint(answer, started)
            if said is None and answer.status_code != 422 and not finds_only(answer, payload):
                said = f"{answer.status_code}, found something: {answer.text[:200]}"
            if said:
                wrong.append(f"{path}?{name}={payload!r}: {said}")
    assert not wrong, "\n".join(wrong)


def finds_only(answer: TestResponse, payload: str) -> bool:
    """Whether every item found has the payload in it, letter for letter."""
    items = answer.get_json()["items"]
    return all(payload.strip().lower() in json.dumps(item, ensure_ascii=False).lower() for item in items)


def test_sql_in_a_path_is_404(scene: Scene, untouched: None) -> None:
    wrong = []
    for door in DOORS.values():
        path = door.path.split("?")[0]
        for name in NAMED.findall(path):
            for payload in ("1' OR '1'='1", "1;DROP TABLE people", "1 OR 1=1", "1-(SELECT pg_sleep(5))", "1'--"):
                started = time.monotonic()
                bad = path.replace(f"{{{name}}}", quote(payload, safe=""))
                answer = scene.send(door.by, door.method, bad, **door.request(scene))
                said = complaint(answer, started)
                if said or answer.status_code not in (404, 405):
                    wrong.append(f"{door.method} {path} with {payload!r}: {said or answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_sql_in_a_body_is_kept_as_text_or_refused(scene: Scene, untouched: None) -> None:
    wrong = []
    for endpoint, door in writes().items():
        if door.form is not None:
            continue
        body = sound(scene, endpoint)
        texts = [path for path, value in leaves(body) if isinstance(value, str)]
        for path in texts:
            name = next(part for part in reversed(path) if isinstance(part, str))
            for payload in TYPED if name not in FREE else PAYLOADS[::7]:
                started = time.monotonic()
                answer = scene.ask(door.by, door.method, door.path, json=replaced(body, path, payload))
                said = complaint(answer, started)
                if said:
                    wrong.append(f"{endpoint} {path} = {payload!r}: {said}")
    assert not wrong, "\n".join(wrong)


def test_every_payload_is_stored_and_shown_letter_for_letter(scene: Scene, untouched: None) -> None:
    course = DOORS["staff_courses.create_course"]
    training_class = DOORS["staff_training.create_class"]
    for payload in PAYLOADS:
        started = time.monotonic()
        order = sound(scene, "staff_courses.create_course") | {"title": f"茶{payload}"[:60], "summary": payload}
        answer = scene.ask(course.by, "POST", course.path, json=order)
        assert complaint(answer, started) is None
        assert answer.status_code == 201, f"{payload!r}: {answer.text}"
        assert answer.get_json()["summary"] == payload.strip()
        order = sound(scene, "staff_training.create_class") | {"place": f"茶{payload}"}
        answer = scene.ask(training_class.by, "POST", training_class.path, json=order)
        assert answer.get_json()["place"] == f"茶{payload}".strip()


def test_sql_in_a_header_does_nothing(scene: Scene, untouched: None) -> None:
    for payload in PAYLOADS:
        if not payload.isprintable() or not payload.isascii():
            continue
        for header in ("Idempotency-Key", "X-Request-Id", "If-None-Match", "User-Agent", "X-Forwarded-For"):
            started = time.monotonic()
            path = f"{API}/training/classes/{scene.ids['class']}/bookings"
            answer = scene.ask(WORKER, "POST", path, json={}, headers={header: payload})
            assert complaint(answer, started) is None
            assert answer.status_code == 201
        for token in (payload, f"Bearer {payload}"):
            answer = scene.send(WORKER, "GET", "~/me", headers={"Authorization": token})
            assert answer.status_code == 401


def test_the_table_of_contents_notices_a_lost_row(scene: Scene) -> None:
    """The negative control of `untouched`."""
    before = contents()
    with scenes.taken_back():
        scene.send(TRAINING, "DELETE", "~/staff/training/classes/{draft}")
        assert contents() != before
    assert contents() == before
