"""Access tokens: ours are understood, everything else is refused in one way."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from service.core import clock, configuration
from service.core.ids import new_id
from service.identity import refresh_tokens, tokens
from service.identity.errors import TokenExpired, TokenInvalid
from service.identity.tokens import Claims

pytestmark = [pytest.mark.parametrize("engine_name", ["sqlite"]), pytest.mark.usefixtures("app")]
SIGN_IN = UUID("01900000-0000-7000-8000-000000000001")


def claims(**changed: Any) -> dict[str, Any]:
    """What a right token says, changed."""
    now = int(clock.now().timestamp())
    right = {
        "iss": tokens.ISSUER, "aud": tokens.AUDIENCE, "sub": "17", "sid": SIGN_IN.hex, "type": "access",
        "iat": now, "exp": now + 3600,
    }  # fmt: skip
    return {name: value for name, value in (right | changed).items() if value is not None}


def signed(said: dict[str, Any], *, key: str | None = None, algorithm: str = "HS256", **header: Any) -> str:
    """A token of these claims."""
    return jwt.encode(said, key or configuration.current().jwt_secret, algorithm=algorithm, headers=header or None)


def forged(header: Any, said: Any = None) -> str:
    """A token with any header at all; the signature is none."""
    parts = (json.dumps(part).encode() for part in (header, said or claims()))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + ".AAAA"


def test_a_token_says_who_and_by_which_sign_in() -> None:
    assert tokens.verify(tokens.mint(17, SIGN_IN)) == Claims(17, SIGN_IN)
    assert tokens.verify(signed(claims())) == Claims(17, SIGN_IN)


def test_a_token_is_short_enough_to_be_read() -> None:
    assert len(tokens.mint(2**53 - 1, new_id())) < tokens.LONGEST


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "other"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"type": "refresh"},
        {"type": None},
        {"type": ["access"]},
        {"sub": 17},
        {"sub": "-17"},
        {"sub": "17.5"},
        {"sub": "٣"},
        {"sub": ""},
        {"sub": "9" * 17},
        {"sub": None},
        {"sid": "x"},
        {"sid": 7},
        {"sid": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": [1]},
        {"iat": None},
        {"iat": "now"},
        {"iat": 10**11},
    ],
)
def test_a_claim_that_is_wrong_or_missing_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(TokenInvalid):
        tokens.verify(signed(claims(**changed)))


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        "x",
        "a.b.c",
        "\x00",
        "é.é.é",
        "\ud800",
        "x" * 9000,
        "." * 500,
    ],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(TokenInvalid):
        tokens.verify(token)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "None", "typ": "JWT"},
        {"alg": ["HS256"]},
        {"alg": {}},
        {"alg": None},
        {"alg": 1},
        {"alg": "HS256", "crit": ["x"]},
        {"alg": "HS256", "b64": False},
        {"alg": "RS256", "jku": "http://127.0.0.1/"},
        {"alg": "HS256", "kid": 7},
        [],
        "HS256",
        7,
        {},
    ],
)
def test_a_forged_header_is_refused(header: Any) -> None:
    with pytest.raises(TokenInvalid):
        tokens.verify(forged(header))


def test_another_key_or_algorithm_is_refused() -> None:
    for token in (
        signed(claims(), key="k" * 64),
        signed(claims(), algorithm="HS512"),
        jwt.encode(claims(), None, algorithm="none"),
        tokens.mint(17, SIGN_IN)[:-2],
        tokens.mint(17, SIGN_IN) + "A",
    ):
        with pytest.raises(TokenInvalid):
            tokens.verify(token)


def test_a_nested_header_does_not_reach_the_parser() -> None:
    nested = base64.urlsafe_b64encode(b"[" * 6000).decode()
    with pytest.raises(TokenInvalid):
        tokens.verify(f"{nested}.e30.AAAA")
    with pytest.raises(TokenInvalid):
        tokens.verify(base64.urlsafe_b64encode(b"[" * 360).decode() + ".e30.AAAA")


@given(st.text(max_size=600) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_refused_and_nothing_else_happens(text: str) -> None:
    with pytest.raises((TokenInvalid, TokenExpired)):
        tokens.verify(text)


def at(instant: datetime) -> time_machine.travel:
    """The clock stands at this instant."""
    return time_machine.travel(instant, tick=False)


def test_a_token_runs_out_after_its_minutes_and_a_minute_of_leeway() -> None:
    with at(clock.now()) as traveller:
        token = tokens.mint(17, SIGN_IN)
        traveller.shift(tokens.lifetime() + timedelta(seconds=tokens.LEEWAY_S - 1))
        assert tokens.verify(token).person_id == 17
        traveller.shift(timedelta(seconds=2))
        with pytest.raises(TokenExpired):
            tokens.verify(token)


def test_a_token_from_a_clock_one_minute_ahead_is_taken_and_five_not() -> None:
    with at(clock.now()) as traveller:
        token = tokens.mint(17, SIGN_IN)
        traveller.shift(timedelta(seconds=-59))
        assert tokens.verify(token).person_id == 17
        traveller.shift(timedelta(seconds=-241))
        with pytest.raises(TokenInvalid):
            tokens.verify(token)


def test_an_expired_token_of_another_key_is_invalid_and_not_merely_expired() -> None:
    with pytest.raises(TokenInvalid):
        tokens.verify(signed(claims(exp=1), key="k" * 64))
    with pytest.raises(TokenExpired):
        tokens.verify(signed(claims(exp=1)))


def test_a_refresh_token_leads_to_its_sign_in_and_is_random() -> None:
    first, second = refresh_tokens.new(SIGN_IN), refresh_tokens.new(SIGN_IN)
    assert refresh_tokens.sign_in_id(first) == refresh_tokens.sign_in_id(second) == SIGN_IN
    assert first != second
    assert refresh_tokens.digest(first) != refresh_tokens.digest(second)


@given(st.integers(0, 73), st.sampled_from("ABCDEFGHabcdefgh01234567-_"))
def test_a_changed_refresh_token_leads_nowhere(place: int, letter: str) -> None:
    token = refresh_tokens.new(SIGN_IN)
    changed = token[:place] + letter + token[place + 1 :]
    assert (refresh_tokens.sign_in_id(changed) is None) == (changed != token)


@pytest.mark.parametrize("token", ["", "x", "é", "\ud800", "=" * 76, "A" * 75, "A" * 200, "a.b.c"])
def test_what_is_no_refresh_token_leads_nowhere(token: str) -> None:
    assert refresh_tokens.sign_in_id(token) is None


def test_an_access_token_is_no_refresh_token_nor_the_reverse() -> None:
    assert refresh_tokens.sign_in_id(tokens.mint(17, SIGN_IN)) is None
    with pytest.raises(TokenInvalid):
        tokens.verify(refresh_tokens.new(SIGN_IN))
