"""A sandbox over real HTTP, and clients that call it."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests

from blueprints.sandbox.app import create_sandbox
from blueprints.sandbox.state import NAME, Sandbox
from config import settings
from config.settings import Settings
from service.wechat.access_token import HeldToken
from service.wechat.client import WeChatClient
from tests.wechat.servers import served

SECRET = "c0ffee-and-pu-erh"


class Served:
    """A sandbox at `url`. `box` is what it knows; `post` and `get` are its own doors."""

    def __init__(self, url: str, box: Sandbox) -> None:
        self.url = url
        self.box = box

    def post(self, door: str, /, **body: Any) -> Any:
        """What the sandbox's door answers; 200 is expected."""
        answer = requests.post(f"{self.url}/sandbox{door}", json=body, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        """The same for a reading door."""
        return requests.get(f"{self.url}/sandbox{path}", timeout=5).json()

    def tap(self, persona: str = "worker-0001") -> str:
        """A code of wx.login."""
        code: str = self.post("/wx/login", persona=persona)["code"]
        return code

    def client(self, **given: Any) -> WeChatClient:
        """A client of its own with a token of its own."""
        chosen = {"appid": self.box.appid, "secret": self.box.secret, "tokens": OwnToken(self.box), **given}
        return WeChatClient(base_url=self.url, **chosen)


class OwnToken:
    """A token straight from the sandbox, without a database; `refused` counts."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.refusals = 0

    def token(self) -> HeldToken:
        """The sandbox's."""
        return HeldToken(self.box.tokens.stable(is_forced=False)[0], self.refusals)

    def refused(self, held: HeldToken) -> None:
        """Count."""
        self.refusals += 1


@pytest.fixture
def told(tmp_path: object) -> Settings:
    """Settings of a sandbox."""
    return settings.load({"GONGYUN_ENV": "test", "DATA_DIR": str(tmp_path), "WECHAT_SECRET": SECRET})


@pytest.fixture
def sandbox(told: Settings) -> Iterator[Served]:
    """A sandbox over HTTP, whose pushes go nowhere."""
    app = create_sandbox(told)
    box: Sandbox = app.extensions[NAME]
    box.push.options.url = "http://127.0.0.1:9/wechat/push"
    with served(app) as url:
        yield Served(url, box)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is opened in a test and closed after it."""
    with ExitStack() as opened:
        yield opened
