"""A worker process of the outbox drill: `python -m tests.drills.outbox_worker MARKS [unguarded]`, settings in the
environment.

It performs rows of kind `drill` slowly: each leaves a line in the file MARKS, and an inbox message in the transaction
that marks it done. Unguarded, a row is marked done before it is performed, as where a queue hands out and forgets.
"""

import os
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from blueprints.app import create_app
from config import settings
from service.core import clock
from service.core.db import db
from service.core.transaction import transactional
from service.messaging import delivery, sweeping
from service.messaging.models import InboxMessage

KIND = "drill"
LEASE = timedelta(seconds=3)
WORK_SECONDS = 0.02


def main(marks: Path, *, is_guarded: bool) -> None:
    """Deliver for ever."""

    def perform(payload: Mapping[str, Any]) -> None:
        with marks.open("a") as file:
            file.write(f"{payload['number']}\n")
        time.sleep(WORK_SECONDS)
        key = f"drill:{payload['number']}:{time.time_ns()}"
        message = InboxMessage(
            person_id=payload["person_id"], key=key, title="通知", body="内容", created_at=clock.now()
        )
        db.session.add(message)

    app = create_app(settings.load(os.environ))
    delivery.register(KIND, perform)
    if not is_guarded:
        delivery._perform_inside = forgetful
    while True:
        with app.app_context():
            if not delivery.deliver_due(lease=LEASE):
                sweeping.sweep()
                time.sleep(0.1)


def forgetful(handler: delivery.Handler, job: delivery.Job) -> None:
    """Done and committed first, performed afterwards."""
    delivery._finish(job)
    transactional(handler.perform)([job])


if __name__ == "__main__":
    main(Path(sys.argv[1]), is_guarded="unguarded" not in sys.argv)
