"""All that a sandbox knows, in memory: its people, codes, tokens, phones, faults and pushes."""

from collections import Counter
from typing import Any

from flask import current_app

from blueprints.sandbox.clock import Clock
from blueprints.sandbox.codes import Codes, phone_code
from blueprints.sandbox.faults import Faults
from blueprints.sandbox.mailbox import Mailbox
from blueprints.sandbox.people import People
from blueprints.sandbox.push_sender import PushOptions, PushSender
from blueprints.sandbox.tokens import Tokens
from service.wechat.sandbox_templates import SANDBOX_TEMPLATES

NAME = "sandbox"
SWITCHES: dict[str, bool] = {
    "is_strict": True,
    "gives_unionid": False,
    "is_snapshot": False,
    "country_code_as_number": False,
    "label_as_text": False,
    "checks_pages": False,
}
"""What WeChat does now one way, now another; and strictness that is the sandbox's own."""


class Sandbox:
    """One mini-program and one service account, as WeChat would keep them."""

    def __init__(self, settings: Any) -> None:
        self.appid = settings.wechat_appid
        self.secret = settings.wechat_secret
        self.service_appid = settings.wechat_service_appid
        self.service_secret = settings.wechat_service_secret
        self.clock = Clock()
        self.login_codes = Codes(self.clock.now)
        self.phone_codes = Codes(self.clock.now, phone_code)
        self.page_codes = Codes(self.clock.now)
        self.page_tokens: dict[str, str] = {}
        self.page_persona = "worker-0001"
        self.page_domains = {"127.0.0.1", "localhost"}
        self.tokens = Tokens(self.clock.now)
        self.people = People(self.clock.now)
        self.mailbox = Mailbox()
        self.templates = dict(SANDBOX_TEMPLATES)
        self.released_pages: set[str] = set()
        self.faults = Faults()
        self.switches = dict(SWITCHES)
        self.media_delay_s = 0.5
        self.calls: Counter[str] = Counter()
        options = PushOptions(url=f"http://127.0.0.1:{settings.port}/wechat/push")
        self.push = PushSender(
            options, token=settings.wechat_push_token, aes_key=settings.wechat_push_aes_key, appid=self.appid
        )


def box() -> Sandbox:
    """The sandbox of the app that is asked."""
    found: Sandbox = current_app.extensions[NAME]
    return found
