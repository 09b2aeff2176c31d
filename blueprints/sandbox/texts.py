"""What the sandbox's phones were sent: codes that no gateway has seen. Not in production."""

from flask import Blueprint, Flask, Response, jsonify

from service.identity import sms

PATH = "/sandbox/texts"


def register(app: Flask) -> None:
    """Show them at GET /sandbox/texts."""
    bp = Blueprint("sandbox_texts", __name__)
    bp.add_url_rule(PATH, "list_texts", list_texts, methods=["GET"])
    app.register_blueprint(bp)


def list_texts() -> Response:
    """The latest fifty, newest first."""
    return jsonify({"items": sms.sandbox_texts()})
