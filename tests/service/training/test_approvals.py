"""A second person before publishing: where a union demands it, and only on what was handed in."""

import threading
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from service.core.access import SYSTEM, Actor, Role
from service.core.db import db
from service.core.lifecycle import WrongState
from service.messaging import delivery
from service.messaging.models import InboxMessage
from service.organisations import settings
from service.organisations.enums import NodeKind
from service.organisations.errors import NodeUnknown
from service.organisations.models import UnionNode
from service.training import approvals, authors, changes, classes, publishing
from service.training.approval_errors import ApprovalNeeded, NotSubmitted, OwnClass
from service.training.approval_models import ClassApproval
from service.training.classes import Copying
from service.training.enums import ApprovalState, ClassState
from service.training.errors import ClassUnknown, PlanInvalid, Stale
from service.training.models import TrainingClass
from tests import make, make_training
from tests.races.test_identity import at_once


@pytest.fixture
def tree(database: SQLAlchemy) -> dict[str, UnionNode]:
    """The city and two counties; 思茅 demands a second person."""
    return plant()


def plant() -> dict[str, UnionNode]:
    """See `tree`."""
    city = make.node()
    simao = make.node("思茅区总工会", kind=NodeKind.COUNTY, parent=city)
    lancang = make.node("澜沧县总工会", kind=NodeKind.COUNTY, parent=city)
    settings.change(make.staff(simao, Role.ADMINISTRATOR), simao.id, needs_approval=True)
    return {"city": city, "simao": simao, "lancang": lancang}


def of(node: UnionNode, *roles: Role) -> Actor:
    """Somebody of the staff there."""
    return make.staff(node, *roles or (Role.TRAINING_STAFF,))


def told(person_id: int) -> list[tuple[str, str]]:
    """(title, body) of a person's messages."""
    while delivery.deliver_due():
        pass
    rows = db.session.scalars(select(InboxMessage).where(InboxMessage.person_id == person_id).order_by(InboxMessage.id))
    return [(row.title, row.body) for row in rows]


def test_where_it_is_demanded_nobody_publishes_alone(tree: dict[str, UnionNode]) -> None:
    author, second = of(tree["simao"]), of(tree["simao"])
    draft = make_training.draft(author)
    with pytest.raises(ApprovalNeeded):
        publishing.publish(author, draft.id)
    with pytest.raises(ApprovalNeeded):
        publishing.publish(second, draft.id)
    handed_in = approvals.submit(author, draft.id)
    assert (handed_in.state, handed_in.may_decide) == (ApprovalState.WAITING, False)
    with pytest.raises(OwnClass):
        approvals.approve(author, draft.id, draft.version)
    done = approvals.approve(second, draft.id, draft.version)
    assert (done.state, done.decided_by is not None) == (ApprovalState.APPROVED, True)
    assert db.session.get_one(TrainingClass, draft.id).state is ClassState.OPEN
    assert told(author.worker_id) == [("班次已批准发布", f"“{draft.title}”已批准并发布。")]


def test_elsewhere_one_person_is_enough(tree: dict[str, UnionNode]) -> None:
    assert make_training.published(of(tree["lancang"])).offering_id is not None
    draft = make_training.draft(author := of(tree["lancang"]))
    approvals.submit(author, draft.id)
    assert approvals.approve(of(tree["city"]), draft.id, draft.version).state is ApprovalState.APPROVED


def test_what_the_union_above_demands_holds_below_and_is_not_switched_off(tree: dict[str, UnionNode]) -> None:
    settings.change(of(tree["city"], Role.ADMINISTRATOR), tree["city"].id, needs_approval=True)
    local = of(tree["lancang"], Role.ADMINISTRATOR)
    assert not settings.settings(local, tree["lancang"].id).needs_approval
    assert settings.change(local, tree["lancang"].id, needs_approval=False).is_approval_demanded
    with pytest.raises(ApprovalNeeded):
        make_training.published(of(tree["lancang"]))
    settings.change(of(tree["city"], Role.ADMINISTRATOR), tree["city"].id, needs_approval=False)
    assert make_training.published(of(tree["lancang"])).offering_id is not None


def test_settings_are_kept_by_administrators_of_the_node(tree: dict[str, UnionNode]) -> None:
    for actor in (of(tree["lancang"], Role.ADMINISTRATOR), of(tree["simao"], Role.TRAINING_STAFF)):
        with pytest.raises(NodeUnknown):
            settings.change(actor, tree["simao"].id, needs_approval=False)
    with pytest.raises(NodeUnknown):
        settings.settings(of(tree["lancang"]), tree["simao"].id)
    assert settings.settings(of(tree["simao"]), tree["simao"].id).is_approval_demanded


