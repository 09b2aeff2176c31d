"""Who gets in where: every route as everybody, on things of their own and of others, through real tokens."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from psycopg.errors import IdleInTransactionSessionTimeout
from sqlalchemy import text, true
from sqlalchemy.exc import InternalError
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from blueprints import clients, policy
from service.core.db import db
from service.files import pdf
from tests.engines import POSTGRESQL
from tests.http import doors
from tests.http import scene as scenes
from tests.http.doors import DOORS, Door
from tests.http.scene import (
    ADMINISTRATOR,
    AUDITOR,
    EVERYBODY,
    LAWYER,
    LEGAL,
    MEMBERSHIP,
    NEWCOMER,
    NOBODY,
    OTHER_LEGAL,
    OTHER_MEMBERSHIP,
    OTHER_PUBLISHING,
    OTHER_SUPERVISOR,
    OTHER_TRAINER,
    OTHER_TRAINING,
    OTHER_WORKER,
    PUBLISHING,
    SECOND_SUPERVISOR,
    SIGNED_IN,
    SIGNED_OUT,
    STAFF_ROLES,
    SUPERVISOR,
    TRAINER,
    TRAINER_ON_PHONE,
    TRAINING,
    UPPER_LEGAL,
    WORKER,
    Scene,
)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORBIDDEN = (403, "request.forbidden")
NOT_VERIFIED = (403, "identity.not_verified")
Answer = tuple[int, str | None]


@dataclass(frozen=True)
class Expected:
    """(status, code) by who asks. In a list `mark` is what those of 思茅 see and `blind` do not."""

    answers: Mapping[str, Answer]
    mark: str = ""
    blind: frozenset[str] = field(default=frozenset())


def _expect(
    answers: Mapping[str, Answer],
    otherwise: Answer,
    *,
    is_open: bool = False,
    mark: str = "",
    blind: tuple[str, ...] = (),
) -> Expected:
    shut: dict[str, Answer] = {NOBODY: (401, "auth.required"), SIGNED_OUT: (401, "auth.signed_out")}
    everybody = dict.fromkeys(EVERYBODY, otherwise) | ({} if is_open else shut) | dict(answers)
    return Expected(everybody, mark, frozenset(blind))


def tokenless(status: int = 200, code: str | None = None) -> Expected:
    """Open to all; no token is looked at."""
    return _expect({}, (status, code), is_open=True)


def public() -> Expected:
    """Open to all, but a token that is sent must be good."""
    return _expect({SIGNED_OUT: (401, "auth.signed_out")}, (200, None), is_open=True)


def signed_in(status: int = 200, **others: Answer) -> Expected:
    """Open to everybody who is signed in, but for those named."""
    return _expect(others, (status, None))


def own(unknown: str, status: int = 200) -> Expected:
    """The worker's own thing: to everybody else it does not exist."""
    return _expect({WORKER: (status, None)}, (404, unknown))


def own_if_verified(unknown: str) -> Expected:
    """The same, behind a door for verified people alone."""
    return _expect({WORKER: (200, None), NEWCOMER: NOT_VERIFIED}, (404, unknown))


def own_list(mark: str) -> Expected:
    """Everybody's own list; the worker's thing is in the worker's alone."""
    return _expect({}, (200, None), mark=mark, blind=tuple(each for each in SIGNED_IN if each != WORKER))


def staff(let_in: tuple[str, ...], others: tuple[str, ...], other: Answer, status: int = 200) -> Expected:
    """A thing of 思茅: its staff get in, that of 澜沧 are answered as `other`, everybody else is kept out."""
    return _expect(dict.fromkeys(let_in, (status, None)) | dict.fromkeys(others, other), FORBIDDEN)


def staff_list(let_in: tuple[str, ...], others: tuple[str, ...], mark: str) -> Expected:
    """A list: both get in, each sees what is theirs."""
    return _expect(dict.fromkeys((*let_in, *others), (200, None)), FORBIDDEN, mark=mark, blind=others)


def all_staff(status: int = 200, code: str | None = None) -> Expected:
    """Open to whoever came by the staff door with any role."""
    return _expect(dict.fromkeys(STAFF_ROLES, (status, code)), FORBIDDEN)


def administration(status: int = 200) -> Expected:
    """The administrator of the whole tree alone."""
    return _expect({ADMINISTRATOR: (status, None)}, FORBIDDEN)


DECIDING, OTHER_DECIDING = (TRAINING, PUBLISHING), (OTHER_TRAINING, OTHER_PUBLISHING)
TRAINING_STAFF, OTHER_TRAINING_STAFF = (TRAINING,), (OTHER_TRAINING,)
TEACHING, OTHER_TEACHING = (TRAINING, TRAINER), (OTHER_TRAINING, OTHER_TRAINER)
MEMBERSHIP_STAFF, OTHER_MEMBERSHIP_STAFF = (MEMBERSHIP,), (OTHER_MEMBERSHIP,)
REGISTER, OTHER_REGISTER = (TRAINING, MEMBERSHIP), (OTHER_TRAINING, OTHER_MEMBERSHIP)


def training(status: int = 200, other: Answer = (404, "training.unknown_class")) -> Expected:
    """Training staff in scope alone."""
    return staff(TRAINING_STAFF, OTHER_TRAINING_STAFF, other, status)


def of_course(status: int = 200) -> Expected:
    """Training staff in scope alone, on a course."""
    return training(status, (404, "training.unknown_course"))


def teaching(other: Answer = (404, "attendance.unknown_lesson")) -> Expected:
    """Who teaches it, and training staff in scope."""
    return staff(TEACHING, OTHER_TEACHING, other)


