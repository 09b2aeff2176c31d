"""Hot lists: public, the same for everybody, asked for by thousands at once.

An answer is kept for a second in each process, made by one request while the others wait for it or take the one before
(dogpile.cache), and carries an ETag, so that who has it already is answered 304 without a body. The server's time is
written into each answer anew: it is what clients count down by.
"""

import functools
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from dogpile.cache import make_region
from flask import Response, request
from marshmallow import Schema

from blueprints.answers import json_bytes
from service.core import clock

KEPT_SECONDS = 1
MOST_KEPT = 512


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer without its closing brace, and its tag."""

    opening: bytes
    etag: str


class Bounded(OrderedDict[str, Any]):
    """A dict that lets go of what was put in first: words to search for are endless."""

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        if len(self) > MOST_KEPT:
            self.popitem(last=False)


_answers = Bounded()
_region = make_region().configure(
    "dogpile.cache.memory", expiration_time=KEPT_SECONDS, arguments={"cache_dict": _answers}
)


def forget() -> None:
    """Drop every answer kept in this process: something staff published or changed must show at once."""
    _answers.clear()


def hot(view: type[Schema]) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Answer the question's outcome through `view`, with `server_time` added, from memory where it is fresh."""
    schema = view()

    def decorate(function: Callable[..., Any]) -> Callable[..., Response]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Response:
            def ask() -> Kept:
                body = orjson.dumps(schema.dump(function(*args, **kwargs)))
                return Kept(body.removesuffix(b"}"), hashlib.sha256(body).hexdigest()[:32])

            key = f"{request.path}?{urlencode(sorted(request.args.items(multi=True)))}"
            return _answered(_region.get_or_create(key, ask))

        return run

    return decorate


def _answered(kept: Kept) -> Response:
    if request.if_none_match.contains_weak(kept.etag):
        answer = Response(status=304)
    else:
        answer = json_bytes(kept.opening + b',"server_time":"' + clock.now().isoformat().encode() + b'"}')
    answer.set_etag(kept.etag, weak=True)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
