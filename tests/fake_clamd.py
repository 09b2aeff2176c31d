"""A small clamd: INSTREAM over a real socket, with the faults of one that is not well."""

import socket
import socketserver
import struct
import threading
import time
from types import TracebackType
from typing import Self

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class FakeClamd:
    """Answers on a port of its own, or at a path. `fault`: hangs, drips, hangs_up, error, or nothing."""

    def __init__(self, path: str = "") -> None:
        self.fault, self.seen = "", list[bytes]()
        kind = _AtPath if path else _AtPort
        self.server = kind(path or ("127.0.0.1", 0), _handler(self))  # type: ignore[arg-type]
        self.address = path or f"127.0.0.1:{self.server.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class _AtPort(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


class _AtPath(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False


def _handler(clamd: FakeClamd) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                _serve(clamd, self.request)
            except OSError:
                return

    return Handler


def _serve(clamd: FakeClamd, line: socket.socket) -> None:
    with line.makefile("rb") as coming:
        if coming.read(10) != b"zINSTREAM\0":
            line.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack("!I", coming.read(4))[0]:
            content += coming.read(size)
    if clamd.fault == "hangs":
        time.sleep(2)
    elif clamd.fault == "drips":
        for letter in b"stream: OK" * 3:
            line.sendall(bytes([letter]))
            time.sleep(0.1)
    elif clamd.fault == "error":
        line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
    elif clamd.fault != "hangs_up":
        clamd.seen.append(content)
        line.sendall(b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0")
