"""A person's own phone, proved by WeChat or by a code sent to it. Nobody sets a number she cannot answer."""

from service.audit import entries
from service.core import clock, configuration
from service.core.access import Actor
from service.core.transaction import transactional
from service.identity import people, phone_codes, wechat_sign_in
from service.identity import phone as phones
from service.identity.errors import PhoneNotProved, PhoneWrong
from service.identity.models import Person
from service.messaging import outbox
from service.wechat import client, login
from service.wechat.encrypted_data import open_data
from service.wechat.errors import EncryptedDataStale
from service.wechat.phone import PhoneNumber, phone_number, read_phone

MAINLAND = "86"
LINK = "/me"


def prove_by_wechat(
    actor: Actor,
    code: str | None = None,
    *,
    login_code: str | None = None,
    encrypted_data: str | None = None,
    iv: str | None = None,
) -> Person:
    """The actor with the phone behind WeChat's phone button: by its code, or by what an older WeChat sealed.

    `login_code` is that of the wx.login before the button. Raises PhoneWrong for a number of elsewhere,
    PhoneCodeInvalid; for sealed data LoginCodeInvalid and EncryptedDataStale, also where another's account sealed it;
    WeChatBusy and its kin.
    """
    identity = wechat_sign_in.identity_of(actor.worker_id)
    openid = identity.openid if identity else None
    if code:
        given = phone_number(client.current(), code, openid)
    else:
        given = _opened(openid, login_code or "", encrypted_data or "", iv or "")
    if given.country != MAINLAND:
        raise PhoneWrong
    return _set(actor, phones.checked(given.number))


def prove_by_code(actor: Actor, phone: str, code: str) -> Person:
    """The actor with the phone the code was sent to. Raises PhoneWrong, PhoneCodeWrong, TooManyTries."""
    return _set(actor, phone_codes.take(actor, phone, code))


def check_proved(person: Person, mobile: str) -> None:
    """Where the installation asks for it: raise PhoneNotProved unless the person has proved to hold this number."""
    if configuration.current().binding_phone_proof and (person.phone_proved_at is None or person.phone != mobile):
        raise PhoneNotProved


def _opened(openid: str | None, login_code: str, encrypted_data: str, iv: str) -> PhoneNumber:
    wechat = client.current()
    session = login.exchange_code(wechat, login_code)
    if openid != session.openid:
        raise EncryptedDataStale
    return read_phone(open_data(session.session_key, iv, encrypted_data, appid=wechat.appid, now=clock.now()))


@transactional
def _set(actor: Actor, mobile: str) -> Person:
    person = people.lock([actor.worker_id])[actor.worker_id]
    is_changed = person.phone != mobile
    if is_changed:
        person.phone = mobile
    person.phone_proved_at = clock.now()
    entries.record(actor, "identity.phone_proved", "person", person.id, is_changed=is_changed)
    if is_changed and person.is_verified:
        key = f"phone:{int(person.phone_proved_at.timestamp())}"
        body = "您登记的手机号已更换。如不是您本人操作，请到所在工会窗口办理。"
        outbox.notice(person.id, key, "手机号已更换", body, LINK)
    return person
