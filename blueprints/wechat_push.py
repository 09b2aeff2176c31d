"""Where WeChat pushes events to (消息推送): public, believed by its signature alone, answered at once."""

from flask import Blueprint, Response, request

from service.messaging import wechat_push
from service.wechat.push import PushQuery

SUCCESS = "success"

bp = Blueprint("wechat_push", __name__)


@bp.get("/wechat/push")
def verify_push() -> Response:
    """Show WeChat's console that the address is ours: exactly the `echostr` it sent."""
    return _text(wechat_push.verify(_query(), request.args.get("echostr", "")))


@bp.post("/wechat/push")
def receive_push() -> Response:
    """Take an event and say so within WeChat's five seconds; the worker does what there is to do."""
    wechat_push.receive(_query(), request.get_data())
    return _text(SUCCESS)


def _query() -> PushQuery:
    names = ("timestamp", "nonce", "signature", "msg_signature")
    return PushQuery(*(request.args.get(name, "") for name in names))


def _text(content: str) -> Response:
    return Response(content, mimetype="text/plain")
