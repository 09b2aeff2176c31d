"""What the builds give to browsers and to WeChat: small, compressed, and fetching nothing from elsewhere."""

import re
from pathlib import Path

import pytest

from tests import equipment
from tools import clients

FETCHED = re.compile(r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")]+)")
IN_PAGES = re.compile(r"(?:src|href)=['\"]((?:https?:)?//[^'\"]+)")
STYLES = {".css", ".wxss"}
FIRST_SCREEN_BYTES = 200_000
"""What a phone has to fetch before it shows anything, as sent: four seconds of 400 kb/s."""


@pytest.fixture(params=clients.BUILDS, ids=lambda build: str(build.name))
def build(request: pytest.FixtureRequest) -> clients.Build:
    """Each of the outputs, as the sources are."""
    found: clients.Build = request.param
    equipment.build(found)
    return found


def files(folder: Path, *endings: str) -> list[Path]:
    """Files of the build with one of the endings."""
    return [file for file in folder.rglob("*") if file.suffix in endings]


def test_nothing_in_it_is_fetched_from_elsewhere(build: clients.Build) -> None:
    texts = {file: file.read_text(encoding="utf-8") for file in files(build.path, ".css", ".wxss", ".html")}
    assert texts
    fetched = [
        f"{file.name}: {address}"
        for file, text in texts.items()
        for address in (FETCHED if file.suffix in STYLES else IN_PAGES).findall(text)
    ]
    assert fetched == []


def test_no_page_has_a_script_or_a_style_in_it(build: clients.Build) -> None:
    for page in files(build.path, ".html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<style|\son\w+=|\sstyle=|<script(?![^>]*\ssrc=)", text), page.name


def test_what_is_served_is_compressed_and_the_mini_program_is_not(build: clients.Build) -> None:
    packed = files(build.path, ".br", ".gz")
    if not build.is_served:
        assert packed == []
        return
    large = [file for file in files(build.path, ".js", ".css", ".html") if file.stat().st_size > 2048]
    assert large
    for file in large:
        assert file.with_name(file.name + ".br").exists(), file.name
        assert file.with_name(file.name + ".gz").exists(), file.name


def test_the_first_screen_of_the_phone_pages_is_small() -> None:
    equipment.build(clients.PHONE)
    start = (clients.PHONE.path / "index.html").read_text(encoding="utf-8")
    wanted = [clients.PHONE.path / address for address in re.findall(r'(?:src|href)="\./([^"]+)"', start)]
    assert wanted
    sent = [file.with_name(file.name + ".br") for file in wanted if file.suffix in (".js", ".css")]
    assert sum(file.stat().st_size for file in sent if file.exists()) <= FIRST_SCREEN_BYTES
