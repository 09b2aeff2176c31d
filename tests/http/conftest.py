"""The scene of tests that knock at every door."""

import pytest
from flask.testing import FlaskClient

from tests.http import scene as scenes
from tests.http.scene import Scene


@pytest.fixture
def scene(client: FlaskClient) -> Scene:
    """One of everything. WeChat cannot be reached."""
    return scenes.set_up(client)
