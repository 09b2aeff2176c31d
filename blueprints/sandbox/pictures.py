"""Mini-program codes: a real JPEG, of an ordinary QR code that says page and scene."""

import re

import segno
from flask import Response

from blueprints.sandbox.jpeg import squares
from blueprints.sandbox.messages import check_page
from blueprints.sandbox.state import box
from blueprints.sandbox.wire import Refused, posted

SCENE = re.compile(r"[0-9a-zA-Z!#$&'()*+,/:;=?@\-._~]{1,32}")
VERSIONS = ("release", "trial", "develop")
NARROWEST, WIDEST, USUAL = 280, 1280, 430


def getwxacodeunlimit() -> Response:
    """The picture on success, JSON on error, both with HTTP 200."""
    wechat, given = box(), posted()
    scene, page, width = given.get("scene"), given.get("page", ""), given.get("width", USUAL)
    if not isinstance(scene, str) or not SCENE.fullmatch(scene):
        raise Refused(40169, "invalid length for scene, or the data is not json string")
    if "scancode_time" in scene:
        raise Refused(85096, "scancode_time is system reserved")
    if given.get("env_version", "release") not in VERSIONS or not isinstance(width, int):
        raise Refused(40097, "invalid args")
    if not isinstance(page, str) or page.startswith("/") or "?" in page:
        raise Refused(41030, "invalid page")
    if given.get("check_path", True) and wechat.switches["checks_pages"]:
        check_page(page)
    matrix = [list(map(bool, row)) for row in segno.make(f"{page}?scene={scene}", error="m").matrix_iter(border=2)]
    return Response(squares(matrix, max(NARROWEST, min(width, WIDEST))), 200, content_type="image/jpeg")
