"""The product with one guard of legal aid taken away, named by UNGUARDED. For the controls of the live drills."""

import os
import subprocess
import sys

import filetype
from flask import Flask

from blueprints.app import create_app
from config.settings import load
from service.core import crypto
from service.files import workbook
from service.legal_aid import attachments, file_inspection
from service.legal_aid.documents import filling
from service.legal_aid.file_inspection import Inspected
from tests.bench.stage import Stage
from tests.engines import ROOT

UNGUARDED = ("-m", "gunicorn", "-c", "config/gunicorn.py", "tests.drills.aid_unguarded:app()")


def app() -> Flask:
    """As wsgi.py, without the guard. `gunicorn "tests.drills.aid_unguarded:app()"`."""
    guards = {"sealing": _sealing, "inspection": _inspection, "templates": _templates, "headers": lambda: None}
    guards[os.environ["UNGUARDED"]]()
    made = create_app(load(os.environ))
    if os.environ["UNGUARDED"] == "headers":
        made.wsgi_app = _bare(made.wsgi_app)  # type: ignore[method-assign, arg-type]
    return made


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


def _sealing() -> None:
    """Nothing is encrypted; what was before opens all the same."""
    unseal = crypto.unseal_bytes

    def opened(value: bytes, *, field: str, row: object) -> bytes:
        try:
            return unseal(value, field=field, row=row)  # type: ignore[arg-type]
        except crypto.SealBroken:
            return value

    crypto.seal_bytes = lambda value, **_where: value
    crypto.unseal_bytes = opened


def _inspection() -> None:
    """Whatever is sent is kept as it came, under the type it seems to have."""

    def kept(_kind: object, content: bytes) -> Inspected:
        guessed = filetype.guess(content)
        return Inspected(guessed.mime if guessed else "text/html", content)

    file_inspection.inspect = kept
    attachments.file_inspection.inspect = kept


def _templates() -> None:
    """Markup in values is markup, and what begins with = is a formula."""
    render, made = filling.DocxTemplate.render, workbook.xlsxwriter.Workbook

    def believing(self: filling.DocxTemplate, values: dict[str, str], **_how: bool) -> None:
        render(self, values, autoescape=False)

    filling.DocxTemplate.render = believing
    workbook.xlsxwriter.Workbook = lambda file, _options: made(file, {"constant_memory": True})


def _bare(inner):  # type: ignore[no-untyped-def]
    """No header that keeps a browser from opening what it is given."""
    hidden = {"content-disposition", "x-content-type-options", "content-security-policy"}

    def run(environ, start_response):  # type: ignore[no-untyped-def]
        def begin(status, headers, *rest):  # type: ignore[no-untyped-def]
            return start_response(status, [each for each in headers if each[0].lower() not in hidden], *rest)

        return inner(environ, begin)

    return run
