"""Looking for malware in what was sent: an interface, the scanner of ClamAV behind it, and a plain one without.

Composition says which is used. The plain one knows the test file every scanner must know, so that the way is tried.
"""

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from service.legal_aid.file_errors import ScannerAway

TEST_FILE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECONDS = 10.0
PIECE = 1 << 16
Scanner = Callable[[bytes], bool]
"""Content in, whether it is clean out. Raises ScannerAway."""


def plain(content: bytes) -> bool:
    """Whether it is not the test file: for installations without a scanner."""
    return TEST_FILE not in content


@dataclass(frozen=True, slots=True)
class ClamAV:
    """clamd at `host:port`, by INSTREAM."""

    host: str
    port: int

    def __call__(self, content: bytes) -> bool:
        """Whether clamd finds nothing. Raises ScannerAway where it does not answer as it should."""
        try:
            with socket.create_connection((self.host, self.port), timeout=SECONDS) as line:
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), PIECE):
                    piece = content[start : start + PIECE]
                    line.sendall(struct.pack("!I", len(piece)) + piece)
                line.sendall(struct.pack("!I", 0))
                answer = line.makefile("rb").read().rstrip(b"\0\n")
        except OSError as error:
            raise ScannerAway from error
        if answer.endswith(b"OK"):
            return True
        if answer.endswith(b"FOUND"):
            return False
        raise ScannerAway


_scanner: Scanner = plain


def use(scanner: Scanner) -> None:
    """Make this the scanner of the process."""
    global _scanner  # noqa: PLW0603  one process, one scanner; composition is the only caller
    _scanner = scanner


def is_clean(content: bytes) -> bool:
    """Whether nothing was found. Raises ScannerAway."""
    return _scanner(content)
