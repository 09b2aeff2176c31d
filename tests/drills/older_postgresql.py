"""Service, race and migration tests on the package's older PostgreSQL (16); `make test` runs on its newest (18)."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests import engines
from tests.engines import POSTGRESQL, ROOT

ENGINES = (POSTGRESQL,)
SUITES = ("tests/service", "tests/races", "tests/migrations")


def run(engine: str) -> dict[str, Any]:
    """Every test that names the engine passes there too."""
    server = engines.PostgresServer(Path(tempfile.mkdtemp(prefix="gongyun-pg-", dir="/tmp")), is_durable=False)
    try:
        older = server.programs.parent.parent / "pginstall" / "bin"
        if not (older / "postgres").exists():
            return {"ok": True, "figures": {"skipped": "the package brings one PostgreSQL only"}}
        server.programs = older
        server.make()
        server.start()
        return _suites(server)
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


def _suites(server: engines.PostgresServer) -> dict[str, Any]:
    version = subprocess.run([server.programs / "postgres", "--version"], check=True, capture_output=True, text=True)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *SUITES, "-q", "-n", "2", "-k", "postgresql", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env={**os.environ, "TEST_DATABASE_URL": server.url},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    summary = done.stdout.strip().splitlines()[-1].strip("= ")
    figures = {"version": version.stdout.strip(), "summary": summary, "failed": failed[:10]}
    return {"ok": done.returncode == 0, "figures": figures}
