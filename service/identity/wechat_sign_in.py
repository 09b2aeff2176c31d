"""Signing in by WeChat. The app's code is exchanged first, then one command finds or makes the person."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from service.core import clock, configuration
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people, sign_ins
from service.identity.accounts import SignedIn
from service.identity.enums import Channel
from service.identity.models import WeChatIdentity
from service.wechat import client, login


def sign_in(code: str, device: str | None = None) -> SignedIn:
    """A sign-in for the person behind the code of wx.login; somebody unknown becomes a new, unverified person.

    Raises LoginCodeInvalid, LoginBlocked, WeChatBusy, WeChatUnavailable, WeChatMisconfigured.
    """
    wechat = client.current()
    session = login.exchange_code(wechat, code)
    return admit(wechat.appid, session.openid, session.unionid, device)


@transactional
def link(person_id: int, openid: str, unionid: str | None = None, *, appid: str | None = None) -> WeChatIdentity:
    """Say that this WeChat account belongs to the person: of our mini-program where no `appid` is given.

    Raises IntegrityError for a second one of the same app.
    """
    identity = WeChatIdentity(
        appid=appid or configuration.current().wechat_appid,
        openid=openid,
        unionid=unionid,
        person_id=person_id,
        created_at=clock.now(),
    )
    db.session.add(identity)
    db.session.flush()
    return identity


def hand_over(from_person_id: int, to_person_id: int) -> None:
    """Give the one's WeChat accounts to the other, but where she has one of that app; in the caller's transaction."""
    held = select(WeChatIdentity.appid).where(WeChatIdentity.person_id == to_person_id)
    db.session.execute(
        update(WeChatIdentity)
        .where(WeChatIdentity.person_id == from_person_id, WeChatIdentity.appid.not_in(held))
        .values(person_id=to_person_id)
        .execution_options(synchronize_session=False)
    )


def has_any(person_id: int) -> bool:
    """Whether any WeChat account, of the mini-program or the service account, belongs to the person."""
    return db.session.scalar(select(WeChatIdentity.id).where(WeChatIdentity.person_id == person_id)) is not None


def identity_of(person_id: int) -> WeChatIdentity | None:
    """The WeChat account of our mini-program that belongs to the person, None where there is none."""
    appid = configuration.current().wechat_appid
    query = select(WeChatIdentity).where(WeChatIdentity.appid == appid, WeChatIdentity.person_id == person_id)
    return db.session.scalar(query)


def openid_of(person_id: int) -> str | None:
    """The openid of the person's WeChat account of our mini-program, None where there is none."""
    identity = identity_of(person_id)
    return identity.openid if identity else None


def person_of(openid: str) -> int | None:
    """The id of the person a WeChat account of our mini-program belongs to, None for one we never met."""
    identity = _known(configuration.current().wechat_appid, openid)
    return identity.person_id if identity else None


@transactional
def admit(appid: str, openid: str, unionid: str | None, device: str | None) -> SignedIn:
    """A sign-in for who holds this account, which WeChat has just vouched for."""
    identity = _known(appid, openid) or _first_meeting(appid, openid, unionid)
    if unionid:
        identity.unionid = unionid
    tokens = sign_ins.sign_in(identity.person_id, Channel.WECHAT, device)
    return SignedIn(tokens, people.person(identity.person_id))


def _first_meeting(appid: str, openid: str, unionid: str | None) -> WeChatIdentity:
    try:
        with db.session.begin_nested():
            return link(_same_account(appid, unionid) or people.newcomer().id, openid, unionid, appid=appid)
    except IntegrityError:
        # The same phone tapped twice: the other request was first, and nothing of this newcomer is left.
        found = _known(appid, openid)
        if found is None:
            raise
        return found


def _same_account(appid: str, unionid: str | None) -> int | None:
    """Who holds another app's account with this unionid, and none of this app: one WeChat user, one person."""
    if unionid is None:
        return None
    held = select(WeChatIdentity.person_id).where(WeChatIdentity.appid == appid)
    same = select(WeChatIdentity.person_id).where(
        WeChatIdentity.unionid == unionid, WeChatIdentity.person_id.not_in(held)
    )
    return db.session.scalar(same.order_by(WeChatIdentity.id).limit(1))


def _known(appid: str, openid: str) -> WeChatIdentity | None:
    query = select(WeChatIdentity).where(WeChatIdentity.appid == appid, WeChatIdentity.openid == openid)
    return db.session.scalar(query)