def publishing(status: int = 200, other: Answer = (404, "announcements.unknown")) -> Expected:
    """Publishing staff in scope alone."""
    return staff((PUBLISHING,), (OTHER_PUBLISHING,), other, status)


def told_of_announcement() -> Expected:
    """Those of 思茅, who have been told; to everybody else it does not exist."""
    told = [who for who in (WORKER, TRAINER_ON_PHONE, *STAFF_ROLES) if who not in scenes.OF_LANCANG]
    return _expect(dict.fromkeys(told, (200, None)), (404, "announcements.unknown"))


def membership(status: int = 200, other: Answer = (404, "imports.unknown")) -> Expected:
    """Membership staff in scope alone."""
    return staff(MEMBERSHIP_STAFF, OTHER_MEMBERSHIP_STAFF, other, status)


def register(unknown: str) -> Expected:
    """Membership and training staff in scope."""
    return staff(REGISTER, OTHER_REGISTER, (404, unknown))


UNKNOWN_CASE_OF_AID = "legal_aid.unknown"
UNKNOWN_NODE: Answer = (404, "organisations.node_unknown")
UNKNOWN_CLASS: Answer = (404, "training.unknown_class")
VERIFIED_ALREADY: Answer = (409, "identity.already_verified")

OFFICES = (LEGAL, OTHER_LEGAL, UPPER_LEGAL)
SEALED: Answer = (403, "legal_aid.sealed")


def aid_list() -> Expected:
    """A list of the office: the handler of no case in it, and who is of another county, see none of its lines."""
    everybody = dict.fromkeys((*OFFICES, LAWYER), (200, None))
    return _expect(everybody, FORBIDDEN, mark="aid_case", blind=(OTHER_LEGAL, LAWYER))


def aid_intake(*unknown: str) -> Expected:
    """A case before its assignment: the office's own intake; the union above only lists it."""
    missing = dict.fromkeys((OTHER_LEGAL, *unknown), (404, UNKNOWN_CASE_OF_AID))
    return _expect({LEGAL: (200, None), UPPER_LEGAL: SEALED} | missing, FORBIDDEN)


def consulting(status: int = 200, unknown: str = "consultation.unknown") -> Expected:
    """A consultation: the lawyers and legal staff in whose scope it lies."""
    let_in: dict[str, Answer] = dict.fromkeys((LAWYER, LEGAL, UPPER_LEGAL), (status, None))
    return _expect(let_in | {OTHER_LEGAL: (404, unknown)}, FORBIDDEN)


SUPERVISORS = (SUPERVISOR, SECOND_SUPERVISOR)


def supervising(status: int = 200) -> Expected:
    """A tip: the supervisors in whose scope it lies."""
    return staff(SUPERVISORS, (OTHER_SUPERVISOR,), (404, "supervision.unknown"), status)


def aid_task() -> Expected:
    """A task of a case that is being worked: a stranger to the case finds no task."""
    missing: dict[str, Answer] = {OTHER_LEGAL: (404, "legal_aid.task_unknown")}
    return _expect({LAWYER: (200, None), LEGAL: (200, None), UPPER_LEGAL: SEALED} | missing, FORBIDDEN)


def aid_handler(status: int = 200) -> Expected:
    """A case in hand: its handler, and who supervises it."""
    missing: dict[str, Answer] = {OTHER_LEGAL: (404, UNKNOWN_CASE_OF_AID)}
    return _expect({LAWYER: (status, None), LEGAL: (status, None), UPPER_LEGAL: SEALED} | missing, FORBIDDEN)


