"""Who is asking: the token of a request, and whether its door opens. The table of doors is `policy.py`.

Sign-in and roles are read from the database at each request, so that what is taken away is gone at once. At the doors
of RUSH no query is made: an ended sign-in is seen there within a second, and the actor comes without its roles.
"""

from functools import partial

from flask import Flask, g, request

from blueprints import policy
from service.core.access import ANONYMOUS, Actor, Duty, Role
from service.core.errors import Forbidden, Unauthenticated
from service.identity import denials, sign_ins, tokens
from service.identity.errors import NotVerified, PasswordMustChange, SignInEnded, TokenInvalid, TotpMustEnrol
from service.identity.revocations import RevokedSignIns

BEARER = "bearer "
OWED = {Duty.CHANGE_PASSWORD: PasswordMustChange, Duty.ENROL_TOTP: TotpMustEnrol}
REVOKED = "revoked_sign_ins"
"""Where the app keeps its snapshot of ended sign-ins: `app.extensions[REVOKED]`."""


def current_actor() -> Actor:
    """Who is asking; ANONYMOUS where no token came."""
    actor: Actor = g.get("actor", ANONYMOUS)
    return actor


def register(app: Flask) -> None:
    """Ask every request who it is."""
    revoked = app.extensions[REVOKED] = RevokedSignIns()
    app.before_request(partial(_ask_who, revoked))


def _ask_who(revoked: RevokedSignIns) -> None:
    """Leave the actor in `g.actor`. Raises Unauthenticated and its kin (401), Forbidden (403)."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in policy.TOKENLESS:
        # An unknown address is answered 404 by the router; who comes for a token may still send an old one.
        return
    given = request.environ.get("HTTP_AUTHORIZATION")
    if not given:
        if endpoint not in policy.PUBLIC:
            raise Unauthenticated
        return
    claims = tokens.verify(_bearer(given))
    if endpoint in policy.RUSH:
        g.actor = _in_a_rush(claims, revoked)
        return
    actor = sign_ins.actor_of(claims.person_id, claims.sign_in_id)
    if actor is None:
        raise SignInEnded
    try:
        _check(endpoint, actor)
    except Forbidden as refusal:
        denials.tell(actor, endpoint, refusal)
        raise
    g.actor = actor


def _in_a_rush(claims: tokens.Claims, revoked: RevokedSignIns) -> Actor:
    if revoked.holds(claims.sign_in_id):
        raise SignInEnded
    return Actor(claims.person_id, claims.sign_in_id)


def _check(endpoint: str, actor: Actor) -> None:
    """Raise Forbidden, or the kin of it that says what to do first, unless this door opens for the actor."""
    if endpoint in policy.PUBLIC:
        return
    if actor.owes is not None:
        if endpoint not in policy.BEFORE_DUTIES[actor.owes]:
            raise OWED[actor.owes]
        # Whatever roles are held: a new account may have none yet.
        return
    if not opens(endpoint, actor):
        raise Forbidden
    if policy.POLICY[endpoint].needs_verified and not actor.is_verified:
        raise NotVerified


def opens(endpoint: str, actor: Actor) -> bool:
    """Whether a role of somebody who is signed in opens this door. One in no table stays shut."""
    if endpoint in policy.PUBLIC:
        return True
    rule = policy.POLICY.get(endpoint)
    return rule is not None and (Role.WORKER in rule.roles or actor.holds(*rule.roles))


def _bearer(header: str) -> str:
    if header[: len(BEARER)].lower() != BEARER:
        raise TokenInvalid
    return header[len(BEARER) :].strip()
