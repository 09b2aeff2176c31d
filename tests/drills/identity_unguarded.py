"""The product with one guard of identity taken away, named by UNGUARDED. For the controls of the identity drills."""

import os
import subprocess
import sys
from typing import Any

import jwt
from flask import Flask

from blueprints import policy
from blueprints.app import create_app
from config.settings import load
from service.core import configuration
from service.identity import attempts, passwords, sign_ins, tokens, totp
from service.identity.totp_models import Authenticator
from tests.bench.stage import Stage
from tests.engines import ROOT

UNGUARDED = ("-m", "gunicorn", "-c", "config/gunicorn.py", "tests.drills.identity_unguarded:app()")


def app() -> Flask:
    """As wsgi.py, without the guard. `gunicorn "tests.drills.identity_unguarded:app()"`."""
    {"login": _login, "tokens": _tokens, "duties": _duties}[os.environ["UNGUARDED"]]()
    return create_app(load(os.environ))


def start(made: Stage, guard: str) -> None:
    """Put a web server without this guard in the place of the stage's own; it answers when this returns."""
    if "web" in made.server.running:
        made.server.kill("web")
    env = {**made.server.env, "UNGUARDED": guard}
    with (made.folder / "web.log").open("ab") as log:
        made.server.running["web"] = subprocess.Popen(
            [sys.executable, *UNGUARDED], cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
        )
    made.server.wait()


def _login() -> None:
    """Tries are free, codes of the authenticator work again, nobody's password is not hashed."""
    attempts.count = lambda *_given: None  # type: ignore[assignment]
    attempts.take = lambda *_given: None  # type: ignore[assignment]
    is_right, step_of = passwords.is_right, totp._step_of

    def quick(password: str, kept: str | None) -> bool:
        return kept is not None and is_right(password, kept)

    def forgetful(row: Authenticator, given: str) -> int | None:
        row.last_step = None
        return step_of(row, given)

    passwords.is_right, totp._step_of = quick, forgetful


def _tokens() -> None:
    """Whatever is signed is believed; roles and ends of sign-ins are remembered for good."""

    def decode(token: str) -> tokens.Claims:
        try:
            said: dict[str, Any] = jwt.decode(
                token,
                configuration.current().jwt_secret,
                algorithms=["HS256", "HS512"],
                options={"verify_aud": False, "verify_iss": False, "verify_exp": False, "verify_iat": False},
            )
            return tokens.Claims(int(said["sub"]), tokens.UUID(said["sid"]))
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError) as error:
            raise tokens.TokenInvalid from error

    remembered: dict[Any, Any] = {}
    actor_of = sign_ins.actor_of
    tokens.verify = decode
    sign_ins.actor_of = lambda *who: (
        remembered.setdefault(who, None) or remembered.update({who: actor_of(*who)}) or (remembered[who])
    )


def _duties() -> None:
    """Administrators read the trail, auditors write."""
    policy.POLICY.update(
        {endpoint: rule + policy.ADMINISTRATION + policy.Rule((policy.Role.AUDITOR,)) for endpoint, rule in _staff()}
    )


def _staff() -> list[tuple[str, policy.Rule]]:
    return [(endpoint, rule) for endpoint, rule in policy.POLICY.items() if policy.Role.WORKER not in rule.roles]
