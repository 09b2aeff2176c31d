"""Reading what comes in: orjson refuses NaN, lone surrogates, bad UTF-8 and endless nesting without a crash."""

from typing import Any

import orjson
from flask import Flask, Request, request
from flask_smorest.arguments import ArgumentsMixin
from marshmallow import Schema
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from schemas.fields import Order


class Parser(FlaskParser):
    """Request arguments for flask-smorest's blueprints. An unknown one is refused by name, in a query too."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": None}

    def _raw_load_json(self, req: Request) -> Any:
        """The JSON body; `missing` where there is none. Raises 400 for a broken one, 415 for another type."""
        body = req.get_data(cache=True)
        if not body:
            return missing
        if not req.is_json:
            raise UnsupportedMediaType
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise BadRequest from error

    def load_form(self, req: Request, schema: Schema) -> Any:
        """The fields of a form with its files among them, so that one schema describes a multipart request."""
        return self._makeproxy(CombinedMultiDict([req.form, req.files]), schema)


ArgumentsMixin.ARGUMENTS_PARSER = Parser()
API = "/api/"
WRITES = frozenset({"POST", "PUT", "DELETE"})


def refuse_what_was_not_asked_for(app: Flask) -> None:
    """Let writes that take no body refuse the fields of one by name. To be called when every route is in place."""
    bodiless = frozenset(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(API) and "arguments" not in getattr(app.view_functions[rule.endpoint], "_apidoc", {})
    )

    def refuse() -> None:
        if request.method in WRITES and request.endpoint in bodiless:
            ArgumentsMixin.ARGUMENTS_PARSER.parse(Order(), request)

    app.before_request(refuse)
