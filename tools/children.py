"""Child processes of `make run`: each at the head of a group of its own, restarted when it dies, stopped in order."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG in prctl(2)
LONG_ENOUGH_SECONDS = 30.0
MOST_WAIT_SECONDS = 15.0
TOO_OFTEN = 5
LARGEST_LOG = 20_000_000


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, with Python: `-m gunicorn ...`. It is given `stop_seconds` to end in order."""

    name: str
    arguments: Sequence[str]
    stop_seconds: float = 8.0


@dataclass(slots=True)
class Child:
    """A program that runs, ran, or is to run again."""

    program: Program
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    start_again: float = 0.0
    failures: int = 0
    codes: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Start it, its output going to the log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.program.arguments],
                cwd=ROOT,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  nothing else asks the kernel for it
            )
        self.started, self.start_again = time.monotonic(), 0.0

    def watch(self) -> str | None:
        """Start it again when it has died, each time later: what happened, in words, or None."""
        now = time.monotonic()
        if self.process is None:
            if self.start_again and now >= self.start_again:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            if self.failures and now - self.started > LONG_ENOUGH_SECONDS:
                self.failures = 0
            return None
        self.sweep_group()
        self.process = None
        self.failures += 1
        self.codes.append(code)
        wait = min(0.2 * 2 ** (self.failures - 1), MOST_WAIT_SECONDS)
        self.start_again = now + wait
        return f"{self.program.name} ended ({_said(code)}); starting it again in {wait:.1f} s"

    @property
    def is_hopeless(self) -> bool:
        """Whether it dies every time it is started."""
        return self.failures >= TOO_OFTEN

    def stop(self) -> None:
        """Ask it to end."""
        self.start_again = 0.0
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self) -> None:
        """Return when it has ended, by force after its time."""
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.program.stop_seconds)
            self.sweep_group()
            self.process.wait()

    def sweep_group(self) -> None:
        """End whatever it left behind: a killed server's workers would keep its port."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def last_lines(self, count: int = 12) -> str:
        """The end of its log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])


def shorten(log: Path) -> None:
    """Put a log that has grown large aside, one old one is kept."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))


def _said(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
