"""A stage: one engine, durable, with seeded workers, and the product's processes started on it as in production."""

import base64
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flask import Flask

from blueprints.app import create_app
from config import settings
from service.core.db import db
from tests import databases, engines
from tests.bench.people import Worker, seed
from tests.live import LiveServer

PROCESSES = ("web", "worker", "desk")
SECRETS = {
    "JWT_SECRET": secrets.token_hex(32),
    "INDEX_KEY": secrets.token_hex(32),
    "ATTENDANCE_KEY": secrets.token_hex(32),
    "FIELD_KEYS": "bench:" + base64.b64encode(secrets.token_bytes(32)).decode(),
    "AUDIT_KEYS": "bench:" + base64.b64encode(secrets.token_bytes(32)).decode(),
}
"""One set a run: the process that seeds and the processes that serve must read each other's rows."""


class Stage:
    """A database with workers, and a server that can be started on it, broken and counted."""

    def __init__(
        self, engine: str, url: str, folder: Path, postgres: engines.PostgresServer | None, env: dict[str, str]
    ) -> None:
        self.engine = engine
        self.url = url
        self.folder = folder
        self.postgres = postgres
        longer = {
            "ACCESS_MINUTES": "1440",
            "LOG_LEVEL": "WARNING",
            "DESK_SOCKET": str(folder / "desk.sock"),
            **SECRETS,
            **env,
        }
        self.server = LiveServer({**engines.environment(url, folder / "data"), **longer}, folder)
        self.app: Flask = create_app(settings.load(self.server.env))
        databases.build_schema(self.app)
        self.workers: list[Worker] = []

    @property
    def port(self) -> int:
        """The web server's port."""
        return int(self.server.env["PORT"])

    def seed(self, count: int) -> list[Worker]:
        """Add so many workers and return them."""
        with self.app.app_context():
            made = seed(count)
            analyse()
            db.session.remove()
        self.workers += made
        return made

    def pids(self) -> dict[str, list[int]]:
        """The processes of each part, children included."""
        return {name: family(process.pid) for name, process in self.server.running.items()}

    def memory_mb(self) -> dict[str, float]:
        """Summed PSS of each part, in MB of 10^6 bytes."""
        return {name: sum(pss_bytes(pid) for pid in pids) / 1e6 for name, pids in self.pids().items()}

    def cpu_seconds(self) -> dict[str, float]:
        """CPU spent so far by each part, and by PostgreSQL."""
        parts = self.pids()
        if self.postgres is not None and self.postgres.process is not None:
            parts["postgresql"] = family(self.postgres.process.pid)
        return {name: sum(cpu_of(pid) for pid in pids) for name, pids in parts.items()}

    def audit(self) -> tuple[int, str]:
        """Exit code and words of `flask audit bookings`."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "audit", "bookings"],
            check=False,
            cwd=engines.ROOT,
            env=self.server.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout[-2000:]


def analyse() -> None:
    """Give the planner its figures, as a database in use has them."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


@contextmanager
def stage(
    engine: str, *, workers: int = 0, own_postgres: bool = False, disk: Path | None = None, **env: str
) -> Iterator[Stage]:
    """A stage, taken down afterwards. PostgreSQL is TEST_DATABASE_URL's unless the drill must break it.

    `disk` is where data directory and SQLite file shall lie instead of /tmp.
    """
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="gongyun-stage-", dir="/tmp"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        postgres = None
        if engine == engines.SQLITE:
            url = engines.sqlite_url(disk or folder, "stage")
        else:
            server_url = os.environ.get("TEST_DATABASE_URL", "")
            if own_postgres or not server_url:
                postgres = stack.enter_context(engines.postgres_server(is_durable=True))
                server_url = postgres.url
            url = engines.create_database(server_url)
            if postgres is None:
                stack.callback(engines.drop_database, url)
        if disk is not None:
            env = {"DATA_DIR": str(disk / "data"), **env}
        made = Stage(engine, url, folder, postgres, env)
        stack.callback(_stop, made)
        if workers:
            made.seed(workers)
        yield made


def _stop(made: Stage) -> None:
    for name in tuple(made.server.running):
        made.server.kill(name)
    clear_meters(made.port)
    with made.app.app_context():
        db.session.remove()
        db.engine.dispose()


def clear_meters(port: int) -> None:
    """Remove what a killed web server leaves in shared memory."""
    for left in Path("/dev/shm").glob(f"gongyun-metrics-*-{port}"):
        shutil.rmtree(left, ignore_errors=True)


def family(pid: int) -> list[int]:
    """The process and all its descendants that still run."""
    found = [pid]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def pss_bytes(pid: int) -> int:
    """The process's proportional share of memory; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def cpu_of(pid: int) -> float:
    """User and system seconds of the process; 0.0 once it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
