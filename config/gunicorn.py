"""The web server: `gunicorn -c config/gunicorn.py wsgi:app`. Numbers come from the settings."""

import os
import shutil
from pathlib import Path
from typing import Any

from config.logging import library_logs
from config.settings import load

_settings = load(os.environ)
_metrics = _settings.data_dir / "metrics"

bind = f"{_settings.host}:{_settings.port}"
worker_class = "gthread"
workers = _settings.web_workers
threads = _settings.web_threads
backlog = 2048
worker_connections = 1000
keepalive = 30
timeout = 60
graceful_timeout = 30
max_requests = 0
preload_app = False  # each worker opens its own database connections and its own line to the desk
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  heartbeat files, in memory
forwarded_allow_ips = ""  # X-Forwarded-* is judged by the app: TRUSTED_PROXIES
proc_name = "gongyun-web"
logconfig_dict = library_logs(_settings.log_level)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics)


def on_starting(_server: Any) -> None:
    """Begin with empty meters: what a former run's workers counted is gone with them."""
    shutil.rmtree(_metrics, ignore_errors=True)
    _metrics.mkdir(parents=True, exist_ok=True)


def child_exit(_server: Any, worker: Any) -> None:
    """Drop the gauges of a worker that has ended; its counters stay."""
    for file in _metrics.glob(f"gauge_live*_{worker.pid}.db"):
        file.unlink(missing_ok=True)
