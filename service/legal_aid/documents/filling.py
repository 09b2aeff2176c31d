"""Filling a template: values go in as text. Nothing in them is a template, a field or markup to the writer."""

import io
import re
from collections.abc import Mapping
from pathlib import Path

from docxtpl import DocxTemplate

TEMPLATES = Path(__file__).parent / "templates"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BLANK = "＿＿＿＿"
"""Where nothing is known: room for a pen."""
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""What XML cannot hold, and what the writer would take for the end of a paragraph or page."""


def filled(template: str, values: Mapping[str, object]) -> bytes:
    """The template of this name with its values."""
    document = DocxTemplate(TEMPLATES / f"{template}.docx")
    document.render({name: _text(value) for name, value in values.items()}, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def names_in(template: str) -> set[str]:
    """The names a template asks for."""
    return set(DocxTemplate(TEMPLATES / f"{template}.docx").get_undeclared_template_variables())


def _text(value: object) -> str:
    return UNWRITABLE.sub("", str(value or "")) or BLANK
