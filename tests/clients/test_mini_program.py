"""The mini-program as WeChat would get it: whole, small, read by the official compilers, opened and tapped."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import equipment
from tests.conftest import Opening
from tests.engines import SQLITE
from tools import clients, npm

COMPILERS = Path(__file__).with_name("official_compilers.cjs")
MAIN_PACKAGE_BYTES = 2 * 1024 * 1024
PAGE_FILES = (".js", ".json", ".wxml")


@pytest.fixture(scope="session")
def package() -> Path:
    """The built package."""
    equipment.build(clients.MINI_PROGRAM)
    return clients.MINI_PROGRAM.path


@pytest.fixture
def copy(package: Path, tmp_path: Path) -> Path:
    """A copy of it, to be broken."""
    return Path(shutil.copytree(package, tmp_path / "package"))


def pages(package: Path) -> list[str]:
    """The pages its app.json names."""
    app = json.loads((package / "app.json").read_bytes())
    inside = [f"{each['root']}/{page}" for each in app.get("subPackages", []) for page in each["pages"]]
    return [*app["pages"], *inside]


def missing(package: Path) -> list[str]:
    """Files that a page or a component it uses should have and has not."""
    found = [
        page + ending for page in pages(package) for ending in PAGE_FILES if not (package / (page + ending)).exists()
    ]
    for page in pages(package):
        described = package / f"{page}.json"
        used = json.loads(described.read_bytes()).get("usingComponents", {}) if described.exists() else {}
        for place in used.values():
            component = (package / place.lstrip("/") if place.startswith("/") else described.parent / place).resolve()
            found += [f"{page} uses {place}"] if not component.with_name(component.name + ".js").exists() else []
    return found


def refused(package: Path) -> str:
    """What WeChat's compilers say against it, nothing where they take it."""
    env = {**os.environ, "NODE_PATH": str(clients.CLIENT / "worker" / "node_modules")}
    done = subprocess.run(
        [equipment.node().node, COMPILERS, package], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_every_page_and_component_is_there(package: Path) -> None:
    assert len(pages(package)) > 10
    assert missing(package) == []


def test_the_official_compilers_take_it(package: Path) -> None:
    assert refused(package) == ""


def test_it_is_small_enough_for_one_package(package: Path) -> None:
    assert sum(file.stat().st_size for file in package.rglob("*") if file.is_file()) <= MAIN_PACKAGE_BYTES


def _lost(package: Path) -> None:
    (package / f"{pages(package)[0]}.wxml").unlink()


def _misspelt(package: Path) -> None:
    page = package / f"{pages(package)[0]}.wxml"
    page.write_text(page.read_text(encoding="utf-8") + "<view>{{a + }}</vieww>", encoding="utf-8")


def _unclosed(package: Path) -> None:
    style = package / "app.wxss"
    style.write_text(style.read_text(encoding="utf-8") + "}}.a{", encoding="utf-8")


def test_a_lost_page_is_noticed(copy: Path) -> None:
    _lost(copy)
    assert missing(copy) == [f"{pages(copy)[0]}.wxml"]


@pytest.mark.parametrize("spoil", [_misspelt, _unclosed])
def test_the_compilers_notice_what_is_broken(copy: Path, spoil: Callable[[Path], None]) -> None:
    spoil(copy)
    assert refused(copy)


def test_it_is_opened_and_tapped_against_the_running_product(package: Path, open_house: Opening) -> None:
    house = open_house(SQLITE)
    node = equipment.node()
    done = subprocess.run(
        [node.npm, "run", "--silent", "test:mp"],
        cwd=clients.CLIENT / "worker",
        env={**os.environ, **npm.QUIET, "API_BASE": house.url, "STAFF_PASSWORD": house.password},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed is not None
    assert int(passed[1]) > 0
