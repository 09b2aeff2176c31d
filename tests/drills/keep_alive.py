"""Clients that keep their connections and ask again and again, for drills in which the server changes under them."""

import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any

import requests

from tests.bench.people import Worker
from tests.bench.stage import Stage

INBOX = "/api/v1/me/inbox"


class Clients:
    """One thread and one connection a worker; `answers` counts statuses and the names of broken connections."""

    def __init__(self, made: Stage, workers: Sequence[Worker], path: str = INBOX, method: str = "GET") -> None:
        self.url = made.server.url + path
        self.method = method
        self.answers: Counter[str] = Counter()
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._ask, args=(each,)) for each in workers]

    def __enter__(self) -> "Clients":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: Any) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _ask(self, worker: Worker) -> None:
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {worker.token}"
            while not self.stopping.is_set():
                try:
                    answer = str(session.request(self.method, self.url, timeout=30).status_code)
                except requests.RequestException as error:
                    answer = type(error).__name__
                with self.lock:
                    self.answers[answer] += 1
                self.stopping.wait(0.01)
