"""The clients' format, by each client's own prettier, where Node is. `python -m tools.formatting check|write`"""

import subprocess
import sys
from collections.abc import Sequence

from tools import clients, npm

SCRIPTS = {"check": "format:check", "write": "format"}


def main(arguments: Sequence[str]) -> int:
    """0 when both are as prettier writes them; also without Node, which is said."""
    try:
        node = npm.find()
    except npm.NoNode as missing:
        print(f"the clients' format is not looked at, {missing}")
        return 0
    codes = []
    for part in ("worker", "console"):
        clients.prepare(node, part)
        command = [node.npm, "run", "--silent", SCRIPTS[arguments[0]]]
        codes.append(subprocess.run(command, cwd=clients.CLIENT / part, check=False).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
