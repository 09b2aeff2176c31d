"""Brings the database to the newest revision and plants the demo data once. What `make run` does before all else.

The last line on standard output is JSON: `{"commands": [...], "demo": {...} or null}`.
"""

import json
import os
import sys

import flask_migrate

from blueprints.app import create_app
from config.settings import load_or_exit
from service.core.db import db
from service.overview.demo import start
from tools.children import ROOT

MIGRATIONS = ROOT / "migrations"


def main() -> int:
    """Migrate, plant, tell."""
    settings = load_or_exit(os.environ)
    app = create_app(settings)
    with app.app_context():
        if any((MIGRATIONS / "versions").glob("[0-9]*.py")):
            flask_migrate.upgrade(directory=str(MIGRATIONS))
        else:
            db.create_all()
        demo = None if settings.is_production else start.refresh()
        db.session.remove()
    print(json.dumps({"commands": sorted(app.cli.commands), "demo": demo}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
