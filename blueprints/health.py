"""Probes: is the process alive, and may it get requests?"""

from flask import Blueprint, Response, current_app

from blueprints.answers import json_bytes
from service.core import health
from service.core.health import NotReady
from service.messaging import sweeping, ticks

OLDEST_SECONDS = 600
HEARTBEAT_SECONDS = 60

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def show_health() -> Response:
    """200 while the process answers at all; asks nothing else."""
    return json_bytes(b'{"status":"alive"}')


@bp.get("/readyz")
def show_readiness() -> Response:
    """200 when database, disk, outbox and worker are well, else 503 naming the checks that failed. `warnings` name what
    an installation for real people should have and lacks."""
    failed = _failed_checks()
    if failed:
        raise NotReady(details={"failed": failed})
    settings = current_app.config["GONGYUN"]
    if settings.is_production and not settings.clamd_address:
        return json_bytes(b'{"status":"ready","warnings":["no_malware_scanner"]}')
    return json_bytes(b'{"status":"ready"}')


def _failed_checks() -> list[str]:
    failed = []
    if not health.has_free_space(current_app.config["GONGYUN"].data_dir):
        failed.append("disk")
    if not health.database_answers():
        return [*failed, "database"]
    if sweeping.backlog().oldest_seconds > OLDEST_SECONDS:
        failed.append("outbox")
    age = ticks.heartbeat_age()
    if age is None or age > HEARTBEAT_SECONDS:
        failed.append("worker")
    return failed
