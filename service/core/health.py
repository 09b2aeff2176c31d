"""Whether the machine's parts answer: asked by probes, so each answer comes quickly."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.core.db import db
from service.core.errors import Unavailable

LEAST_FREE = 0.05
_probes = ThreadPoolExecutor(max_workers=2, thread_name_prefix="health")


class NotReady(Unavailable):
    """The process should get no requests now; `details` tells which checks failed."""

    code = "service.not_ready"
    message = "服务还没有准备好"


def database_answers(within_seconds: float = 1.0) -> bool:
    """Whether the database answers a question in time. A hanging one is left to its own time-outs."""
    try:
        return _probes.submit(_ask, db.engine).result(within_seconds)
    except TimeoutError:
        return False


def has_free_space(folder: Path) -> bool:
    """Whether more than 5 % of the folder's disk is free."""
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total > LEAST_FREE


def _ask(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, PoolTimeout):
        return False
    return True
