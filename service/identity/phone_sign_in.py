"""Signing in with a code sent to a phone that was proved before: for a browser, where there is no WeChat.

Whose number it is, or that it is nobody's, is never told: the answer is the same, only no text is sent
(docs/rules.md `identity.phone_sign_in`).
"""

from sqlalchemy import select

from service.core import clock, crypto
from service.core.db import db
from service.core.transaction import transactional
from service.identity import people, phone_codes, sign_ins, sms
from service.identity import phone as phones
from service.identity.accounts import SignedIn
from service.identity.enums import Channel
from service.identity.errors import PhoneCodeWrong
from service.identity.models import Person
from service.identity.phone_codes import LIFE, CodeSent


def send(phone: str) -> CodeSent:
    """Send a code to this phone, if somebody has proved to hold it. Five an hour to a number.

    Raises PhoneWrong, SmsUnavailable, TooManyTries.
    """
    mobile = phones.checked(phone)
    sms.current()
    phone_codes.count_text(mobile)
    holder_id = _holder(mobile)
    return CodeSent(clock.now() + LIFE) if holder_id is None else phone_codes.keep(holder_id, mobile)


def sign_in(phone: str, code: str, device: str | None = None) -> SignedIn:
    """A sign-in for who holds the phone. Without roles, like one by WeChat: those come with the staff door alone.

    Raises PhoneWrong, PhoneCodeWrong, TooManyTries.
    """
    mobile = phones.checked(phone)
    whose = crypto.blind_index(mobile, field="attempts.phone_sign_in")
    phone_codes.count_try(whose)
    holder_id = _holder(mobile)
    if holder_id is None or not phone_codes.spend(holder_id, mobile, code, whose):
        raise PhoneCodeWrong
    return _admit(holder_id, device)


@transactional
def _admit(person_id: int, device: str | None) -> SignedIn:
    return SignedIn(sign_ins.sign_in(person_id, Channel.PHONE, device), people.person(person_id))


def _holder(mobile: str) -> int | None:
    """Who proved last to hold the number: numbers are given out again, and then the newer proof counts."""
    query = select(Person.id).where(
        Person.phone_index == crypto.blind_index(mobile, field="people.phone"), Person.phone_proved_at.is_not(None)
    )
    return db.session.scalar(query.order_by(Person.phone_proved_at.desc(), Person.id.desc()).limit(1))
