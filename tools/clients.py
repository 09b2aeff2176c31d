"""The two clients: their packages, their types, their builds. What did not change since the last build is left alone.

Called by `make run`, `make clients`, `make release` and the tests, never by a server: nothing is built in a request.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import npm
from tools.children import ROOT

CLIENT = ROOT / "client"
CONTRACT = CLIENT / "openapi.json"
TYPES = Path("src/api/schema.d.ts")
COMPRESS = ROOT / "tools" / "compress.mjs"
NOT_SOURCE = {"node_modules", "dist", ".cache", "tests"}
WRITTEN_BY_BUILDS = {"schema.d.ts", "auto-imports.d.ts", "components.d.ts"}


@dataclass(frozen=True, slots=True)
class Build:
    """One output of one client. What browsers get is compressed; WeChat packs the mini-program itself."""

    name: str
    part: str
    script: str
    output: str
    is_served: bool = True

    @property
    def folder(self) -> Path:
        """The client's own folder."""
        return CLIENT / self.part

    @property
    def path(self) -> Path:
        """Where its output lies."""
        return self.folder / self.output

    @property
    def stamp(self) -> Path:
        """The fingerprint of the sources its output was made from."""
        return self.folder / ".cache" / f"built-{self.script.replace(':', '-')}"

    @property
    def log(self) -> Path:
        """What npm wrote."""
        return self.folder / ".cache" / "build.log"


PHONE = Build("phone pages", "worker", "build:h5", "dist/build/h5")
MINI_PROGRAM = Build("mini-program", "worker", "build:mp-weixin", "dist/build/mp-weixin", is_served=False)
CONSOLE = Build("console", "console", "build", "dist")
BUILDS = (PHONE, CONSOLE, MINI_PROGRAM)
SERVED = tuple(build for build in BUILDS if build.is_served)


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m tools.clients [served]`: 0 when all is built, 1 when something is not, which has been told by then."""
    wanted = SERVED if list(sys.argv[1:] if arguments is None else arguments) == ["served"] else BUILDS
    if all(is_current(build) for build in wanted):
        return 0
    try:
        node = npm.find()
    except npm.NoNode as missing:
        _say(f"the pages are not built, {missing}")
        return 1
    return 0 if ensure(node, wanted) else 1


def ensure(node: npm.Node, wanted: Sequence[Build] = BUILDS) -> bool:
    """Build what changed, one caller at a time. False where a build broke: its former output stays."""
    is_whole = True
    with _alone():
        for build in wanted:
            try:
                _ensure(node, build)
            except npm.StepFailed as broken:
                _say(f"{build.name}: {broken}")
                is_whole = False
    return is_whole


def prepare(node: npm.Node, part: str) -> None:
    """Packages as the lock names them, and the API's types. Raises StepFailed."""
    with _alone():
        _prepare(node, CLIENT / part)


def is_current(build: Build) -> bool:
    """Whether its output was made from the sources as they are."""
    if not build.path.is_dir() or not build.stamp.is_file():
        return False
    return build.stamp.read_text(encoding="utf-8") == fingerprint(build.folder)


def fingerprint(folder: Path) -> str:
    """Of a client's sources, the API's description, and what the environment tells its build."""
    seen = hashlib.sha256(CONTRACT.read_bytes())
    seen.update(repr(sorted(item for item in os.environ.items() if item[0].startswith("VITE_"))).encode())
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCE)
        for name in sorted(files):
            if name not in WRITTEN_BY_BUILDS:
                path = Path(here, name)
                seen.update(f"{path.relative_to(folder).as_posix()}\0".encode())
                seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()


def is_installed(folder: Path) -> bool:
    """Whether node_modules holds the packages of the lock, whoever installed them; npm keeps a list of its own."""
    hidden = folder / "node_modules" / ".package-lock.json"
    if not hidden.is_file():
        return False
    wanted = json.loads((folder / "package-lock.json").read_bytes())["packages"]
    there = json.loads(hidden.read_bytes())["packages"]
    needed = {name: each for name, each in wanted.items() if name and not {"optional", "devOptional"} & each.keys()}
    return there.keys() <= wanted.keys() and all(
        name in there and there[name].get("integrity") == each.get("integrity") for name, each in needed.items()
    )


def _ensure(node: npm.Node, build: Build) -> None:
    if is_current(build):
        return
    _prepare(node, build.folder)
    mark = fingerprint(build.folder)
    fresh = build.folder / ".cache" / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    with _told(f"{build.name}: building"):
        node.run(build.folder, build.log, "run", build.script, "--", "--outDir", str(fresh))
        if build.is_served:
            node.script(build.folder, build.log, COMPRESS, str(fresh))
    _put_in_place(fresh, build.path)
    build.stamp.write_text(mark, encoding="utf-8")


def _prepare(node: npm.Node, folder: Path) -> None:
    log = folder / ".cache" / "build.log"
    log.parent.mkdir(exist_ok=True)
    if not is_installed(folder):
        with _told(f"client/{folder.name}: installing its packages, a minute or two the first time"):
            node.run(folder, log, "ci", "--ignore-scripts")
    sources = [CONTRACT, folder / "package.json", folder / "package-lock.json"]
    mark = hashlib.sha256(b"".join(each.read_bytes() for each in sources)).hexdigest()
    stamp = folder / ".cache" / "types"
    if not (folder / TYPES).is_file() or not stamp.is_file() or stamp.read_text(encoding="utf-8") != mark:
        node.run(folder, log, "run", "types")
        stamp.write_text(mark, encoding="utf-8")


def _put_in_place(fresh: Path, place: Path) -> None:
    """In two renames, so that a running server never finds half a build."""
    former = fresh.with_name("former")
    shutil.rmtree(former, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.rename(former)
    fresh.rename(place)
    shutil.rmtree(former, ignore_errors=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    (CLIENT / ".cache").mkdir(exist_ok=True)
    with (CLIENT / ".cache" / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another build of the clients is running, waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    _say(f"{what} …")
    started = time.monotonic()
    yield
    _say(f"{what.partition(',')[0]}: {time.monotonic() - started:.0f} s")


def _say(line: str) -> None:
    print(f"工云 {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
