"""Mini-program codes (小程序码) for posters: scanned, they open a page with a short scene."""

import re

from service.wechat.answers import read_image
from service.wechat.calls import Call, Kind
from service.wechat.client import WeChatClient
from service.wechat.errors import ArgumentBad

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
PAGE = re.compile(r"[0-9A-Za-z_\-]+(?:/[0-9A-Za-z_\-]+)*")
NARROWEST, WIDEST = 280, 1280


def unlimited_code(
    wechat: WeChatClient,
    scene: str,
    page: str,
    *,
    width: int = 430,
    env_version: str = "release",
    is_checked: bool = True,
) -> bytes:
    """The picture (JPEG or PNG) of a code that opens `page` with `scene`, `width` pixels wide.

    `scene` has 1 to 32 characters and says nothing about people; `page` has no leading `/` and no query; `is_checked`
    asks that the page be released. Raises ArgumentBad, TemplateBad for an unknown page, WeChatBusy, WeChatDayLimit,
    WeChatUnavailable, WeChatMisconfigured.
    """
    wrong = {
        "scene": not SCENE.fullmatch(scene),
        "page": not PAGE.fullmatch(page),
        "width": not NARROWEST <= width <= WIDEST,
    }
    if any(wrong.values()):
        raise ArgumentBad(details={name: ["wrong_form"] for name, is_wrong in wrong.items() if is_wrong})
    body = {"scene": scene, "page": page, "check_path": is_checked, "env_version": env_version, "width": width}
    call = Call(
        name="getwxacodeunlimit",
        kind=Kind.PICTURE,
        path="/wxa/getwxacodeunlimit",
        body=body,
        is_repeatable=True,
        read=read_image,
    )
    image: bytes = wechat.ask(call)["image"]
    return image
