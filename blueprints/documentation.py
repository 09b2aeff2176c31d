"""`/openapi.json`, `/docs` to browse it, and `/docs/errors` for the codes. Nothing is fetched from elsewhere."""

import html
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, abort, current_app, request
from flask_smorest import Api

from blueprints.answers import json_bytes
from blueprints.openapi_document import document_of

ASSETS = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
ERRORS = Path(__file__).resolve().parent.parent / "docs" / "errors.md"
SELF_ONLY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<link rel="icon" href="/docs/assets/favicon-32x32.png"><link rel="stylesheet" href="/docs/assets/swagger-ui.css"></head>
<body>{body}</body></html>"""
BROWSE = (
    '<div id="swagger-ui"></div><script src="/docs/assets/swagger-ui-bundle.js"></script>'
    '<script src="/docs/start.js"></script>'
)
START = (
    b'SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", validatorUrl: null, '
    b'deepLinking: true, docExpansion: "none", displayOperationId: true, persistAuthorization: false});\n'
)
ROW = re.compile(r"^\|\s*`([^`]+)`\s*\|(.*)\|\s*$", re.MULTILINE)

bp = Blueprint("documentation", __name__)


def register(app: Flask, api: Api, *, public_url: str, is_shown: bool) -> None:
    """To be called when every route is in place. Where it is not shown, `flask openapi write` still writes it."""
    if is_shown:
        app.register_blueprint(bp)
    app.extensions["openapi"] = lambda: document_of(app, api.spec.to_dict(), public_url)


def document() -> bytes:
    """The OpenAPI document of the app as JSON, indented, ending with a newline."""
    made: Any = current_app.extensions["openapi"]
    if callable(made):
        options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        made = current_app.extensions["openapi"] = orjson.dumps(made(), option=options)
    return bytes(made)


@bp.get("/openapi.json")
def show_openapi() -> Response:
    """The API, described: OpenAPI 3.1."""
    answer = json_bytes(document())
    answer.add_etag()
    return answer.make_conditional(request)  # type: ignore[return-value]


@bp.get("/docs")
def show_documentation() -> Response:
    """The API, to browse and try."""
    return _page("工云 API", BROWSE)


@bp.get("/docs/start.js")
def show_documentation_start() -> Response:
    """What starts the browsable page."""
    return Response(START, mimetype="text/javascript")


@bp.get("/docs/assets/<name>")
def show_documentation_asset(name: str) -> Response:
    """Swagger UI's own files, from the installed package."""
    if name not in ASSETS:
        abort(404)
    content = files("flask_swagger_ui").joinpath("dist", name).read_bytes()
    return Response(content, mimetype=ASSETS[name], headers={"Cache-Control": "public, max-age=86400"})


@bp.get("/docs/errors")
def show_errors() -> Response:
    """Every error code and when it comes; a problem's `type` points at its row."""
    rows = ROW.findall(ERRORS.read_text(encoding="utf-8"))
    table = "".join(_row(html.escape(code), html.escape(rest).split("|")) for code, rest in rows)
    return _page("错误代码", f"<h1>错误代码</h1><table>{table}</table>")


def _row(code: str, cells: list[str]) -> str:
    told = "".join(f"<td>{cell.strip()}</td>" for cell in cells)
    return f'<tr id="{code}"><td><code>{code}</code></td>{told}</tr>'


def _page(title: str, body: str) -> Response:
    page = PAGE.format(title=title, body=body)
    return Response(page, mimetype="text/html", headers={"Content-Security-Policy": SELF_ONLY})
