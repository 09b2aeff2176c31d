"""Consents: per purpose and version, withdrawn at once, every decision kept."""

from dataclasses import replace

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from service.audit.models import AuditEntry
from service.core.access import Actor
from service.core.db import db
from service.identity import consents, purposes
from service.identity.consent_models import ConsentDecision
from service.identity.consents import PurposeUnknown, WordsChanged
from service.identity.enums import SensitiveKind
from service.identity.purposes import PURPOSES
from tests import make


@pytest.fixture
def worker(database: SQLAlchemy) -> Actor:
    return make.actor(make.person().id)


def history(worker: Actor) -> list[tuple[str, int, bool]]:
    found = consents.history(actor=worker, page=1, per_page=20).items
    return [(each.purpose, each.version, each.is_given) for each in found]


def reword(monkeypatch: pytest.MonkeyPatch, purpose: str, **changed: int) -> None:
    monkeypatch.setitem(purposes.PURPOSES, purpose, replace(PURPOSES[purpose], **changed))


def test_every_sensitive_kind_has_a_purpose_of_its_own() -> None:
    assert {each.kind for each in PURPOSES.values()} == set(SensitiveKind)
    assert len({each.text_hash for each in PURPOSES.values()}) == len(PURPOSES)
    for each in PURPOSES.values():
        assert "不同意" in each.explanation  # need and effect are told
        assert each.needed_version <= each.version


@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_nothing_is_permitted_until_consent_and_no_longer_than_it(worker: Actor, purpose: str) -> None:
    assert not consents.is_given(worker.worker_id, purpose)
    standing = consents.decide(actor=worker, purpose=purpose, is_given=True, version=1)
    assert (standing.is_given, standing.given_version) == (True, 1)
    assert consents.is_given(worker.worker_id, purpose)
    assert [each.purpose for each in consents.mine(actor=worker) if each.is_given] == [purpose]
    consents.decide(actor=worker, purpose=purpose, is_given=False)
    assert not consents.is_given(worker.worker_id, purpose)
    assert history(worker) == [(purpose, 1, False), (purpose, 1, True)]


def test_saying_the_same_again_changes_nothing(worker: Actor) -> None:
    consents.decide(actor=worker, purpose="health", is_given=False)
    assert history(worker) == []
    for _ in range(2):
        consents.decide(actor=worker, purpose="health", is_given=True)
    assert history(worker) == [("health", 1, True)]
    assert [each.action for each in db.session.scalars(select(AuditEntry))] == ["consent.given"]


def test_new_words_are_asked_again_where_they_permit_more(worker: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    consents.decide(actor=worker, purpose="finance", is_given=True)
    reword(monkeypatch, "finance", version=2)
    assert consents.is_given(worker.worker_id, "finance")
    reword(monkeypatch, "finance", version=3, needed_version=3)
    assert not consents.is_given(worker.worker_id, "finance")
    standing = next(each for each in consents.mine(actor=worker) if each.purpose == "finance")
    assert (standing.is_given, standing.version, standing.given_version) == (False, 3, 1)
    with pytest.raises(WordsChanged):
        consents.decide(actor=worker, purpose="finance", is_given=True, version=1)
    consents.decide(actor=worker, purpose="finance", is_given=True, version=3)
    assert consents.is_given(worker.worker_id, "finance")
    assert history(worker) == [("finance", 3, True), ("finance", 1, True)]


def test_old_words_do_not_keep_anybody_from_withdrawing(worker: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    consents.decide(actor=worker, purpose="finance", is_given=True)
    reword(monkeypatch, "finance", version=2, needed_version=2)
    assert consents.decide(actor=worker, purpose="finance", is_given=False, version=1).is_given is False


def test_those_who_consented_are_told_from_the_others(worker: Actor) -> None:
    other = make.person().id
    consents.decide(actor=worker, purpose="honours_publication", is_given=True)
    assert consents.given_by([worker.worker_id, other], "honours_publication") == {worker.worker_id}


def test_there_is_no_purpose_beyond_the_list(worker: Actor) -> None:
    with pytest.raises(PurposeUnknown):
        consents.decide(actor=worker, purpose="marketing", is_given=True)
    with pytest.raises(KeyError):
        consents.is_given(worker.worker_id, "marketing")


def test_decisions_only_grow_and_carry_the_words_they_were_made_on(worker: Actor) -> None:
    consents.decide(actor=worker, purpose="health", is_given=True)
    (made,) = db.session.scalars(select(ConsentDecision))
    assert made.text_hash == PURPOSES["health"].text_hash
    for statement in ("UPDATE consent_decisions SET version = 9", "DELETE FROM consent_decisions"):
        with pytest.raises(DBAPIError, match="only grows"), db.session.begin_nested():
            db.session.execute(text(statement))
