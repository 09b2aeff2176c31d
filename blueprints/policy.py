"""Who may knock at which door: every route stands here once, or in PUBLIC.

The door asks for a role held anywhere; whether the thing behind it lies in the actor's scope is asked by the service,
which answers NotFound for what the actor may not know of. Staff routes take any of the roles named. Who has not proved
yet to be a person of the roster may look around: rows of VERIFIED and MEMBER are for the others. `GET /staff/policy`
shows this table to staff.
"""

from blueprints.legal_aid_policy import LEGAL_AID
from blueprints.rule import Content, Rule
from service.core.access import Duty, Role

TOKENLESS: frozenset[str] = frozenset(
    {
        "auth.sign_in_with_wechat",
        "page_sign_in.begin_page_sign_in",
        "page_sign_in.sign_in_on_page",
        "auth.sign_in_staff",
        "auth.refresh_tokens",
        "phones.send_sign_in_code",
        "phones.sign_in_by_phone",
        "health.show_health",
        "health.show_readiness",
        "metrics.show_metrics",
        "organisations.show_reference",
        "wechat_push.verify_push",
        "wechat_push.receive_push",
        "clients.show_start",
        "clients.show_phone_pages",
        "clients.show_console",
        "documentation.show_openapi",
        "documentation.show_documentation",
        "documentation.show_documentation_start",
        "documentation.show_documentation_asset",
        "documentation.show_errors",
        "anonymous_tips.give_anonymous_tip",
        "anonymous_tips.claim_tip",
        "anonymous_tips.answer_claimed_tip",
    }
)
"""Routes by which one comes to a token, or that have nothing to do with tokens: one sent along is not looked at."""

PUBLIC: frozenset[str] = TOKENLESS | frozenset(
    {
        "sandbox.tap_login",
        "sandbox.tap_phone",
        "sandbox.tap_subscribe",
        "sandbox_texts.list_texts",
        "tickets.resolve_ticket",
        "legal_aid.list_triage_questions",
        "legal_aid.conclude_triage",
        "published_answers.search_published_answers",
        "published_answers.get_published_answer",
        "training.list_courses",
        "training.list_classes",
        "training.get_class",
    }
)
"""Routes that need no token. With a token they know who is asking; a bad token is refused here too."""

WORKER = Rule((Role.WORKER,))
VERIFIED = Rule((Role.WORKER,), needs_verified=True)
MEMBER = Rule((Role.MEMBER,), needs_verified=True)
STAFF = Rule(tuple(role for role in Role if role not in (Role.WORKER, Role.MEMBER)))
TRAINING = Rule((Role.TRAINING_STAFF,))
TEACHING = Rule((Role.TRAINER, Role.TRAINING_STAFF))
PUBLISHING = Rule((Role.PUBLISHING_STAFF,))
MEMBERSHIP = Rule((Role.MEMBERSHIP_STAFF,))
ADMINISTRATION = Rule((Role.ADMINISTRATOR,))
AUDIT = Rule((Role.AUDITOR,), content=Content.AUDIT)

