"""What tests need of the machine: Node, a Chromium, a Chinese font. Without, they are skipped, or in CI fail."""

import os
import shutil
from typing import NoReturn

import pytest

from service.files import pdf
from tools import clients, npm

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT = "Noto Sans CJK SC"
"""What sheets are printed in unless a setting names another."""


def node() -> npm.Node:
    """The machine's Node."""
    try:
        return npm.find()
    except npm.NoNode as missing:
        _go_without(f"the clients are not tested: {missing}")


def chromium() -> str:
    """The path of a browser to drive; CHROMIUM names one that is not on the PATH."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        _go_without("no page is opened: install Debian's chromium, or name a Chromium in CHROMIUM")
    return found


def chinese_font() -> None:
    """Have what sheets and posters are printed in."""
    if FONT not in pdf.families():
        _go_without("no sheet is printed: install a font with Chinese letters (Debian's fonts-noto-cjk)")


def build(*wanted: clients.Build) -> None:
    """Have these outputs as the sources are now. A test that asks for one that does not build fails."""
    if not clients.ensure(node(), wanted):
        broken = [str(each.log) for each in wanted if not clients.is_current(each)]
        pytest.fail(f"does not build, see {', '.join(broken)}", pytrace=False)


def prepare(part: str) -> npm.Node:
    """Have a client's packages and types."""
    found = node()
    try:
        clients.prepare(found, part)
    except npm.StepFailed as broken:
        pytest.fail(str(broken), pytrace=False)
    return found


def _go_without(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
