"""The product with WeChat's client as a first draft has it: patient, without bulkheads and breakers. For a control."""

import os

from flask import Flask

from blueprints.app import create_app
from config.settings import load
from service.wechat import client

PATIENCE_S = 30.0
NO_LIMIT = 1_000_000


def app() -> Flask:
    """As wsgi.py, unguarded. `gunicorn "tests.drills.wechat_unguarded:app()"`."""
    client.CONNECT_S = client.READ_S = client.WHOLE_S = PATIENCE_S
    client.AT_ONCE = client.ALL_AT_ONCE = client.FAILURES_TO_OPEN = NO_LIMIT
    return create_app(load(os.environ))