EXPECTED: dict[str, Expected] = {
    # nothing to do with tokens
    "health.show_health": tokenless(),
    "health.show_readiness": tokenless(503, "service.not_ready"),  # no worker process here
    "metrics.show_metrics": tokenless(),
    "clients.show_start": tokenless(302),
    "clients.show_phone_pages": tokenless(),
    "clients.show_console": tokenless(),
    "documentation.show_openapi": tokenless(),
    "documentation.show_documentation": tokenless(),
    "documentation.show_documentation_start": tokenless(),
    "documentation.show_documentation_asset": tokenless(),
    "documentation.show_errors": tokenless(),
    "organisations.show_reference": tokenless(),
    "auth.sign_in_with_wechat": tokenless(422, "request.invalid"),
    "page_sign_in.begin_page_sign_in": tokenless(201),
    "page_sign_in.sign_in_on_page": tokenless(422, "request.invalid"),
    "auth.sign_in_staff": tokenless(422, "request.invalid"),
    "auth.refresh_tokens": tokenless(422, "request.invalid"),
    "phones.send_sign_in_code": tokenless(422, "request.invalid"),
    "phones.sign_in_by_phone": tokenless(422, "request.invalid"),
    "wechat_push.verify_push": tokenless(403, "wechat.push_refused"),
    "wechat_push.receive_push": tokenless(403, "wechat.push_refused"),
    # for everybody, also signed in
    "sandbox.tap_login": _expect({SIGNED_OUT: (401, "auth.signed_out")}, (503, "service.unavailable"), is_open=True),
    "sandbox.tap_phone": _expect({SIGNED_OUT: (401, "auth.signed_out")}, (503, "service.unavailable"), is_open=True),
    "sandbox.tap_subscribe": _expect(
        {SIGNED_OUT: (401, "auth.signed_out")}, (503, "service.unavailable"), is_open=True
    ),
    "sandbox_texts.list_texts": public(),
    "tickets.resolve_ticket": public(),
    "training.list_courses": public(),
    "training.list_classes": public(),
    "training.get_class": public(),
    # oneself
    "auth.sign_out": signed_in(204),
    "identity.show_me": signed_in(),
    "identity.change_profile": signed_in(newcomer=NOT_VERIFIED),
    "identity.bind_identity": _expect({NEWCOMER: (409, "identity.no_wechat")}, VERIFIED_ALREADY),
    "phones.send_phone_code": signed_in(202),
    "phones.prove_phone": _expect({}, (422, "identity.phone_code_wrong")),
    "phones.prove_phone_by_wechat": _expect({}, (503, "wechat.unavailable")),
    "disputes.list_my_disputes": signed_in(),
    "disputes.dispute_binding": _expect({NEWCOMER: (409, "identity.no_wechat")}, VERIFIED_ALREADY),
    "staff_bindings.list_binding_cases": staff_list(MEMBERSHIP_STAFF, OTHER_MEMBERSHIP_STAFF, "case"),
    "staff_bindings.get_binding_case": membership(other=(404, "identity.case_unknown")),
    "staff_bindings.decide_binding_case": membership(other=(404, "identity.case_unknown")),
    "staff_accounts.list_accounts": administration(),
    "staff_accounts.open_account": administration(201),
    "staff_accounts.get_account": administration(),
    "staff_accounts.reset_password": administration(),
    "staff_accounts.disable_account": administration(),
    "staff_accounts.enable_account": administration(),
    "staff_accounts.reset_totp": administration(),
    "staff_accounts.grant_role": administration(),
    "staff_accounts.withdraw_role": administration(),
    "staff_roles.show_policy": all_staff(),
    "sign_ins.list_my_sign_ins": signed_in(),
    "sign_ins.end_sign_in": own("auth.sign_in_unknown"),
    "sign_ins.end_other_sign_ins": signed_in(),
    "accounts.change_password": all_staff(401, "auth.wrong_password"),
    "accounts.show_totp": all_staff(),
    "accounts.enrol_totp": all_staff(201),
    "accounts.confirm_totp": all_staff(409, "auth.totp_not_enrolled"),
    "accounts.remove_totp": all_staff(409, "auth.totp_not_enrolled"),
    "consents.list_my_consents": signed_in(),
    "consents.list_my_consent_decisions": signed_in(),
    "consents.decide_consent": signed_in(),
    "my_data.show_my_data": signed_in(),
    "my_data.request_copy": signed_in(202),
    "my_data.list_my_copies": signed_in(),
    "my_data.download_copy": own("my_data.copy_unknown"),
    "my_data.list_my_corrections": own_list("correction"),
    "my_data.request_correction": signed_in(201, newcomer=NOT_VERIFIED),
    "my_data.list_looks": signed_in(),
    "my_data.request_closure": signed_in(
        202, **dict.fromkeys((*STAFF_ROLES, TRAINER_ON_PHONE), (409, "my_data.holds_roles"))
    ),
    "my_data.show_closure": _expect({}, (404, "my_data.closure_unknown")),
    "my_data.withdraw_closure": _expect({}, (404, "my_data.closure_unknown")),
    "staff_corrections.list_corrections": staff_list(MEMBERSHIP_STAFF, OTHER_MEMBERSHIP_STAFF, "wish"),
    "staff_corrections.decide_correction": membership(other=(404, "my_data.correction_unknown")),
    "staff_audit.list_audit_entries": _expect({AUDITOR: (200, None)}, FORBIDDEN),
    "organisations.list_nodes": signed_in(),
    "inbox.list_messages": own_list("message"),
    "inbox.read_message": own("inbox.message_not_found"),
    "inbox.read_all_messages": signed_in(),
    "subscriptions.show_subscriptions": signed_in(),
    "subscriptions.report_subscriptions": signed_in(),
    "announcements.get_announcement": told_of_announcement(),
    "staff_announcements.list_staff_announcements": staff_list((PUBLISHING,), (OTHER_PUBLISHING,), "announcement"),
    "staff_announcements.create_announcement": publishing(201, (404, "organisations.node_unknown")),
    "staff_announcements.get_staff_announcement": publishing(),
    "staff_announcements.change_announcement": publishing(),
    "staff_announcements.preview_announcement": publishing(),
    "staff_announcements.approve_announcement": publishing(),
    "staff_announcements.send_announcement": publishing(),
    "staff_announcements.cancel_announcement": publishing(),
    "staff_outbox.list_outbox": _expect({ADMINISTRATOR: (200, None)}, FORBIDDEN),
    "staff_outbox.resend_outbox": _expect({ADMINISTRATOR: (200, None)}, FORBIDDEN),
    "skills.list_my_certificates": own_list("certificate"),
    "skills.enter_certificate": signed_in(201, newcomer=NOT_VERIFIED),
    "skills.remove_certificate": own_if_verified("skills.certificate_unknown"),
    "bookings.book_place": signed_in(201, newcomer=(403, "booking.not_eligible")),
    "bookings.list_my_bookings": own_list("booking"),
    "bookings.get_booking": own_if_verified("booking.unknown"),
    "bookings.cancel_booking": own_if_verified("booking.unknown"),
    "bookings.accept_offer": own_if_verified("booking.unknown"),
    "bookings.decline_offer": own_if_verified("booking.unknown"),
    "attendance.check_in_lesson": _expect(
        {WORKER: (200, None), NEWCOMER: NOT_VERIFIED}, (403, "attendance.not_on_roster")
    ),
    "attendance.list_my_training": own_list("lesson"),
    # registers
    "staff_people.list_people": staff_list(REGISTER, OTHER_REGISTER, "person"),
    "staff_people.get_person": register("identity.person_unknown"),
    "staff_people.search_people": staff_list(REGISTER, OTHER_REGISTER, "person"),
    "staff_people.set_work": membership(other=(404, "identity.person_unknown")),
    "staff_skills.list_certificates": staff_list(REGISTER, OTHER_REGISTER, "certificate"),
    "staff_skills.confirm_certificate": register("skills.certificate_unknown"),
    "staff_skills.withdraw_confirmation": register("skills.certificate_unknown"),
    "staff_imports.upload_import": membership(202, (422, "imports.node_not_in_scope")),
    "staff_imports.list_imports": staff_list(MEMBERSHIP_STAFF, OTHER_MEMBERSHIP_STAFF, "import"),
    "staff_imports.get_import": membership(),
    "staff_imports.list_findings": membership(),
    "staff_imports.download_problems": membership(),
    "staff_imports.accept_import": membership(202),
    "staff_imports.discard_import": membership(),
    "staff_imports.download_template": membership(other=(200, None)),
    # courses and classes
    "staff_courses.list_staff_courses": staff_list(TRAINING_STAFF, OTHER_TRAINING_STAFF, "course"),
    "staff_courses.create_course": training(201, (404, "organisations.node_unknown")),
    "staff_courses.get_staff_course": of_course(),
    "staff_courses.change_course": of_course(),
    "staff_courses.archive_course": of_course(),
    "staff_courses.restore_course": of_course(),
    "staff_training.list_staff_classes": staff_list(TEACHING, OTHER_TEACHING, "class"),
    "staff_training.create_class": training(201, (404, "organisations.node_unknown")),
    "staff_training.get_staff_class": teaching(UNKNOWN_CLASS),
    "staff_training.change_class": training(),
    "staff_training.discard_class": training(),
    "staff_training.copy_class": training(201),
    "staff_training.publish_class": training(),
    "staff_training.cancel_class": training(),
    "staff_training.pause_window": training(),
    "staff_training.resume_window": training(),
    "staff_training.extend_window": training(),
    "staff_training.reopen_window": training(),
    "staff_training.close_window": training(),
    "staff_bookings.book_place_for": training(201),
    "staff_bookings.remove_booking": training(),
    "staff_approvals.list_approvals": staff_list(DECIDING, OTHER_DECIDING, "submitted"),
    "staff_approvals.get_approval": staff(DECIDING, OTHER_DECIDING, UNKNOWN_CLASS),
    "staff_approvals.submit_class": training(),
    "staff_approvals.approve_class": staff(DECIDING, OTHER_DECIDING, UNKNOWN_CLASS),
    "staff_approvals.send_back_class": staff(DECIDING, OTHER_DECIDING, UNKNOWN_CLASS),
    "staff_posters.print_poster": teaching(UNKNOWN_CLASS),
    "staff_nodes.get_node_settings": _expect(
        dict.fromkeys((*DECIDING, ADMINISTRATOR), (200, None))
        | dict.fromkeys(OTHER_DECIDING, (404, "organisations.node_unknown")),
        FORBIDDEN,
    ),
    "staff_nodes.change_node_settings": administration(),
    "staff_rosters.list_roster": teaching(UNKNOWN_CLASS),
    "staff_rosters.show_rush_day": training(),
    "staff_rosters.appoint_trainers": training(),
    "staff_rosters.list_trainers": staff_list(TRAINING_STAFF, OTHER_TRAINING_STAFF, "trainer"),
    "staff_rosters.list_lessons": staff_list(TEACHING, OTHER_TEACHING, "lesson"),
    # legal aid
    "legal_aid.list_triage_questions": public(),
    "legal_aid.conclude_triage": public(),
    "legal_aid_cases.list_my_cases": own_list("aid_case"),
    "legal_aid_cases.begin_case": signed_in(201),
    "legal_aid_cases.get_my_case": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_cases.discard_my_case": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_cases.save_case_matter": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_cases.save_case_person": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_cases.save_case_employer": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_cases.save_case_means": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_cases.save_case_people": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_cases.submit_case": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_cases.supplement_case": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_cases.object_to_refusal": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_cases.withdraw_case": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_cases.announce_file": _expect(
        {WORKER: (201, None), LEGAL: (201, None), UPPER_LEGAL: (403, "legal_aid.sealed")}, (404, UNKNOWN_CASE_OF_AID)
    ),
    "legal_aid_cases.send_piece": own("legal_aid.file_unknown"),
    "legal_aid_cases.download_aid_file": _expect(
        {WORKER: (200, None), LEGAL: (200, None)}, (404, "legal_aid.file_unknown")
    ),
    "legal_aid_cases.remove_aid_file": own("legal_aid.file_unknown"),
    "staff_legal_aid.show_desk": _expect(dict.fromkeys((*OFFICES, LAWYER), (200, None)), FORBIDDEN),
    "staff_legal_aid.list_cases": aid_list(),
    "staff_legal_aid.export_cases": aid_list(),
    "staff_legal_aid.search_cases": aid_list(),
    "staff_legal_aid.enter_case": _expect(
        dict.fromkeys((LEGAL, UPPER_LEGAL), (201, None)) | {OTHER_LEGAL: UNKNOWN_NODE}, FORBIDDEN
    ),
    "staff_legal_aid.get_case": aid_intake(LAWYER),
    "staff_legal_aid.list_duplicates": aid_intake(LAWYER),
    "staff_legal_aid.merge_case": aid_intake(),
    "staff_legal_aid.lock_case": aid_intake(LAWYER),
    "staff_legal_aid.unlock_case": aid_intake(LAWYER),
    "staff_legal_aid.take_case": aid_intake(),
    "staff_legal_aid.tell_missing": aid_intake(),
    "staff_legal_aid.grant_aid": aid_intake(),
    "staff_legal_aid.grant_aid_first": aid_intake(),
    "staff_legal_aid.refuse_aid": aid_intake(),
    "staff_legal_aid.hand_to_state": aid_intake(),
    "staff_legal_aid.answer_objection": _expect(
        {UPPER_LEGAL: (200, None), LEGAL: SEALED, OTHER_LEGAL: (404, UNKNOWN_CASE_OF_AID)}, FORBIDDEN
    ),
    "staff_legal_aid.list_candidates": aid_intake(),
    "staff_legal_aid.assign_case": aid_intake(),
    "staff_legal_aid.begin_work": aid_handler(),
    "staff_legal_aid.recuse_from_case": _expect(
        dict.fromkeys((LEGAL, UPPER_LEGAL), (200, None))
        | dict.fromkeys((OTHER_LEGAL, LAWYER), (404, UNKNOWN_CASE_OF_AID)),
        FORBIDDEN,
    ),
    "staff_legal_aid.terminate_aid": aid_handler(),
    "legal_aid_work.list_my_aid_messages": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_work.write_aid_message": own(UNKNOWN_CASE_OF_AID, 201),
    "legal_aid_work.rate_aid": own(UNKNOWN_CASE_OF_AID, 201),
    "legal_aid_work.list_my_complaints": own(UNKNOWN_CASE_OF_AID),
    "legal_aid_work.complain_about_aid": own(UNKNOWN_CASE_OF_AID, 201),
    "staff_legal_aid_work.list_aid_messages": aid_handler(),
    "staff_legal_aid_work.write_to_worker": aid_handler(201),
    "staff_legal_aid_work.set_hearing": aid_handler(201),
    "staff_legal_aid_work.hand_over_case": aid_handler(201),
    "staff_legal_aid_work.close_case": aid_handler(),
    "staff_legal_aid_covers.list_covers": _expect(dict.fromkeys((*OFFICES, LAWYER), (200, None)), FORBIDDEN),
    "staff_legal_aid_covers.list_cover_candidates": _expect(dict.fromkeys((*OFFICES, LAWYER), (200, None)), FORBIDDEN),
    "staff_legal_aid_covers.enter_cover": _expect(
        dict.fromkeys((LAWYER, LEGAL), (201, None))
        | dict.fromkeys((OTHER_LEGAL, UPPER_LEGAL), (404, "legal_aid.handler_unknown")),
        FORBIDDEN,
    ),
    "staff_legal_aid_covers.end_cover": _expect(
        dict.fromkeys((LAWYER, LEGAL), (200, None))
        | dict.fromkeys((OTHER_LEGAL, UPPER_LEGAL), (404, "legal_aid.cover_unknown")),
        FORBIDDEN,
    ),
    "staff_legal_aid_tasks.list_my_tasks": _expect(dict.fromkeys((*OFFICES, LAWYER), (200, None)), FORBIDDEN),
    "staff_legal_aid_tasks.list_case_tasks": aid_handler(),
    "staff_legal_aid_tasks.add_task": aid_handler(201),
    "staff_legal_aid_tasks.tick_off_task": aid_task(),
    "staff_legal_aid_tasks.reopen_task": aid_task(),
    "staff_legal_aid_work.list_complaints": _expect(
        dict.fromkeys((LEGAL, UPPER_LEGAL), (200, None)) | {OTHER_LEGAL: (404, UNKNOWN_CASE_OF_AID)}, FORBIDDEN
    ),
    "staff_legal_aid_work.answer_complaint": _expect(
        dict.fromkeys((LEGAL, UPPER_LEGAL), (200, None)) | {OTHER_LEGAL: (404, "legal_aid.complaint_unknown")},
        FORBIDDEN,
    ),
    "consultation.list_my_consultations": own_list("consultation"),
    "consultation.ask_lawyer": signed_in(201),
    "consultation.get_my_consultation": own("consultation.unknown"),
    "consultation.follow_up_consultation": own("consultation.unknown"),
    "consultation.close_consultation": own("consultation.unknown"),
    "published_answers.search_published_answers": public(),
    "published_answers.get_published_answer": public(),
    "staff_consultation.list_consultations": _expect(
        dict.fromkeys((*OFFICES, LAWYER), (200, None)), FORBIDDEN, mark="consultation", blind=(OTHER_LEGAL,)
    ),
    "staff_consultation.get_consultation": consulting(),
    "staff_consultation.answer_consultation": consulting(),
    "staff_consultation.list_published_of_consultation": consulting(),
    "staff_consultation.publish_answer": consulting(201),
    "staff_consultation.withdraw_published_answer": consulting(unknown="consultation.answer_unknown"),
    "supervision.list_my_tips": own_list("tip"),
    "supervision.give_tip": signed_in(201),
    "supervision.follow_my_tip": own("supervision.unknown"),
    "supervision.answer_about_tip": own("supervision.unknown"),
    "anonymous_tips.give_anonymous_tip": tokenless(201),
    "anonymous_tips.claim_tip": tokenless(),
    "anonymous_tips.answer_claimed_tip": tokenless(),
    "staff_supervision.list_tips": staff_list(SUPERVISORS, (OTHER_SUPERVISOR,), "tip"),
    "staff_supervision.get_tip": supervising(),
    "staff_supervision.list_checkers": supervising(),
    "staff_supervision.check_tip": supervising(),
    "staff_supervision.ask_tipper": supervising(),
    "staff_supervision.record_site_check": supervising(201),
    "staff_supervision.issue_letter": supervising(201),
    "staff_supervision.enter_letter_reply": staff(
        SUPERVISORS, (OTHER_SUPERVISOR,), (404, "supervision.letter_unknown")
    ),
    "staff_supervision.close_tip": supervising(),
    "staff_supervision.dismiss_tip": supervising(),
    "staff_supervision.hand_over_tip": supervising(),
    "legal_aid_documents.make_my_document": own(UNKNOWN_CASE_OF_AID, 201),
    "staff_documents.make_case_document": _expect(
        {
            LEGAL: (201, None),
            UPPER_LEGAL: SEALED,
            OTHER_LEGAL: (404, UNKNOWN_CASE_OF_AID),
            LAWYER: (404, UNKNOWN_CASE_OF_AID),
        },
        FORBIDDEN,
    ),
    "staff_documents.download_letter": staff(SUPERVISORS, (OTHER_SUPERVISOR,), (404, "supervision.letter_unknown")),
    "staff_legal_aid_statistics.download_legal_aid_statistics": _expect(dict.fromkeys(OFFICES, (200, None)), FORBIDDEN),
    "staff_legal_aid_settings.get_aid_settings": _expect(
        dict.fromkeys((LEGAL, UPPER_LEGAL, LAWYER), (200, None)) | {OTHER_LEGAL: UNKNOWN_NODE}, FORBIDDEN
    ),
    "staff_legal_aid_settings.change_aid_settings": _expect(
        dict.fromkeys((LEGAL, UPPER_LEGAL), (200, None)) | {OTHER_LEGAL: UNKNOWN_NODE}, FORBIDDEN
    ),
    "staff_legal_aid_settings.settle_escalation": _expect(
        dict.fromkeys((LEGAL, UPPER_LEGAL), (200, None)) | {OTHER_LEGAL: UNKNOWN_NODE}, FORBIDDEN
    ),
    "staff_legal_aid_settings.settle_clock": _expect(
        dict.fromkeys((LEGAL, UPPER_LEGAL), (200, None)) | {OTHER_LEGAL: UNKNOWN_NODE}, FORBIDDEN
    ),
    "staff_holidays.list_holidays": all_staff(),
    "staff_holidays.enter_holidays": _expect(dict.fromkeys((ADMINISTRATOR, UPPER_LEGAL), (200, None)), FORBIDDEN),
    # attendance
    "staff_attendance.show_code": teaching(),
    "staff_attendance.show_code_picture": teaching(),
    "staff_attendance.get_code_key": teaching(),
    "staff_attendance.set_lesson_place": teaching(),
    "staff_attendance.get_lesson_roster": teaching(),
    "staff_attendance.record_attendance": teaching(),
    "staff_attendance.confirm_attendance": teaching(),
    "staff_attendance.seal_sheet": teaching(),
    "staff_attendance.correct_mark": training(other=(404, "attendance.unknown_lesson")),
    "staff_attendance.get_mark": teaching(),
    "staff_attendance.export_sheet": teaching(),
    "staff_attendance.print_sheet": teaching(),
    "staff_attendance.export_class_attendance": teaching(UNKNOWN_CLASS),
    "staff_attendance.print_class_attendance": teaching(UNKNOWN_CLASS),
}
"""Endpoint -> what everybody is answered. A route that is not here fails."""


