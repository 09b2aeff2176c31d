"""`make release`: one archive with everything a host needs, the built pages and the mini-program included.

It is made of the committed files and of the builds, so that two people make the same of one commit.
"""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tools import clients, npm
from tools.children import ROOT

FOLDER = ROOT / "var" / "release"
LEFT_OUT = ("tests/", ".ci/", "client/worker/", "client/console/")
"""Sources of the clients are not needed where their builds are."""


def main() -> int:
    """0 with the archive's path on standard output; 1 where something is missing, which has been told by then."""
    try:
        node = npm.find()
    except npm.NoNode as missing:
        print(f"工云 no release: {missing}", file=sys.stderr)
        return 1
    if _git("status", "--porcelain", "--untracked-files=no"):
        print("工云 no release: there are changes that are not committed", file=sys.stderr)
        return 1
    if not os.environ.get("VITE_API_BASE"):
        print("工云 no release: set VITE_API_BASE, the address the mini-program asks: https://…", file=sys.stderr)
        return 1
    if not clients.ensure(node):
        return 1
    print(write(FOLDER))
    return 0


def write(folder: Path) -> Path:
    """Write the archive into the folder and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    commit, seconds = _git("log", "-1", "--format=%h %ct").split()
    name = f"gongyun-{datetime.fromtimestamp(int(seconds), UTC):%Y%m%d}-{commit}"
    path = folder / f"{name}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for file in _files():
            archive.add(ROOT / file, f"{name}/{file}", recursive=False, filter=_anonymous)
        made = tarfile.TarInfo(f"{name}/RELEASE")
        text = f"{name}\n{os.environ.get('VITE_API_BASE', '')}\ndocs/operations.md, A new release\n".encode()
        made.size, made.mtime = len(text), int(seconds)
        archive.addfile(made, io.BytesIO(text))
    return path


def _files() -> Iterator[str]:
    """Paths from the project's root, sorted: what is committed, then what is built."""
    yield from (file for file in _git("ls-files").splitlines() if not file.startswith(LEFT_OUT))
    for build in clients.BUILDS:
        yield from sorted(str(file.relative_to(ROOT)) for file in build.path.rglob("*") if file.is_file())


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _git(*command: str) -> str:
    return subprocess.run(
        ["git", "-c", "core.quotePath=false", *command], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
