"""Looking for malware in what was sent: an interface, the scanner of ClamAV behind it, and a plain one without.

Composition says which is used. The plain one knows the test file every scanner must know, so that the way is tried.
"""

import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

from service.legal_aid.file_errors import ScannerAway

TEST_FILE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECONDS = 10.0
PIECE, LONGEST_ANSWER = 1 << 16, 4096
CLEAN = b"stream: OK"
Scanner = Callable[[bytes], bool]
"""Content in, whether it is clean out. Raises ScannerAway."""


def plain(content: bytes) -> bool:
    """Whether it is not the test file: for installations without a scanner."""
    return TEST_FILE not in content


@dataclass(frozen=True, slots=True)
class ClamAV:
    """clamd at `host:port`, or at the path of its socket, by INSTREAM.

    Own lines, for the clients on PyPI give each read its own patience: a clamd that drips would hold a request for
    ever.
    """

    address: str
    seconds: float = SECONDS

    def __call__(self, content: bytes) -> bool:
        """Whether clamd finds nothing. Raises ScannerAway where it does not answer as it should, or in time."""
        until = time.monotonic() + self.seconds
        try:
            with self._connected() as line:
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), PIECE):
                    piece = content[start : start + PIECE]
                    line.settimeout(_left(until))
                    line.sendall(struct.pack("!I", len(piece)) + piece)
                line.sendall(struct.pack("!I", 0))
                answer = _answer(line, until)
        except OSError as error:
            raise ScannerAway from error
        if answer == CLEAN:
            return True
        if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
            return False
        raise ScannerAway

    def _connected(self) -> socket.socket:
        if not self.address.startswith("/"):
            host, _, port = self.address.rpartition(":")
            return socket.create_connection((host.strip("[]"), int(port)), timeout=self.seconds)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(self.seconds)
        try:
            line.connect(self.address)
        except OSError:
            line.close()
            raise
        return line


def _answer(line: socket.socket, until: float) -> bytes:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        line.settimeout(_left(until))
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n")


def _left(until: float) -> float:
    """Seconds left. Raises TimeoutError where there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def at(address: str) -> Scanner:
    """The scanner at an address; the plain one where there is none."""
    return ClamAV(address) if address else plain


_scanner: Scanner = plain


def use(scanner: Scanner) -> None:
    """Make this the scanner of the process."""
    global _scanner  # noqa: PLW0603  one process, one scanner; composition is the only caller
    _scanner = scanner


def is_clean(content: bytes) -> bool:
    """Whether nothing was found. Raises ScannerAway."""
    return _scanner(content)