def test_who_wrote_on_it_does_not_decide_though_another_handed_it_in(tree: dict[str, UnionNode]) -> None:
    author, editor, sender, copier = (of(tree["simao"]) for _ in range(4))
    course = make_training.course(author)
    draft = make_training.draft(author, course)
    changes.change(editor, draft.id, make_training.plan(course, place="新教室"), draft.version)
    version = db.session.get_one(TrainingClass, draft.id).version
    approvals.submit(sender, draft.id)
    for own in (author, editor, sender):
        with pytest.raises(OwnClass):
            approvals.approve(own, draft.id, version)
        with pytest.raises(OwnClass):
            approvals.send_back(own, draft.id, "x")
    copied = classes.copy(copier, draft.id, Copying(shift_days=7))
    approvals.submit(sender, copied.id)
    with pytest.raises(OwnClass):
        approvals.approve(copier, copied.id, copied.version)
    assert approvals.approve(author, copied.id, copied.version).state is ApprovalState.APPROVED


def test_what_is_changed_after_it_was_handed_in_is_handed_in_again(tree: dict[str, UnionNode]) -> None:
    author, second = of(tree["simao"]), of(tree["simao"])
    course = make_training.course(author)
    draft = make_training.draft(author, course)
    approvals.submit(author, draft.id)
    before = draft.version
    changes.change(author, draft.id, make_training.plan(course, place="新教室"), before)
    assert approvals.of_class(second, draft.id).is_stale
    for version in (before, before + 1):
        with pytest.raises(Stale):
            approvals.approve(second, draft.id, version)
    approvals.submit(author, draft.id)
    states = db.session.scalars(select(ClassApproval.state).order_by(ClassApproval.id)).all()
    assert states == [ApprovalState.WITHDRAWN, ApprovalState.WAITING]
    assert approvals.approve(second, draft.id, before + 1).state is ApprovalState.APPROVED


def test_it_is_sent_back_with_a_reason(tree: dict[str, UnionNode]) -> None:
    author, second = of(tree["simao"]), of(tree["simao"], Role.PUBLISHING_STAFF)
    draft = make_training.draft(author)
    approvals.submit(author, draft.id)
    back = approvals.send_back(second, draft.id, "与厂休冲突")
    assert (back.state, back.reason) == (ApprovalState.SENT_BACK, "与厂休冲突")
    assert told(author.worker_id) == [("班次被退回", f"“{draft.title}”没有批准：与厂休冲突")]
    with pytest.raises(NotSubmitted):
        approvals.approve(second, draft.id, draft.version)
    with pytest.raises(NotSubmitted):
        approvals.send_back(second, draft.id, "x")
    approvals.submit(author, draft.id)
    assert approvals.approve(second, draft.id, draft.version).state is ApprovalState.APPROVED


def test_staff_see_what_waits_in_their_scope(tree: dict[str, UnionNode]) -> None:
    author = of(tree["simao"])
    draft, other = make_training.draft(author), make_training.draft(author)
    approvals.submit(author, draft.id)
    for actor, expected in (
        (of(tree["simao"]), [(draft.id, True)]),
        (author, [(draft.id, False)]),
        (of(tree["city"], Role.PUBLISHING_STAFF), [(draft.id, True)]),
        (of(tree["lancang"]), []),
        (of(tree["simao"], Role.MEMBERSHIP_STAFF), []),
    ):
        found = approvals.waiting(actor, page=1, per_page=20)
        assert [(each.class_id, each.may_decide) for each in found.items] == expected
        assert found.total == len(expected)
    assert approvals.of_class(author, other.id).state is None
    for stranger in (of(tree["lancang"]), of(tree["simao"], Role.TRAINER)):
        for act in (lambda who: approvals.of_class(who, draft.id), lambda who: approvals.approve(who, draft.id, 1)):
            with pytest.raises(ClassUnknown):
                act(stranger)


def test_only_a_draft_that_is_ready_is_handed_in(tree: dict[str, UnionNode]) -> None:
    author = of(tree["lancang"])
    with pytest.raises(PlanInvalid):
        approvals.submit(author, make_training.draft(author, lessons=[]).id)
    with pytest.raises(WrongState):
        approvals.submit(author, make_training.published(author).id)


def test_a_draft_handed_in_can_still_be_thrown_away(tree: dict[str, UnionNode]) -> None:
    author = of(tree["simao"])
    draft = make_training.draft(author)
    approvals.submit(author, draft.id)
    classes.discard(author, draft.id)
    assert db.session.scalar(select(ClassApproval.id)) is None


def test_of_two_who_approve_at_once_one_does(app: Flask, committed_database: SQLAlchemy) -> None:
    tree = plant()
    author, first, second = (of(tree["simao"]) for _ in range(3))
    draft = make_training.draft(author)
    approvals.submit(author, draft.id)
    version, class_id = draft.version, draft.id
    db.session.remove()
    start = threading.Event()
    start.set()
    outcomes: list[Any] = at_once(
        app, [lambda who=who: approvals.approve(who, class_id, version).state for who in (first, second)]
    )
    assert sorted(str(getattr(each, "value", type(each).__name__)) for each in outcomes) == ["NotSubmitted", "approved"]


def test_the_clock_is_no_author(tree: dict[str, UnionNode]) -> None:
    draft = make_training.draft(author := of(tree["simao"]))
    authors.wrote(SYSTEM, draft.id)
    assert authors.of(draft.id) == {author.person_id}
