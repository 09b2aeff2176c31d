"""Posters to print, with a mini-program code."""

from flask import Response
from flask_smorest import Blueprint

from blueprints.answers import file_response
from blueprints.auth import current_actor
from blueprints.refusals import refuses
from service.core.lifecycle import WrongState
from service.files.errors import NoChineseFont
from service.training import posters
from service.training.errors import ClassUnknown
from service.training.exports import PDF
from service.wechat.errors import WeChatBusy, WeChatUnavailable

bp = Blueprint("staff_posters", __name__, url_prefix="/staff/training", description="海报")
BINARY = {"type": "string", "format": "binary"}


@bp.get("/classes/<int:class_id>/poster.pdf")
@bp.response(200, BINARY, content_type=PDF)
@refuses(ClassUnknown, WrongState, NoChineseFont, WeChatBusy, WeChatUnavailable)
def print_poster(class_id: int) -> Response:
    """A published class's poster, A4 upright: times, place, and a code that opens the class in the mini-program."""
    return file_response(posters.poster(current_actor(), class_id))
