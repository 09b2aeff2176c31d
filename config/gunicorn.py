"""The web server: `gunicorn -c config/gunicorn.py wsgi:app`. Numbers come from the settings."""

import gc
import os
import shutil
from pathlib import Path
from typing import Any

from config.logging import foreign_logs
from config.settings import load_or_exit

_settings = load_or_exit(os.environ)
_memory = Path("/dev/shm")  # noqa: S108  shared memory, not a file anybody else may have made  # nosec B108
# Not on the data's disk where it can be helped: meters are mapped into memory, and a process that touches such a page
# when the disk is full is killed by SIGBUS.
_metrics = (_memory if _memory.is_dir() else _settings.data_dir) / f"gongyun-metrics-{os.getuid()}-{_settings.port}"

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
preload_app = True  # the workers share the code's memory; connections and lines are opened at the first request
control_socket_disable = True
worker_tmp_dir = str(_memory) if _memory.is_dir() else None  # heartbeat files
limit_request_field_size = 16_384  # an overlong token reaches the app, which says what is wrong with it: 401
forwarded_allow_ips = ""  # X-Forwarded-* is judged by the app: TRUSTED_PROXIES
proc_name = "gongyun-web"
logconfig_dict = foreign_logs(_settings.log_level)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics)
_metrics.mkdir(parents=True, exist_ok=True)


def on_starting(_server: Any) -> None:
    """Begin with empty meters: what a former run's workers counted is gone with them."""
    shutil.rmtree(_metrics, ignore_errors=True)
    _metrics.mkdir(parents=True, mode=0o700)


def on_exit(_server: Any) -> None:
    """Take the meters away."""
    shutil.rmtree(_metrics, ignore_errors=True)


def when_ready(_server: Any) -> None:
    """Leave what is loaded alone when collecting garbage, so that the workers go on sharing it."""
    gc.collect()
    gc.freeze()


def pre_fork(_server: Any, _worker: Any) -> None:
    """A worker finds the meters' folder, also where something has taken it away since the start."""
    _metrics.mkdir(parents=True, exist_ok=True, mode=0o700)


def child_exit(_server: Any, worker: Any) -> None:
    """Drop the gauges of a worker that has ended; its counters stay."""
    for file in _metrics.glob(f"gauge_live*_{worker.pid}.db"):
        file.unlink(missing_ok=True)
