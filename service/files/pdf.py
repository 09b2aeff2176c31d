"""PDF with Chinese text, set by typst from a template beside the feature that prints it.

Data goes in as one JSON document (`json(bytes(sys.inputs.data))` in the template), never by building text, so nothing a
person typed is read as markup.
"""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typst

from service.core import configuration
from service.files.errors import NoChineseFont


def render(template: Path, data: dict[str, Any]) -> bytes:
    """The template set with the data, in the configured font (`sys.inputs.font`). Raises NoChineseFont.

    `template` is an absolute path; it sees no other file than those in its own folder.
    """
    font = configuration.current().pdf_font
    if font not in families():
        raise NoChineseFont(details={"font": font})
    inputs = {"data": orjson.dumps(data).decode(), "font": font}
    content: bytes = typst.compile(template, root=template.parent, sys_inputs=inputs)
    return content


@cache
def families() -> frozenset[str]:
    """The font families of this machine; looked up once in a process."""
    return frozenset(typst.Fonts().families())
