"""The whole test suite's PostgreSQL half on the oldest version that comes with the package (16), beside its newest."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests import engines
from tests.engines import POSTGRESQL, ROOT

ENGINES = (POSTGRESQL,)


def run(engine: str) -> dict[str, Any]:
    """Every test that names the engine passes there too."""
    server = engines.PostgresServer(Path(tempfile.mkdtemp(prefix="gongyun-pg-", dir="/tmp")), is_durable=False)
    older = server.programs.parent.parent / "pginstall" / "bin"
    if not (older / "postgres").exists():
        return {"ok": True, "figures": {"skipped": "the package brings one PostgreSQL only"}}
    server.programs = older
    version = subprocess.run([older / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    try:
        server.make()
        server.start()
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "tests",
                "-q",
                "-k",
                "postgresql",
                "--no-header",
                "-p",
                "no:cacheprovider",
            ],
            cwd=ROOT,
            env={**os.environ, "TEST_DATABASE_URL": server.url},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        server.stop()
    summary = done.stdout.strip().splitlines()[-1]
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return {
        "ok": done.returncode == 0,
        "figures": {"version": version.strip(), "summary": summary.strip("= "), "failed": failed[:10]},
    }
