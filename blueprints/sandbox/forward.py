"""The sandbox's finger at the product's own port, so that a client needs to know one address. Not in production."""

from collections.abc import Callable

import requests
from flask import Blueprint, Flask, Response, request

from service.core.errors import Unavailable

TIMEOUT_S = (1, 2)
ENDPOINT = "tap_login"


def register(app: Flask, *, sandbox_url: str) -> None:
    """Forward POST /sandbox/wx/login to the sandbox at this address."""
    bp = Blueprint("sandbox", __name__)
    bp.add_url_rule("/sandbox/wx/login", ENDPOINT, _forward_to(sandbox_url), methods=["POST"])
    app.register_blueprint(bp)


def _forward_to(sandbox_url: str) -> Callable[[], Response]:
    def tap_login() -> Response:
        """What the sandbox answers. Raises Unavailable where its process does not."""
        try:
            answer = requests.post(
                f"{sandbox_url}/sandbox/wx/login",
                data=request.get_data(),
                headers={"Content-Type": "application/json"},
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Unavailable("微信沙箱没有运行") from error
        return Response(answer.content, answer.status_code, mimetype="application/json")

    return tap_login
