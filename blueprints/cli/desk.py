"""`flask desk run`: the process that decides bookings in batches."""

import signal
import sys
from types import FrameType

from flask.cli import AppGroup

from service.booking.counter import Counter
from service.core import configuration

desk = AppGroup("desk", help="The booking desk: one process a host.")


@desk.command("run")
def run_desk() -> None:
    """Decide bookings until SIGTERM or Ctrl-C, at the socket DESK_SOCKET names."""
    path = configuration.current().desk_socket
    if not path:
        sys.exit("DESK_SOCKET is not set: requests are decided in the web processes")
    counter = Counter(path)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        counter.is_open = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    counter.serve()
