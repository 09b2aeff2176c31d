"""Production starts with real secrets only, and duties stay apart once it runs.

Short, default and missing secrets, debug, plain http, a sandbox: each alone keeps the process from starting and is
named. The control is the same environment outside production. Then an administrator asks for the audit trail, an
auditor writes: refused, and in the trail.
"""

import base64
import os
import secrets
import subprocess
import sys
from typing import Any

import requests
from sqlalchemy import select

from blueprints import policy, policy_table
from blueprints.rule import Content
from service.audit.models import AuditEntry
from service.core.access import SYSTEM, Role
from service.core.db import db
from service.core.transaction import transactional
from service.identity import accounts, grants, people, sign_ins
from service.identity.enums import Channel
from service.organisations import nodes
from tests.bench.stage import Stage, stage
from tests.drills import identity_unguarded
from tests.drills.scene import Verdict, control
from tests.engines import ROOT

PASSWORD = "kafei-2026-menglian"
SETTINGS_ALONE = "import os; from config.settings import load_or_exit; load_or_exit(os.environ)"
WRONG = {
    "JWT_SECRET": ("", "short", "change-me-change-me-change-me-change-me", "a" * 64),
    "INDEX_KEY": ("", "short"),
    "ATTENDANCE_KEY": ("", "short"),
    "FIELD_KEYS": ("", "k1:c2hvcnQ=", "k1:" + base64.b64encode(bytes(32)).decode()),
    "AUDIT_KEYS": ("",),
    "WECHAT_SECRET": ("",),
    "WECHAT_API_BASE": ("http://127.0.0.1:8001",),
    "FLASK_DEBUG": ("1",),
    "PUBLIC_URL": ("http://gongyun.example",),
    "SMS_PROVIDER": ("sandbox",),
    "REAL_NAME_PROVIDER": ("sandbox",),
}


def run(engine: str) -> dict[str, Any]:
    """How many bad environments were refused by name; how many doors stayed shut to whom."""
    verdict = Verdict()
    with stage(engine) as made:
        _starts(verdict, made)
        made.server.start("web")
        _duties(verdict, made)
        with control(verdict, "duties_joined", lambda: _opened(made) != []):
            identity_unguarded.start(made, "duties")
    return verdict.outcome()


def _production(made: Stage) -> dict[str, str]:
    sealing = {
        name: "k1:" + base64.b64encode(secrets.token_bytes(32)).decode() for name in ("FIELD_KEYS", "AUDIT_KEYS")
    }
    return {
        **os.environ,
        "GONGYUN_ENV": "production", "DATA_DIR": str(made.folder / "production"), "DATABASE_URL": made.url,
        "WECHAT_APPID": "wx0123456789abcdef", "WECHAT_SECRET": secrets.token_hex(16), "PUBLIC_URL": "https://g.example",
        **{name: secrets.token_hex(32) for name in ("JWT_SECRET", "INDEX_KEY", "ATTENDANCE_KEY")}, **sealing,
    }  # fmt: skip


def _starts(verdict: Verdict, made: Stage) -> None:
    right = _production(made)
    code, said = _start(right)
    verdict.expect(code == 0, f"production with everything given did not start: {said}")
    refused = 0
    for name, values in WRONG.items():
        for value in values:
            code, said = _start(right | {name: value}, SETTINGS_ALONE)
            verdict.expect(code != 0 and name in said, f"{name}={value[:12]!r}: exit {code}, {said[-200:]}")
            verdict.expect(not value or len(value) < 16 or value not in said, f"{name} is told in the message")
            refused += code != 0
    verdict.figures["environments_refused"] = refused
    code, said = _start({**right, **dict.fromkeys(("JWT_SECRET", "INDEX_KEY", "FIELD_KEYS"), "")})
    named = [name for name in ("JWT_SECRET", "INDEX_KEY", "FIELD_KEYS") if name in said]
    verdict.expect(code != 0 and len(named) == 3, f"of three problems {named} are named at once")
    wrong = {name: values[0] for name, values in WRONG.items() if name not in ("WECHAT_API_BASE", "FLASK_DEBUG")}
    with control(verdict, "outside_production", lambda: _start(right | wrong | {"GONGYUN_ENV": "test"})[0] == 0):
        pass


def _start(env: dict[str, str], what: str = "import wsgi") -> tuple[int, str]:
    """Exit code and words of a process that starts as the web server does, or as far as its settings."""
    done = subprocess.run(
        [sys.executable, "-c", what], check=False, cwd=ROOT, env=env, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return done.returncode, done.stdout


def _duties(verdict: Verdict, made: Stage) -> None:
    opened = _opened(made)
    verdict.figures["doors_tried"] = len(_kept_away(made))
    verdict.expect(opened == [], f"opened: {opened[:5]}")
    with made.app.app_context():
        denied = select(AuditEntry.id).where(AuditEntry.action == "auth.door_denied")
        verdict.figures["denials_in_the_trail"] = len(db.session.scalars(denied).all())
        db.session.remove()
    verdict.expect(verdict.figures["denials_in_the_trail"] > 0, "no denial was written down")


def _kept_away(made: Stage) -> list[tuple[Role, str, str]]:
    """(role, method, path) of what administrator and auditor must not get at."""
    found = []
    with made.app.app_context():
        for rule in made.app.url_map.iter_rules():
            entry = policy.POLICY.get(rule.endpoint)
            if entry is None or {Role.WORKER, Role.MEMBER} & set(entry.roles) or rule.endpoint.startswith("accounts."):
                continue
            path = str(rule.build(dict.fromkeys(rule.arguments, 1), append_unknown=False)[1]) if _plain(rule) else ""
            methods = (rule.methods or set()) - policy_table.READING
            if path and entry.content in (Content.CASE, Content.AUDIT):
                found.append((Role.ADMINISTRATOR, "GET", path))
            if path and methods:
                found.append((Role.AUDITOR, methods.pop(), path))
    return found


def _plain(rule: Any) -> bool:
    return all(type(converter).__name__ in ("RowId", "UnicodeConverter") for converter in rule._converters.values())


def _opened(made: Stage) -> list[tuple[str, str, int]]:
    """Doors that were answered with anything but 403, by whom."""
    headers = {role: {"Authorization": f"Bearer {_token(made, role)}"} for role in (Role.ADMINISTRATOR, Role.AUDITOR)}
    found = []
    for role, method, path in _kept_away(made):
        answer = requests.request(method, made.server.url + path, headers=headers[role], json={}, timeout=10)
        if answer.status_code != requests.codes.forbidden:
            found.append((role.value, f"{method} {path}", answer.status_code))
    return found


def _token(made: Stage, role: Role) -> str:
    with made.app.app_context():
        try:
            person_id = accounts.by_login(role.value).person_id
        except accounts.AccountUnknown:
            person_id = _person()
            root = nodes.root() or _plant()
            accounts.open_account(SYSTEM, person_id, role.value, PASSWORD)
            grants.grant(SYSTEM, person_id, role, root.id)
        token = sign_ins.sign_in(person_id, Channel.STAFF).access_token
        db.session.remove()
    return token


def _plant() -> Any:
    return nodes.create(parent=None, kind=nodes.NodeKind.CITY, code="530800", name="普洱市总工会")


@transactional
def _person() -> int:
    return people.newcomer().id