@pytest.fixture
def scene(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Scene:
    """One of everything; the sandbox does not run, PDF pages are not set, the clients are an empty page each."""

    def nobody_there(*_args: Any, **_kwargs: Any) -> None:
        raise requests.ConnectionError

    monkeypatch.setattr("blueprints.sandbox.forward.requests.post", nobody_there)
    monkeypatch.setattr(clients, "CLIENT", tmp_path)
    for site in (clients.PHONE, clients.CONSOLE):
        site.folder.mkdir(parents=True)
        (site.folder / "index.html").touch()
    monkeypatch.setattr(pdf, "families", lambda: {"Noto Sans CJK SC"})
    monkeypatch.setattr("service.files.pdf.typst.compile", lambda *_args, **_kwargs: b"%PDF-")
    monkeypatch.setattr("service.training.posters.unlimited_code", lambda *_args, **_kwargs: b"jpeg")
    return scenes.set_up(client)


def test_every_route_stands_in_the_table(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == set(EXPECTED) == set(DOORS) == policy.PUBLIC | set(policy.POLICY)


def test_everybody_gets_in_where_the_table_says_and_nowhere_else(scene: Scene) -> None:
    wrong = []
    for endpoint, expected in EXPECTED.items():
        for who in EVERYBODY:
            answer = knock(scene, DOORS[endpoint], who)
            wrong += [f"{endpoint} as {who}: {said}" for said in complaints(scene, expected, who, answer)]
    assert not wrong, "\n".join(wrong)


def test_a_door_left_open_is_noticed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: without the table of roles, and without scopes, the matrix is not as it should be."""
    endpoint = "staff_training.cancel_class"
    door, expected = DOORS[endpoint], EXPECTED[endpoint]
    with monkeypatch.context() as patched:
        patched.setitem(policy.POLICY, endpoint, policy.WORKER)
        assert complaints(scene, expected, OTHER_WORKER, knock(scene, door, OTHER_WORKER))
    with monkeypatch.context() as patched:
        patched.setattr("service.training.scopes.in_scope", lambda _actor: true())
        assert complaints(scene, expected, OTHER_TRAINING, knock(scene, door, OTHER_TRAINING))
        listed = knock(scene, DOORS["staff_training.list_staff_classes"], OTHER_TRAINING)
        assert complaints(scene, EXPECTED["staff_training.list_staff_classes"], OTHER_TRAINING, listed)
    assert not complaints(scene, expected, OTHER_TRAINING, knock(scene, door, OTHER_TRAINING))


def test_a_thing_of_others_is_answered_like_one_that_does_not_exist(scene: Scene) -> None:
    wrong = []
    for endpoint, expected in EXPECTED.items():
        foreign = [who for who in SIGNED_IN if expected.answers[who][0] == 404]
        if foreign and "{" in DOORS[endpoint].path:
            real = knock(scene, DOORS[endpoint], foreign[0])
            made_up = scene.ask(
                foreign[0], DOORS[endpoint].method, nowhere(scene, DOORS[endpoint]), **sent(scene, endpoint)
            )
            told = [without_request_id(answer) for answer in (real, made_up)]
            if told[0] != told[1]:
                wrong.append(f"{endpoint}: {told}")
    assert not wrong, "\n".join(wrong)


def test_who_is_let_in_finds_nothing_under_an_id_that_does_not_exist(scene: Scene) -> None:
    wrong = []
    for endpoint, door in DOORS.items():
        if "{" in door.path and "{day}" not in door.path:
            answer = scene.ask(door.by, door.method, nowhere(scene, door), **sent(scene, endpoint))
            if answer.status_code != 404:
                wrong.append(f"{endpoint}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)


def sent(scene: Scene, endpoint: str) -> dict[str, Any]:
    """The body of the sound request."""
    return DOORS[endpoint].request(scene)


def nowhere(scene: Scene, door: Door) -> str:
    """The door's path with ids that nothing has."""
    made_up = {name: 999_999_999 if isinstance(value, int) else uuid4() for name, value in scene.ids.items()}
    return door.path.format(**made_up | {"day": scene.ids["day"]})


def without_request_id(answer: TestResponse) -> dict[str, Any]:
    """The problem, but for what differs from request to request."""
    body: dict[str, Any] = answer.get_json(force=True)
    return {name: value for name, value in body.items() if name != "request_id"}


OUTSIDE = (
    (OTHER_TRAINING, "GET", "~/staff/training/classes?node_id={node}", "organisations.node_unknown"),
    (OTHER_MEMBERSHIP, "GET", "~/staff/people?node={node}", "organisations.node_unknown"),
    (TRAINING, "GET", "~/staff/training/classes?node_id={other_node}", "organisations.node_unknown"),
    (TRAINING, "GET", "~/staff/training/courses/{other_course}", "training.unknown_course"),
    (TRAINING, "POST", "~/staff/training/courses/{other_course}/archive", "training.unknown_course"),
    # One's own class with the booking of another.
    (TRAINING, "POST", "~/staff/training/classes/{class}/bookings/{booking}/remove", "booking.unknown"),
    # A draft does not exist for workers, nor for a trainer who looks at it as one.
    (TRAINER, "GET", "~/training/classes/{draft}", "training.unknown_class"),
    (WORKER, "POST", "~/training/classes/{draft}/bookings", "booking.unknown_offering"),
)


def test_what_lies_outside_the_scope_is_not_known(scene: Scene) -> None:
    for who, method, path, code in OUTSIDE:
        body = {"json": {"reason": "试试"} if path.endswith("remove") else {}} if method == "POST" else {}
        answer = scene.ask(who, method, path, **body)
        assert (answer.status_code, code_of(answer)) == (404, code), answer.text


def test_staff_book_nobody_and_plan_nothing_outside_their_scope(scene: Scene) -> None:
    stranger = {"worker_id": scene.people["other_worker"], "reason": "没有手机"}
    answer = scene.ask(TRAINING, "POST", "~/staff/training/classes/{class}/bookings", json=stranger)
    assert (answer.status_code, code_of(answer)) == (404, "training.unknown_worker")
    elsewhere = doors.a_class(scene) | {"course_id": scene.ids["other_course"]}
    answer = scene.ask(TRAINING, "POST", "~/staff/training/classes", json=elsewhere)
    assert (answer.status_code, code_of(answer)) == (404, "training.unknown_course")
    moved = doors.a_class(scene) | {"node_id": scene.ids["other_node"], "version": 1}
    answer = scene.ask(TRAINING, "PUT", "~/staff/training/classes/{draft}", json=moved)
    assert (answer.status_code, code_of(answer)) == (404, "organisations.node_unknown")
    teacher = {"main_id": scene.people[OTHER_TRAINER]}
    answer = scene.ask(TRAINING, "PUT", "~/staff/training/classes/{class}/trainers", json=teacher)
    assert (answer.status_code, code_of(answer)) == (422, "training.plan_invalid")


def test_numbers_are_masked_to_staff_and_in_clear_to_their_owner(scene: Scene) -> None:
    line = scene.ask(MEMBERSHIP, "GET", "~/staff/people/{person}").get_json()
    own = scene.ask(WORKER, "GET", "~/me").get_json()["person"]
    assert line["phone"] == f"{own['phone'][:3]}****{own['phone'][-4:]}"
    assert line["id_number"] == f"{own['id_number'][:4]}**********{own['id_number'][-4:]}"
    roster = scene.ask(TRAINER, "GET", "~/staff/training/classes/{running}/bookings").get_json()["items"][0]
    assert roster["phone"] == line["phone"]
    assert "id_number" not in roster
    sheet = scene.ask(TRAINER, "GET", "~/staff/training/lessons/{lesson}/roster").get_json()["lines"][0]
    assert sheet["phone"] == line["phone"]
    assert "id_number" not in sheet


def test_the_public_class_names_no_worker_and_nothing_private(scene: Scene) -> None:
    alone = scene.ask(NOBODY, "GET", "~/training/classes/{class}").get_json()
    signed_in = scene.ask(WORKER, "GET", "~/training/classes/{class}").get_json()
    assert set(alone) == set(signed_in)
    assert alone["my_booking"] is alone["my_eligibility"] is None
    assert all(set(each) == {"name", "role", "lesson_id"} for each in alone["trainers"])


def test_every_other_method_is_refused_in_the_envelope(app: Flask, scene: Scene) -> None:
    wrong = []
    routes = app.url_map.bind("localhost")
    for path in {plain(rule) for rule in app.url_map.iter_rules()}:
        for method in set(METHODS) - set(routes.allowed_methods(path)):
            answer = scene.send(WORKER, method, path)
            code = "request.method_not_allowed" if method == "HEAD" else code_of(answer)
            if (answer.status_code, code) != (405, "request.method_not_allowed"):
                wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def plain(rule: Rule) -> str:
    """A path the rule takes."""
    _, path = rule.build(dict.fromkeys(rule.arguments, 1) | _TEXTS, append_unknown=False) or ("", "")
    return path


_TEXTS = {
    "kind": "workers",
    "purpose": "x",
    "name": "x",
    **dict.fromkeys(
        (
            "booking_id",
            "import_id",
            "sign_in_id",
            "copy_id",
            "task_id",
            "cover_id",
            "case_id",
            "file_id",
            "complaint_id",
            "consultation_id",
            "answer_id",
            "tip_id",
            "letter_id",
        ),
        UUID(int=1),
    ),
}


def test_a_fault_of_ours_tells_nothing_of_what_is_inside(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = "SELECT id_number FROM people -- /srv/gongyun/service/secret.py line 7"

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError(inside)

    monkeypatch.setattr("service.overview.me.me", fail)
    monkeypatch.setattr("service.messaging.inbox.read_all", fail)
    for method, path in (("GET", "~/me"), ("POST", "~/me/inbox/read-all")):
        answer = scene.ask(WORKER, method, path)
        assert (answer.status_code, code_of(answer)) == (500, "service.failed")
        assert envelope_is_whole(answer)
        assert answer.get_json(force=True)["details"] == {}
        for word in ("SELECT", "people", "/srv", ".py", "Traceback", "RuntimeError", "line 7"):
            assert word not in answer.text


def test_a_fault_in_the_database_tells_no_sql(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.overview.me.me", lambda _actor: db.session.execute(text("SELECT secret FROM nowhere")))
    answer = scene.ask(WORKER, "GET", "~/me")
    # SQLite calls an unknown table an operational error, as it does a database that is away.
    assert (answer.status_code, code_of(answer)) in {(500, "service.failed"), (503, "service.database_away")}
    assert envelope_is_whole(answer)
    for word in ("SELECT", "secret", "nowhere", "sqlalche", "psycopg", "no such table"):
        assert word not in answer.text


@pytest.mark.parametrize("engine_name", [POSTGRESQL])
def test_a_connection_the_database_has_ended_is_503(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(_actor: Any) -> None:
        raise InternalError("SELECT 1", {}, IdleInTransactionSessionTimeout("terminating connection"))

    monkeypatch.setattr("service.overview.me.me", ended)
    answer = scene.ask(WORKER, "GET", "~/me")
    assert (answer.status_code, code_of(answer)) == (503, "service.database_away")
    assert "terminating" not in answer.text


def knock(scene: Scene, door: Door, who: str) -> TestResponse:
    """The answer to the sound request in somebody's name."""
    return scene.ask(who, door.method, door.path, **door.request(scene))


def complaints(scene: Scene, expected: Expected, who: str, answer: TestResponse) -> list[str]:
    """What about the answer is not as it should be."""
    wanted = expected.answers[who]
    if (answer.status_code, code_of(answer)) != wanted:
        return [f"{answer.status_code} {code_of(answer)} instead of {wanted}: {answer.text[:300]}"]
    text = readable(answer)
    asking = scene.people.get(who)
    found = [f"tells {secret}" for secret, whose in scene.secrets.items() if whose != asking and secret in text]
    if answer.status_code >= 400 and not envelope_is_whole(answer):
        found.append("not in the envelope")
    if expected.mark and answer.status_code == 200:
        sees = scene.marks[expected.mark] in text
        if sees == (who in expected.blind):
            found.append(f"{'sees' if sees else 'does not see'} {scene.marks[expected.mark]}")
    return found


def code_of(answer: TestResponse) -> str | None:
    """The problem's code, None for an answer that is none."""
    return answer.get_json(force=True)["code"] if answer.mimetype == "application/problem+json" else None


def envelope_is_whole(answer: TestResponse) -> bool:
    """Whether a refusal has all that RFC 9457 and the house want."""
    body = answer.get_json(force=True)
    return {"type", "title", "status", "detail", "code", "details", "request_id"} <= set(body) and (
        body["status"] == answer.status_code and body["request_id"] == answer.headers["X-Request-Id"]
    )


def readable(answer: TestResponse) -> str:
    """The text of an answer, of a workbook that of its parts."""
    if answer.data[:2] != b"PK":
        return answer.get_data(as_text=True) if answer.mimetype not in ("image/png", "image/jpeg") else ""
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
