"""The whole product with its demo data: web server, worker, desk and WeChat's sandbox, as `make run` has them."""

import json
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from tests.engines import ROOT
from tests.live import LiveServer, live_server
from tests.wechat.servers import sandbox_process

ANSWER_SECONDS = 30


class Caller:
    """Somebody signed in, who calls the API directly."""

    def __init__(self, url: str, signed_in: dict[str, Any]) -> None:
        self.base = f"{url}/api/v1"
        self.person: dict[str, Any] = signed_in["person"]
        self.tokens = {name: signed_in[name] for name in ("access_token", "refresh_token")}
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {signed_in['access_token']}"

    def get(self, path: str, **query: Any) -> Any:
        """The answer's JSON. Raises AssertionError for a refusal."""
        return self._ask("GET", path, params=query)

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        """The answer's JSON, None where it has none. Raises AssertionError for a refusal."""
        return self._ask("POST", path, json=body or {}, headers=headers)

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """The answer's JSON, None where it has none. Raises AssertionError for a refusal."""
        return self._ask("PUT", path, json=body)

    def _ask(self, method: str, path: str, **how: Any) -> Any:
        answer = self.session.request(method, self.base + path, timeout=ANSWER_SECONDS, **how)
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


@dataclass(frozen=True, slots=True)
class House:
    """The running product. People sign in to it by the names of the demo data."""

    server: LiveServer
    password: str

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`"""
        return self.server.url

    def worker(self, number: int) -> Caller:
        """worker-0001 is number 1; they go to 200."""
        return self.newcomer(f"worker-{number:04}")

    def newcomer(self, persona: str) -> Caller:
        """Whoever the sandbox knows by that name; a new name is somebody who has not proved who she is."""
        tapped = requests.post(f"{self.url}/sandbox/wx/login", json={"persona": persona}, timeout=ANSWER_SECONDS)
        return Caller(self.url, _answer(self._sign_in("wechat", _answer(tapped))))

    def staff(self, account: str) -> Caller:
        """`city`, `simao`, `trainer1` and so on."""
        return Caller(self.url, _answer(self._sign_in("staff", {"account": account, "password": self.password})))

    def publish_class(self, *, opens_in: timedelta = timedelta(minutes=-5), **more: Any) -> dict[str, Any]:
        """A class of a course of its own, taught by trainer1 in a month; 20 places where `more` says nothing else."""
        city, trainer = self.staff("city"), self.staff("trainer1").person
        title = f"茶艺师体验课{secrets.token_hex(3)}"
        course = city.post(
            "/staff/training/courses",
            {"title": title, "occupation_code": "4-03-02-07", "level": 5, "industry": "tea", "hours": 2,
             "fund_source": "union"},
        )  # fmt: skip
        plan = {
            "course_id": course["id"], "title": title, "place": "普洱市职工之家", "capacity": 20,
            "waiting_capacity": 0, "opens_at": wire(opens_in), "closes_at": wire(timedelta(days=20)),
            "lessons": [lesson(timedelta(days=30))],
        } | more  # fmt: skip
        made = city.post("/staff/training/classes", plan)
        city.put(f"/staff/training/classes/{made['id']}/trainers", {"main_id": trainer["id"]})
        published: dict[str, Any] = city.post(f"/staff/training/classes/{made['id']}/publish")
        return published

    def _sign_in(self, door: str, proof: dict[str, Any]) -> requests.Response:
        return requests.post(f"{self.url}/api/v1/auth/{door}", json=proof, timeout=ANSWER_SECONDS)


def wire(ahead: timedelta) -> str:
    """So long from now, as the API wants it."""
    return (datetime.now(UTC) + ahead).isoformat()


def lesson(ahead: timedelta, hours: float = 2) -> dict[str, Any]:
    """A lesson that begins so long from now."""
    ends_at = wire(ahead + timedelta(hours=hours))
    return {"starts_at": wire(ahead), "ends_at": ends_at, "mode": "on_site", "room": "302", "hours": 2}


@contextmanager
def house(database_url: str, folder: Path, **env: str) -> Iterator[House]:
    """The product on an empty database, its demo data planted; stopped afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="gongyun-") as short,
        sandbox_process(Path(short)) as wechat,
        live_server(
            database_url, folder, (), WECHAT_API_BASE=wechat, DESK_SOCKET=f"{short}/desk.sock", **env
        ) as server,
    ):  # fmt: skip
        said = subprocess.run(
            [sys.executable, "-m", "tools.prepare"], cwd=ROOT, env=server.env, check=True, stdout=subprocess.PIPE
        ).stdout
        server.start("desk", "web", "worker")
        yield House(server, json.loads(said.splitlines()[-1])["demo"]["password"])


def _answer(answer: requests.Response) -> dict[str, Any]:
    assert answer.status_code == requests.codes.ok, answer.text
    body: dict[str, Any] = answer.json()
    return body
