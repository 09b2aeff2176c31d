"""Words planted over HTTP in every text of cases, consultations, tips and letters, in file names and tags.

Each word is planted once. Who planted them is an office with everybody in it, its rows made beforehand.
"""

import io
import secrets
from collections.abc import Sequence
from typing import Any

import requests
from PIL import Image

from service.core import clock
from service.core.access import Actor, Role
from service.core.db import db
from service.identity import consents, purposes, sign_ins
from service.identity.enums import Channel
from service.legal_aid.enums import Paper
from tests import make
from tests import make_legal_aid as aid
from tests.bench.stage import Stage
from tests.service.legal_aid.conftest import Office, clerk, set_up

OWN, DESK, FILES = "/me/legal-aid/cases", "/staff/legal-aid/cases", "/me/legal-aid/files"
CONSULTATIONS, TIPS, TIP_DESK = "/me/legal-aid/consultations", "/me/labour-tips", "/staff/labour-tips"
LAWYERS = "/staff/legal-aid/consultations"
PHOTOS = (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"))
HEAD = "ZQ"


class Planting:
    """Everybody's tokens, the words given out, and what was opened by whom on the way."""

    def __init__(self, made: Stage) -> None:
        self.made = made
        self.mark = f"{HEAD}{secrets.token_hex(3)}W"
        self.count = 0
        self.cases: list[str] = []
        self.files: list[str] = []
        self.tips: list[str] = []
        self.consultations: list[str] = []
        self.opened: set[tuple[str, str, str]] = set()
        with made.app.app_context():
            self.office = set_up()
            self.who = _everybody(self.office)
            self.workers = [name for name in self.who if name.startswith("worker")]
            for name in self.workers:
                for purpose in (purposes.HEALTH, purposes.FINANCE):
                    consents.decide(actor=self.who[name], purpose=purpose, is_given=True)
            self.tokens = {name: _token(actor) for name, actor in self.who.items()}
            self.ids = {name: actor.worker_id for name, actor in self.who.items()}
            self.node_id = self.office.county.id
            db.session.remove()

    @property
    def word(self) -> str:
        """A word that nobody has used, of 12 letters and digits."""
        self.count += 1
        return f"{self.mark}{self.count:03d}"

    def ask(self, who: str, method: str, path: str, **request: Any) -> requests.Response:
        """The answer to a request; `nobody` sends no token."""
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        if who in self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        url = f"{self.made.server.url}/api/v1{path}"
        return requests.request(method, url, headers=headers, timeout=30, **request)

    def send(self, who: str, method: str, path: str, **request: Any) -> Any:
        """The body of an answer, which must be good."""
        answer = self.ask(who, method, path, **request)
        assert answer.ok, f"{who} {method} {path}: {answer.status_code} {answer.text[:400]}"
        return answer.json() if answer.content else None

    def plant(self) -> None:
        """Everything once, and more cases from the phone until every worker has one."""
        self._whole_way(self.workers[0])
        self._refused(self.workers[1])
        self._entered()
        self._consulted(self.workers[0])
        self._tip_by_name(self.workers[0])
        self._tip_of_nobody()
        for worker in self.workers[2:]:
            self._handed_in(worker)

    def _handed_in(self, worker: str) -> dict[str, Any]:
        """A case with a word in every field of its form, and files."""
        word = self.word
        case = self.send(worker, "POST", OWN, json={"matter": "dismissal", "answers": {word: self.word}})
        at = f"{OWN}/{case['id']}"
        self.cases.append(case["id"])
        for step, part in self.form().items():
            case = self.send(worker, "PUT", f"{at}/{step}", json=part | {"version": case["version"]})
        for kind, extension in PHOTOS:
            self._upload(worker, at, f"{self.word}.{extension}", self._photo(kind))
        self._upload(worker, at, f"{self.word}.mp3", self._voice(), kind="voice")
        self._upload(
            worker, at, f"../{self.word}/{self.word}.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
        )
        self.send(worker, "POST", f"{at}/documents", json={"kind": "arbitration_request"})
        return dict(self.send(worker, "POST", f"{at}/submit", json={"version": case["version"]}))

    def form(self) -> dict[str, dict[str, Any]]:
        """A word in every text of the form."""
        word = lambda: self.word  # noqa: E731
        return {
            "matter": {
                "matter": "dismissal", "reason": f"干了三个月，{word()}，没有给钱", "claims": word(),
                "position": word(), "help_wanted": [word(), word()], "limitation_clock": word(),
            },
            "person": {
                "name": word(), "ethnicity": word(), "id_number": word(), "phone": word(), "household": word(),
                "address": word(), "education": word(), "health": word(), "group_kind": word(), "call_note": word(),
                "worker_category": "employee",
            },
            "employer": {
                "employer_name": word(), "employer_code": word(), "employer_address": word(),
                "employer_phone": word(), "occupation": word(),
            },
            "means": {"hardship": word(), "income": word(), "property": word(), "is_pledged": True},
            "people": {
                "people_count": 10, "representatives": [{"name": word(), "phone": word(), "id_number": word()}]
            },
        }  # fmt: skip

    def _photo(self, kind: str) -> bytes:
        exif = Image.Exif()
        for tag in (0x010E, 0x013B, 0x8298):
            exif[tag] = self.word
        return aid.picture(kind=kind, exif=exif)

    def _voice(self) -> bytes:
        tag = self.word.encode()
        return b"ID3\x03\x00\x00\x00\x00\x00" + bytes([len(tag)]) + tag + b"\xff\xfb\x90\x00" + b"\x00" * 64

    def _upload(self, who: str, at: str, name: str, content: bytes, kind: str = "paper") -> None:
        coming = {"kind": kind, "paper": Paper.WAGES.value, "name": name, "size": len(content)}
        file = self.send(who, "POST", f"{at}/files", json=coming)
        for start in range(0, len(content), 200):
            piece = io.BytesIO(content[start : start + 200])
            sent = {"data": {"start": str(start)}, "files": {"piece": (name, piece)}}
            self.send(who, "POST", f"{FILES}/{file['id']}/pieces", **sent)
        self.files.append(file["id"])

    def _whole_way(self, worker: str) -> None:
        """Missing papers, grant, assignment, work, end; the worker rates and complains."""
        case = self._handed_in(worker)
        own, at = f"{OWN}/{case['id']}", f"{DESK}/{case['id']}"
        self.open("intake", "case", case["id"])
        self.open("intake", "file", self.files[0])
        told = {"papers": ["wages"], "note": self.word, "version": case["version"]}
        self.send("intake", "POST", f"{at}/missing", json=told)
        case = self.send(worker, "POST", f"{own}/supplement")
        case = self.send("intake", "POST", f"{at}/grant", json=self._decided(case))
        to = {"version": case["version"], "handler_id": self.ids["former"], "supervisor_id": self.ids["supervisor"]}
        case = self.send("intake", "POST", f"{at}/assign", json=to)
        to = {"version": case["version"], "handler_id": self.ids["handler"]}
        self.send("supervisor", "POST", f"{at}/assign", json=to)
        self.send("handler", "POST", f"{at}/lock")
        self.send("handler", "POST", f"{at}/begin")
        self.open("handler", "case", case["id"])
        self.open("supervisor", "case", case["id"])
        for file_id in self.files[1:4]:
            self.open("handler", "file", file_id)
        self.send(worker, "POST", f"{own}/messages", json={"words": self.word})
        self.send("handler", "POST", f"{at}/messages", json={"words": self.word})
        self.send("handler", "GET", f"{at}/messages")
        when = clock.now().replace(year=clock.now().year + 1).isoformat()
        self.send("handler", "POST", f"{at}/hearings", json={"kind": "court", "at": when, "place": self.word})
        handed = {"to": "inspection", "files": self.files[:1], "note": self.word}
        self.send("handler", "POST", f"{at}/hand-overs", json=handed)
        self.send("handler", "POST", f"{at}/documents", json={"kind": "grant"})
        complaint = self.send(worker, "POST", f"{own}/complaints", json={"words": self.word})
        self.send("supervisor", "GET", f"{at}/complaints")
        answered = {"words": self.word}
        self.send("supervisor", "POST", f"/staff/legal-aid/complaints/{complaint['id']}/answer", json=answered)
        version = self.send("handler", "GET", at)["case"]["version"]
        closed = {"version": version, "outcome": "won", "amount_fen": 900_000, "note": self.word}
        self.send("handler", "POST", f"{at}/close", json=closed)
        self.send(worker, "POST", f"{own}/rating", json={"stars": 5, "words": self.word})

    def _refused(self, worker: str) -> None:
        """A refusal, an objection, its answer; then taken back by the worker."""
        case = self._handed_in(worker)
        own, at = f"{OWN}/{case['id']}", f"{DESK}/{case['id']}"
        case = self.send("intake", "POST", f"{at}/take", json={"version": case["version"]})
        self.send("intake", "POST", f"{at}/refuse", json=self._decided(case))
        case = self.send(worker, "POST", f"{own}/objection", json={"words": self.word})
        self.open("upper", "case", case["id"])
        case = self.send("upper", "POST", f"{at}/objection", json=self._decided(case) | {"is_upheld": False})
        self.send(worker, "POST", f"{own}/withdraw")

    def _entered(self) -> None:
        """A case told by word of mouth and written down, which ends by termination."""
        form: dict[str, Any] = {}
        for part in self.form().values():
            form |= part
        del form["matter"]
        order = {
            "source": "oral", "node_id": self.node_id, "person_id": self.ids["worker 0"], "matter": "dismissal",
            "received_on": clock.today().isoformat(), "form": form,
        }  # fmt: skip
        case = self.send("intake", "POST", DESK, json=order)
        self.cases.append(case["id"])
        at = f"{DESK}/{case['id']}"
        case = self.send("intake", "POST", f"{at}/take", json={"version": case["version"]})
        first = {"version": case["version"], "reason": self.word}
        case = self.send("intake", "POST", f"{at}/grant-first", json=first)
        to = {"version": case["version"], "handler_id": self.ids["handler"], "supervisor_id": self.ids["supervisor"]}
        case = self.send("intake", "POST", f"{at}/assign", json=to)
        self.send("handler", "POST", f"{at}/terminate", json=self._decided(case))

    def _consulted(self, worker: str) -> None:
        asked = self.send(worker, "POST", CONSULTATIONS, json={"matter": "wages", "words": self.word})
        self.consultations.append(asked["id"])
        self.open("intake", "consultation", asked["id"])
        self.send("intake", "POST", f"{LAWYERS}/{asked['id']}/answer", json={"words": self.word})
        self.send(worker, "POST", f"{CONSULTATIONS}/{asked['id']}/follow-up", json={"words": self.word})

    def _tip_by_name(self, worker: str) -> None:
        tip = self.send(worker, "POST", TIPS, json=self._told())
        self.tips.append(tip["id"])
        at = f"{TIP_DESK}/{tip['id']}"
        self.open("committee", "tip", tip["id"])
        tip = self.send("committee", "POST", f"{at}/check", json={"version": tip["version"]})
        self.send("committee", "POST", f"{at}/ask", json={"words": self.word})
        self.send(worker, "POST", f"{TIPS}/{tip['id']}/answer", json={"words": self.word})
        both = [self.ids["committee"], self.ids["committee 2"]]
        seen = {"checked_on": clock.today().isoformat(), "checker_ids": both, "is_card_shown": True, "found": self.word}
        self.send("committee", "POST", f"{at}/site-checks", json=seen)
        for kind in ("hint", "opinion", "advice"):
            version = self.send("committee", "GET", at)["tip"]["version"]
            said = {"addressee": self.word, "facts": self.word, "ground": self.word, "demands": self.word}
            letter = self.send("committee", "POST", f"{at}/letters", json=said | {"kind": kind, "version": version})
            assert self.ask("committee", "GET", f"{TIP_DESK}/letters/{letter['id']}/document").ok
            replied = {"replied_on": clock.today().isoformat(), "words": self.word}
            self.send("committee", "POST", f"{TIP_DESK}/letters/{letter['id']}/reply", json=replied)
        version = self.send("committee", "GET", at)["tip"]["version"]
        closed = {"version": version, "outcome": "rectified", "words": self.word}
        self.send("committee", "POST", f"{at}/close", json=closed)

    def _tip_of_nobody(self) -> None:
        code = self.send("nobody", "POST", "/labour-tips", json=self._told())["claim_code"]
        listed = self.send("committee", "GET", f"{TIP_DESK}?is_open=true")["items"]
        tip = next(each["tip"] for each in listed if each["tip"]["is_anonymous"])
        self.tips.append(tip["id"])
        at = f"{TIP_DESK}/{tip['id']}"
        self.send("committee", "POST", f"{at}/ask", json={"words": self.word})
        answer = {"claim_code": code, "words": self.word}
        self.send("nobody", "POST", "/labour-tips/claim/answer", json=answer)
        version = self.send("committee", "GET", at)["tip"]["version"]
        self.send("committee", "POST", f"{at}/dismiss", json={"version": version, "words": self.word})

    def _told(self) -> dict[str, Any]:
        return {
            "matter": "wages", "employer_name": self.word, "employer_address": self.word, "words": self.word,
            "node_id": self.node_id,
        }  # fmt: skip

    def _decided(self, case: dict[str, Any]) -> dict[str, Any]:
        return {"articles": list(aid.ARTICLES), "reason": self.word, "version": case["version"]}

    def open(self, who: str, kind: str, subject: str) -> None:
        """Open something as staff, and remember that it was."""
        where = {"case": DESK, "file": FILES, "consultation": LAWYERS, "tip": TIP_DESK}[kind]
        answer = self.ask(who, "GET", f"{where}/{subject}")
        assert answer.ok, f"{who} opens {kind}: {answer.status_code} {answer.text[:300]}"
        self.opened.add((who, kind, subject))


def _everybody(office: Office) -> dict[str, Actor]:
    """Everybody who has to do with it, or should not have."""
    supervisors = [clerk(office.county, Role.LABOUR_LAW_SUPERVISOR) for _ in range(2)]
    others: Sequence[Actor] = [make.actor(make.person(member_of=office.factory).id) for _ in range(3)]
    return {
        **{f"worker {number}": each for number, each in enumerate([office.worker, *others])},
        "intake": office.intake, "supervisor": office.supervisor, "handler": office.handler,
        "former": clerk(office.county, Role.LEGAL_AID_OFFICER), "upper": office.upper,
        "of employer": office.of_employer, "elsewhere": office.elsewhere, "committee": supervisors[0],
        "committee 2": supervisors[1], "administrator": clerk(office.city, Role.ADMINISTRATOR),
        "auditor": clerk(office.city, Role.AUDITOR),
    }  # fmt: skip


def _token(actor: Actor) -> str:
    channel = Channel.STAFF if actor.grants else Channel.WECHAT
    return sign_ins.sign_in(actor.worker_id, channel).access_token
