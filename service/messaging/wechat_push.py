"""WeChat's pushes into the outbox: verified and kept while WeChat waits, worked on by the worker later.

What is kept is sealed: it names accounts. Events nobody here can read, and what people write to customer service, are
not kept at all.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, select

from service.core import clock, configuration, crypto
from service.core.db import db
from service.core.errors import NotFound
from service.core.ids import new_id
from service.core.transaction import transactional
from service.core.upsert import insert_new
from service.messaging.enums import OutboxState
from service.messaging.models import OutboxRow
from service.wechat import events, push
from service.wechat.errors import PushRefused
from service.wechat.models import WeChatPush
from service.wechat.push import PushKeys, PushQuery

KIND = "wechat_event"
FIELD = "outbox.wechat_event"
KEPT = timedelta(seconds=4 * push.WINDOW_S)
log = structlog.get_logger("wechat")


def verify(query: PushQuery, echo: str) -> str:
    """What to answer when WeChat looks whether the address is ours. Raises PushRefused, NotFound where push is off."""
    return push.answer_to_verification(_keys(), query, echo, clock.now())


def receive(query: PushQuery, body: bytes) -> None:
    """Keep a push for the worker, once however often it comes. Raises PushRefused, NotFound where push is off."""
    fields = push.opened(_keys(), query, body, clock.now())
    if events.is_known(fields):
        _keep(query, hashlib.sha256(body).hexdigest(), fields)
    else:
        log.info("wechat_push_ignored", kind=str(fields.get("Event") or fields.get("MsgType"))[:40])


def work(payload: Mapping[str, Any]) -> None:
    """The outbox's handler for KIND: tell those who listen (service/wechat/events.py)."""
    opened = crypto.unseal_bytes(base64.b64decode(payload["sealed"]), field=FIELD, row=UUID(payload["uid"]))
    events.deliver(json.loads(opened))


@transactional
def forget() -> None:
    """Forget nonces that are too old to be accepted again."""
    db.session.execute(
        delete(WeChatPush).where(WeChatPush.seen_at < clock.now() - KEPT).execution_options(synchronize_session=False)
    )


@transactional
def _keep(query: PushQuery, body_digest: str, fields: Mapping[str, Any]) -> None:
    if not _is_new(query, body_digest):
        return
    uid, now = new_id(), clock.now()
    sealed = crypto.seal_bytes(json.dumps(fields, ensure_ascii=False).encode(), field=FIELD, row=uid)
    row = {
        "kind": KIND,
        "key": f"wechat:{push.dedupe_key(fields)}",
        "payload": {"uid": str(uid), "sealed": base64.b64encode(sealed).decode()},
        "state": OutboxState.DUE,
        "attempts": 0,
        "created_at": now,
        "due_at": now,
    }
    db.session.execute(insert_new(OutboxRow, "key").values(row))


def _is_new(query: PushQuery, body_digest: str) -> bool:
    """Whether this nonce was never seen; False where the very same push was. Raises PushRefused for another body."""
    nonce_digest = hashlib.sha256(f"{query.timestamp}|{query.nonce}".encode()).hexdigest()
    values = {"nonce_digest": nonce_digest, "body_digest": body_digest, "seen_at": clock.now()}
    kept = insert_new(WeChatPush, "nonce_digest").values(values).returning(WeChatPush.nonce_digest)
    if db.session.execute(kept).first() is not None:
        return True
    query_before = select(WeChatPush.body_digest).where(WeChatPush.nonce_digest == nonce_digest)
    if db.session.scalar(query_before) != body_digest:
        raise PushRefused
    return False


def _keys() -> PushKeys:
    settings = configuration.current()
    if not settings.wechat_push_token:
        raise NotFound
    return PushKeys(settings.wechat_push_token, settings.wechat_push_aes_key, settings.wechat_appid)
