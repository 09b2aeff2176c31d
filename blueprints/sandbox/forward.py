"""The sandbox's finger at the product's own port, so that a client needs to know one address. Not in production."""

from collections.abc import Callable

import requests
from flask import Blueprint, Flask, Response, request

from service.core.errors import Unavailable

TIMEOUT_S = (1, 2)
TAPS = ("login", "phone", "subscribe")


def register(app: Flask, *, sandbox_url: str) -> None:
    """Forward POST /sandbox/wx/login, /phone and /subscribe to the sandbox at this address."""
    bp = Blueprint("sandbox", __name__)
    for tap in TAPS:
        path = f"/sandbox/wx/{tap}"
        bp.add_url_rule(path, f"tap_{tap}", _forward_to(sandbox_url + path), methods=["POST"])
    app.register_blueprint(bp)


def _forward_to(url: str) -> Callable[[], Response]:
    def tap() -> Response:
        """What the sandbox answers. Raises Unavailable where its process does not."""
        try:
            answer = requests.post(
                url,
                data=request.get_data(),
                headers={"Content-Type": "application/json"},
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Unavailable("微信沙箱没有运行") from error
        return Response(answer.content, answer.status_code, mimetype="application/json")

    return tap
