"""A process that seals the audit trail without rest: `python -m tests.drills.audit_sealer`."""

import contextlib
import os
import time

from sqlalchemy.exc import IntegrityError

from blueprints.app import create_app
from config import settings
from service.audit import sealing
from service.core.db import db

PIECE = 20


def main() -> None:
    """Seal for ever."""
    app = create_app(settings.load(os.environ))
    while True:
        with app.app_context():
            # Where another process was first, the next pass goes on.
            with contextlib.suppress(IntegrityError):
                sealing.seal_some(PIECE)
            db.session.remove()
        time.sleep(0.01)


if __name__ == "__main__":
    main()
