"""What tests of the clients need of the machine: Node and a Chromium. Without, they are skipped, or in CI fail."""

import os
import shutil
from typing import NoReturn

import pytest

from tools import clients, npm

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


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