POLICY: dict[str, Rule] = {
    # identity
    "auth.sign_out": WORKER,
    "identity.show_me": WORKER,
    "identity.change_profile": VERIFIED,
    "identity.bind_identity": WORKER,
    "staff_people.list_people": MEMBERSHIP + TRAINING,
    "staff_people.get_person": MEMBERSHIP + TRAINING,
    "staff_people.search_people": MEMBERSHIP + TRAINING,
    "staff_people.set_work": MEMBERSHIP,
    "sign_ins.list_my_sign_ins": WORKER,
    "sign_ins.end_sign_in": WORKER,
    "sign_ins.end_other_sign_ins": WORKER,
    "accounts.change_password": STAFF,
    "accounts.show_totp": STAFF,
    "accounts.enrol_totp": STAFF,
    "accounts.confirm_totp": STAFF,
    "accounts.remove_totp": STAFF,
    # one's own data
    "consents.list_my_consents": WORKER,
    "consents.list_my_consent_decisions": WORKER,
    "consents.decide_consent": WORKER,
    "my_data.show_my_data": WORKER,
    "my_data.request_copy": WORKER,
    "my_data.list_my_copies": WORKER,
    "my_data.download_copy": WORKER,
    "my_data.list_my_corrections": WORKER,
    "my_data.request_correction": VERIFIED,
    "my_data.list_looks": WORKER,
    "my_data.request_closure": WORKER,
    "my_data.show_closure": WORKER,
    "my_data.withdraw_closure": WORKER,
    "staff_corrections.list_corrections": MEMBERSHIP,
    "staff_corrections.decide_correction": MEMBERSHIP,
    # audit
    "staff_audit.list_audit_entries": AUDIT,
    "phones.send_phone_code": WORKER,
    "phones.prove_phone": WORKER,
    "phones.prove_phone_by_wechat": WORKER,
    "disputes.list_my_disputes": WORKER,
    "disputes.dispute_binding": WORKER,
    "staff_bindings.list_binding_cases": MEMBERSHIP,
    "staff_bindings.get_binding_case": MEMBERSHIP,
    "staff_bindings.decide_binding_case": MEMBERSHIP,
    # accounts and grants
    "staff_accounts.list_accounts": ADMINISTRATION,
    "staff_accounts.open_account": ADMINISTRATION,
    "staff_accounts.get_account": ADMINISTRATION,
    "staff_accounts.reset_password": ADMINISTRATION,
    "staff_accounts.disable_account": ADMINISTRATION,
    "staff_accounts.enable_account": ADMINISTRATION,
    "staff_accounts.reset_totp": ADMINISTRATION,
    "staff_accounts.grant_role": ADMINISTRATION,
    "staff_accounts.withdraw_role": ADMINISTRATION,
    "staff_roles.show_policy": STAFF,
    # inbox
    "inbox.list_messages": WORKER,
    "inbox.read_message": WORKER,
    "inbox.read_all_messages": WORKER,
    "subscriptions.show_subscriptions": WORKER,
    "subscriptions.report_subscriptions": WORKER,
    # announcements
    "announcements.get_announcement": WORKER,
    "staff_announcements.list_staff_announcements": PUBLISHING,
    "staff_announcements.create_announcement": PUBLISHING,
    "staff_announcements.get_staff_announcement": PUBLISHING,
    "staff_announcements.change_announcement": PUBLISHING,
    "staff_announcements.preview_announcement": PUBLISHING,
    "staff_announcements.approve_announcement": PUBLISHING,
    "staff_announcements.send_announcement": PUBLISHING,
    "staff_announcements.cancel_announcement": PUBLISHING,
    # outbox
    "staff_outbox.list_outbox": ADMINISTRATION,
    "staff_outbox.resend_outbox": ADMINISTRATION,
    # organisations
    "organisations.list_nodes": WORKER,
    # skills
    "skills.list_my_certificates": WORKER,
    "skills.enter_certificate": VERIFIED,
    "skills.remove_certificate": VERIFIED,
    "staff_skills.list_certificates": MEMBERSHIP + TRAINING,
    "staff_skills.confirm_certificate": MEMBERSHIP + TRAINING,
    "staff_skills.withdraw_confirmation": MEMBERSHIP + TRAINING,
    # registers from workbooks
    "staff_imports.upload_import": MEMBERSHIP,
    "staff_imports.list_imports": MEMBERSHIP,
    "staff_imports.get_import": MEMBERSHIP,
    "staff_imports.list_findings": MEMBERSHIP,
    "staff_imports.download_problems": MEMBERSHIP,
    "staff_imports.accept_import": MEMBERSHIP,
    "staff_imports.discard_import": MEMBERSHIP,
    "staff_imports.download_template": MEMBERSHIP,
    # bookings
    "bookings.book_place": MEMBER,
    "bookings.list_my_bookings": WORKER,
    "bookings.get_booking": VERIFIED,
    "bookings.cancel_booking": VERIFIED,
    "bookings.accept_offer": VERIFIED,
    "bookings.decline_offer": VERIFIED,
    "staff_bookings.book_place_for": TRAINING,
    "staff_bookings.remove_booking": TRAINING,
    # training
    "staff_courses.list_staff_courses": TRAINING,
    "staff_courses.create_course": TRAINING,
    "staff_courses.get_staff_course": TRAINING,
    "staff_courses.change_course": TRAINING,
    "staff_courses.archive_course": TRAINING,
    "staff_courses.restore_course": TRAINING,
    "staff_training.list_staff_classes": TEACHING,
    "staff_training.create_class": TRAINING,
    "staff_training.get_staff_class": TEACHING,
    "staff_training.change_class": TRAINING,
    "staff_training.discard_class": TRAINING,
    "staff_training.copy_class": TRAINING,
    "staff_training.publish_class": TRAINING,
    "staff_training.cancel_class": TRAINING,
    "staff_training.pause_window": TRAINING,
    "staff_training.resume_window": TRAINING,
    "staff_training.extend_window": TRAINING,
    "staff_training.reopen_window": TRAINING,
    "staff_training.close_window": TRAINING,
    "staff_rosters.list_roster": TEACHING,
    "staff_rosters.show_rush_day": TRAINING,
    "staff_rosters.appoint_trainers": TRAINING,
    "staff_rosters.list_trainers": TRAINING,
    "staff_rosters.list_lessons": TEACHING,
    "staff_approvals.list_approvals": TRAINING + PUBLISHING,
    "staff_approvals.get_approval": TRAINING + PUBLISHING,
    "staff_approvals.submit_class": TRAINING,
    "staff_approvals.approve_class": TRAINING + PUBLISHING,
    "staff_approvals.send_back_class": TRAINING + PUBLISHING,
    "staff_posters.print_poster": TEACHING,
    "staff_nodes.get_node_settings": ADMINISTRATION + TRAINING + PUBLISHING,
    "staff_nodes.change_node_settings": ADMINISTRATION,
    **LEGAL_AID,
    "staff_holidays.list_holidays": STAFF,
    "staff_holidays.enter_holidays": ADMINISTRATION + Rule((Role.LEGAL_STAFF,)),
    # attendance
    "attendance.check_in_lesson": VERIFIED,
    "attendance.list_my_training": WORKER,
    "staff_attendance.show_code": TEACHING,
    "staff_attendance.show_code_picture": TEACHING,
    "staff_attendance.get_code_key": TEACHING,
    "staff_attendance.set_lesson_place": TEACHING,
    "staff_attendance.get_lesson_roster": TEACHING,
    "staff_attendance.record_attendance": TEACHING,
    "staff_attendance.confirm_attendance": TEACHING,
    "staff_attendance.seal_sheet": TEACHING,
    "staff_attendance.correct_mark": TRAINING,
    "staff_attendance.get_mark": TEACHING,
    "staff_attendance.export_sheet": TEACHING,
    "staff_attendance.print_sheet": TEACHING,
    "staff_attendance.export_class_attendance": TEACHING,
    "staff_attendance.print_class_attendance": TEACHING,
}
"""Endpoint -> roles, any of which opens the door, and whether verification is needed."""

RUSH: frozenset[str] = frozenset({"bookings.book_place"})
"""Doors at which thousands arrive in one second: a sign-in's revocation is seen there within a second, not at once."""

BEFORE_DUTIES: dict[Duty, frozenset[str]] = {
    Duty.CHANGE_PASSWORD: frozenset({"auth.sign_out", "identity.show_me", "accounts.change_password"}),
    Duty.ENROL_TOTP: frozenset(
        {"auth.sign_out", "identity.show_me", "accounts.show_totp", "accounts.enrol_totp", "accounts.confirm_totp"}
    ),
}
"""What a staff sign-in opens until its duty is done; all other doors say what has to be done first."""
