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
from service.wechat import client
from service.wechat.phone import phone_number

MAINLAND = "86"
LINK = "/me"


def prove_by_wechat(actor: Actor, code: str) -> Person:
    """The actor with the phone behind WeChat's phone button.

    Raises PhoneWrong for a number of elsewhere, PhoneCodeInvalid, WeChatBusy and its kin.
    """
    identity = wechat_sign_in.identity_of(actor.worker_id)
    given = phone_number(client.current(), code, identity.openid if identity else None)
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
