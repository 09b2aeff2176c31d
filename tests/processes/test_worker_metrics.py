"""A worker process tells what it counts on a port of its own, and still ends when it is told to."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.live import LiveServer, free_port, live_server


def meters(port: int, token: str) -> str:
    """What the worker answers, once it does."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            headers = {"Authorization": f"Bearer {token}"}
            return requests.get(f"http://127.0.0.1:{port}/metrics", headers=headers, timeout=5).text
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("the worker does not answer")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_worker_answers_on_its_port(new_database: Callable[[str], str], engine_name: str, tmp_path: Path) -> None:
    port, token = free_port(), "m" * 32
    settings = {"WORKER_METRICS_PORT": str(port), "METRICS_TOKEN": token}
    server: LiveServer
    with live_server(new_database(engine_name), tmp_path, ("worker",), **settings) as server:
        assert "# TYPE gongyun_wechat_calls_total counter" in meters(port, token)
        assert requests.get(f"http://127.0.0.1:{port}/metrics", timeout=5).status_code == 401
        assert server.stop("worker") == {"worker": 0}
