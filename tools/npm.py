"""Node and npm as the machine has them: found on the PATH, asked their version, their output kept in a log."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

OLDEST = (20, 19)
STEP_SECONDS = 900
QUIET = {"CI": "true", "npm_config_audit": "false", "npm_config_fund": "false", "npm_config_update_notifier": "false"}


class NoNode(Exception):
    """Node is missing or too old. The text says what to install."""


class StepFailed(Exception):
    """A command ended with an error. The text names the command and the log."""


@dataclass(frozen=True, slots=True)
class Node:
    """An installed Node that is new enough, and its npm."""

    node: str
    npm: str

    def run(self, folder: Path, log: Path, *command: str, env: Mapping[str, str] | None = None) -> None:
        """Run `npm ...` in the folder, its output appended to the log. Raises StepFailed."""
        self._run(folder, log, [self.npm, *command], env or {})

    def script(self, folder: Path, log: Path, file: Path, *arguments: str) -> None:
        """Run a JavaScript file. Raises StepFailed."""
        self._run(folder, log, [self.node, str(file), *arguments], {})

    def _run(self, folder: Path, log: Path, command: list[str], env: Mapping[str, str]) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        said = f"{Path(command[0]).name} {' '.join(command[1:])}"
        with log.open("ab") as out:
            out.write(f"$ {said}\n".encode())
            out.flush()
            try:
                code = subprocess.run(
                    command,
                    cwd=folder,
                    env={**os.environ, **QUIET, **env},
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    check=False,
                    timeout=STEP_SECONDS,
                ).returncode
            except subprocess.TimeoutExpired:
                raise StepFailed(f"'{said}' took more than {STEP_SECONDS // 60} minutes: see {log}") from None
        if code != 0:
            raise StepFailed(f"'{said}' failed: see {log}")


def find() -> Node:
    """The machine's Node. Raises NoNode."""
    node, npm = shutil.which("node"), shutil.which("npm")
    wanted = f"Node.js {'.'.join(map(str, OLDEST))} or newer with npm"
    if node is None or npm is None:
        raise NoNode(f"{'node' if node is None else 'npm'} is not there: install {wanted}")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    numbers = tuple(int(number) for number in re.findall(r"\d+", said)[:2])
    if numbers < OLDEST:
        raise NoNode(f"Node.js {said or 'of an unknown version'} is too old: install {wanted}")
    return Node(node, npm)
