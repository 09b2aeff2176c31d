"""Erasing a person: what the law keeps stays, about nobody any more (docs/rules.md `privacy.closure`).

First the places held go to the next in line, which is told as ever; the pass after that erases, what was told included.
"""

from datetime import datetime

import structlog
from sqlalchemy import delete, exists, select, update

from service.audit import entries
from service.audit.models import AuditPrivate, AuditSubject
from service.booking import places
from service.booking.enums import ACTIVE
from service.booking.models import Booking
from service.core import clock
from service.core.access import SYSTEM
from service.core.db import Base, db
from service.core.transaction import transactional
from service.identity import closures, consents, copies, corrections, people, totp
from service.identity.masking import mask_name
from service.identity.models import Account, Person, RoleGrant, SignIn
from service.legal_aid.consultation.models import Consultation
from service.legal_aid.enums import CaseState
from service.legal_aid.models import AidCase
from service.organisations.enums import Industry, WorkerCategory
from service.overview.holdings import HOLDINGS, Erasure
from service.unions import memberships
from service.unions.errors import NotMember

NOBODY = "已注销"
AT_A_TIME = 500
REASON = "账号注销"
log = structlog.get_logger("erasing")


def erase_due(now: datetime) -> int:
    """Erase everybody whose days to think are over; how many. One transaction each."""
    return sum(_erase_closed(person_id) for person_id in closures.due(now) if not _free_places(person_id))


def erase_unverified(before: datetime) -> int:
    """Erase those who came by WeChat before then, never proved who they are, are not signed in and asked for no aid.

    Returns how many.
    """
    gone = 0
    while ids := _unverified(before):
        for person_id in ids:
            _erase_unverified(person_id)
        gone += len(ids)
    return gone


@transactional
def forget_names(before: datetime) -> int:
    """Take the rest of the name from those erased before then: what is kept is about nobody. How many."""
    over = (Person.erased_at < before) & (Person.name != NOBODY)
    return len(db.session.scalars(update(Person).where(over).values(name=NOBODY).returning(Person.id)).all())


@transactional
def _free_places(person_id: int) -> int:
    """Hand on what the person holds; how many places. They are told in the next pass at the earliest."""
    query = select(Booking).where(Booking.person_id == person_id, Booking.state.in_(ACTIVE))
    held = db.session.scalars(query.order_by(Booking.offering_id)).all()
    for booking in held:
        places.remove(actor=SYSTEM, offering_id=booking.offering_id, booking_id=booking.id, reason=REASON)
    return len(held)


@transactional
def _erase_closed(person_id: int) -> int:
    person = people.lock([person_id])[person_id]
    if not closures.finish(person_id):
        return 0
    _erase(person)
    return 1


@transactional
def _erase_unverified(person_id: int) -> None:
    _erase(people.lock([person_id])[person_id])


def _erase(person: Person) -> None:
    """In the caller's transaction, who holds the person's lock."""
    consents.withdraw_all(SYSTEM, person.id)
    copies.discard_of(person.id)
    corrections.close_of(person.id)
    try:
        memberships.end(person.id)
    except NotMember:
        log.debug("no_membership_to_end", person_id=person.id)
    db.session.flush()
    _private_words(person.id)
    for holding in HOLDINGS:
        if holding.erasure in (Erasure.ERASE, Erasure.BLANK):
            table = Base.metadata.tables[holding.table]
            about = table.c[holding.whose[0]] == person.id
            blank = update(table).where(about).values(dict.fromkeys(holding.blanked))
            db.session.execute(delete(table).where(about) if holding.erasure == Erasure.ERASE else blank)
    closed = {"login": f"closed-{person.id}", "password_hash": "", "is_disabled": True}
    db.session.execute(update(Account).where(Account.person_id == person.id).values(closed))
    for account_id in db.session.scalars(select(Account.id).where(Account.person_id == person.id)).all():
        totp.forget(account_id)
    _own_row(person)
    entries.record(SYSTEM, "personal_data.erased", "person", person.id)


def _private_words(person_id: int) -> None:
    of_person = select(AuditSubject.entry_id).where(AuditSubject.person_id == person_id)
    gone = delete(AuditPrivate).where(AuditPrivate.entry_id.in_(of_person.scalar_subquery()))
    db.session.execute(gone.execution_options(synchronize_session=False))


def _own_row(person: Person) -> None:
    person.name, person.search = mask_name(person.name), ""
    person.is_verified, person.id_number, person.phone, person.phone_proved_at = False, None, None, None
    person.employer_id = person.occupation_code = None
    person.industry, person.worker_category = Industry.OTHER, WorkerCategory.OTHER
    person.erased_at = clock.now()


def _unverified(before: datetime) -> list[int]:
    query = select(Person.id).where(
        Person.is_verified.is_(False),
        Person.erased_at.is_(None),
        Person.created_at < before,
        ~exists().where(SignIn.person_id == Person.id),
        ~exists().where(RoleGrant.person_id == Person.id),
        ~exists().where(Account.person_id == Person.id),
        ~exists().where(Booking.person_id == Person.id, Booking.state.in_(ACTIVE)),
        ~exists().where(AidCase.person_id == Person.id, AidCase.state != CaseState.DRAFT),
        ~exists().where(Consultation.person_id == Person.id),
    )
    return list(db.session.scalars(query.order_by(Person.id).limit(AT_A_TIME)))
