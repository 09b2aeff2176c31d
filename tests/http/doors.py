"""A sound request to every route: what it takes to be let in and to succeed, were it the right one who asks."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from service.core import clock
from service.organisations.statutory_days import statutory_days
from service.training import codes
from tests import make_legal_aid
from tests.http import scene as who
from tests.http.scene import Scene

Body = Callable[[Scene], dict[str, Any]]


@dataclass(frozen=True)
class Door:
    """How to knock: `~` stands for /api/v1, names in braces for the scene's ids. `by` is somebody it opens for."""

    method: str
    path: str
    by: str = who.WORKER
    json: Body | None = None
    form: Body | None = None

    def request(self, scene: Scene) -> dict[str, Any]:
        """What `Scene.ask` takes besides person, method and path."""
        if self.form is not None:
            return {"data": self.form(scene), "content_type": "multipart/form-data"}
        return {} if self.json is None else {"json": self.json(scene)}

    @property
    def is_write(self) -> bool:
        """Whether the request changes something."""
        return self.method not in ("GET", "HEAD", "OPTIONS")


def get(path: str, by: str = who.WORKER) -> Door:
    """A reading request."""
    return Door("GET", path, by)


def post(path: str, by: str = who.WORKER, json: Body | None = None) -> Door:
    """A writing request."""
    return Door("POST", path, by, json)


def put(path: str, by: str, json: Body) -> Door:
    """A writing request safe to repeat."""
    return Door("PUT", path, by, json)


def a_course(scene: Scene) -> dict[str, Any]:
    """A course with everything it can have."""
    return {
        "title": "咖啡师（四级）", "summary": "杯测和拉花", "occupation_code": "4-03-02-07", "level": 4,
        "industry": "coffee", "hours": 8, "gives_certificate": True, "fund_source": "union", "completion_percent": 90,
    }  # fmt: skip


def a_class(scene: Scene) -> dict[str, Any]:
    """A class with everything it can have."""
    lessons = [
        {"title": f"第{day}课", "starts_at": scene.at(days=40 + day), "ends_at": scene.at(days=40 + day, hours=2),
         "room": "301", "mode": "on_site", "hours": 2}
        for day in (1, 2)
    ]  # fmt: skip
    audience: list[dict[str, Any]] = [
        {"kind": "county", "codes": [who.SIMAO_COUNTY]},
        {"kind": "node", "node_id": scene.ids["node"]},
        {"kind": "industry", "values": ["tea"]},
        {"kind": "category", "values": ["employee"]},
        {"kind": "level", "occupation_code": "4-03-02-07", "at_least": 5},
        {"kind": "earlier_course", "course_id": scene.ids["course"]},
    ]
    return {
        "course_id": scene.ids["course"], "node_id": scene.ids["node"], "title": "茶艺师周末班", "place": "职工之家",
        "county_code": who.SIMAO_COUNTY, "capacity": 20, "waiting_capacity": 5, "opens_at": scene.at(days=1),
        "closes_at": scene.at(days=30), "cancel_until": scene.at(days=31), "offers_until": scene.at(days=32),
        "offer_minutes": 60, "audience": audience, "late_after_minutes": 5, "absent_after_minutes": 20,
        "early_before_minutes": 10, "completion_percent": 75, "lessons": lessons,
    }  # fmt: skip


def a_reason(_scene: Scene) -> dict[str, Any]:
    """Why staff do it."""
    return {"reason": "教室停电"}


def an_announcement(scene: Scene) -> dict[str, Any]:
    """An announcement with everything it can have."""
    audience = {
        "counties": [who.SIMAO_COUNTY], "industries": ["tea"], "occupations": ["4-03-02-07"], "categories": ["employee"]
    }  # fmt: skip
    return {
        "node_id": scene.ids["node"], "title": "茶艺师培训", "body": "本周六起报名", "text": "详见附件",
        "audience": audience,
    }  # fmt: skip


def a_later_closing(scene: Scene) -> dict[str, Any]:
    """A new end of the booking window."""
    return {"reason": "报名人数不足", "closes_at": scene.at(days=8)}


def a_profile(_scene: Scene) -> dict[str, Any]:
    """All that a person may say about herself."""
    return {"occupation_code": "4-03-02-07"}


def a_work(_scene: Scene) -> dict[str, Any]:
    """What the register shall say of somebody's work."""
    return {
        "occupation_code": "4-03-02-07", "industry": "coffee", "worker_category": "migrant", "reason": "已核对劳动合同"
    }  # fmt: skip


def a_dispute(scene: Scene) -> dict[str, Any]:
    """A claim to be the worker, with a new phone."""
    return {
        "kind": "new_phone", "name": f"姓名{who.WORKER}", "id_number": scene.marks["id_number"], "phone": "13900005678",
        "note": "换了手机号", "node_id": None,
    }  # fmt: skip


def a_piece(scene: Scene) -> dict[str, Any]:
    """The whole of a picture as its first piece."""
    return {"start": "0", "piece": (io.BytesIO(scene.picture), "piece")}


def a_tip(_scene: Scene) -> dict[str, Any]:
    """A tip with everything it can have."""
    return {
        "matter": "wages", "employer_name": "思茅某茶厂", "employer_address": "工业园", "words": "拖欠工资",
        "node_id": None, "county_code": who.SIMAO_COUNTY,
    }  # fmt: skip


def by_claim_code(scene: Scene) -> dict[str, Any]:
    """The code of the tip of nobody's."""
    return {"claim_code": scene.marks["claim_code"]}


MORE: dict[str, dict[str, Any]] = {
    "matter": {
        "position": "劳动者", "limitation_on": "2099-12-20", "help_wanted": ["代写文书"], "step": "none",
        "limitation_clock": "arbitration",
    },
    "person": {
        "born_on": "1990-01-01", "group_kind": "农民工", "household": "思茅区", "id_number": "53080219900101000X",
        "postcode": "665000", "safe_to_call": True, "education": "初中", "call_note": "晚上打", "sex": "男",
        "health": "良好", "has_applied_before": False, "ethnicity": "傣族",
    },
    "employer": {
        "occupation": "采茶工", "employer_phone": "08790000000", "started_on": "2026-01-05", "ended_on": "2026-06-05",
        "employer_code": "91110108551385082Q",
    },
    "means": {"property": "无", "is_pledged": True, "income": "两千", "household_people": 3},
    "people": {"representatives": []},
}  # fmt: skip
"""What may be left out of a step, so that each field is tried."""


def step_of(step: str) -> Body:
    """A step of an application's form, with every field there is."""
    return lambda scene: make_legal_aid.STEPS[step] | MORE[step] | {"version": scene.versions["aid_draft"]}


def versioned(case: str, **rest: Any) -> Body:
    """An order to the office on a case, with the version that was read."""
    return lambda scene: {"version": scene.versions[case], **rest}


def an_oral_application(scene: Scene) -> dict[str, Any]:
    """What a worker told, written down on the spot."""
    steps = [*make_legal_aid.STEPS.values(), *MORE.values()]
    form = {name: value for step in steps for name, value in step.items() if name != "matter"}
    return {
        "source": "oral", "node_id": scene.ids["node"], "person_id": None, "received_on": clock.today().isoformat(),
        "matter": "wages", "form": form,
    }  # fmt: skip


DECIDED = {"articles": ["法律援助法第三十一条"], "reason": "理由"}


def holidays(_scene: Scene) -> dict[str, Any]:
    """A year's notice: what the law fixes, and a weekend day that is worked."""
    off = [{"day": day.isoformat(), "is_worked": False, "name": name} for day, name in statutory_days(2027).items()]
    worked = {"day": "2027-02-14", "is_worked": True, "name": "调休"}
    return {"notice": "示例：2027年放假安排", "days": [*off, worked]}


def a_check_in(scene: Scene) -> dict[str, Any]:
    """The code of this moment, with a device and a place."""
    code = codes.code_at(scene.ids["lesson"], clock.now()).code
    return {"code": code, "device": "phone-1", "place": {"lat": 22.7873, "lng": 100.9772, "accuracy": 30}}


def marks(scene: Scene) -> dict[str, Any]:
    """A batch with one record of each kind."""
    now = clock.now()
    code = codes.code_at(scene.ids["lesson"], now)
    kinds = ({"state": "present"}, {"left_at": now.isoformat()}, {"code": code.code}, {"digits": code.digits})
    same = {"worker_id": scene.ids["person"], "at": now.isoformat()}
    return {"marks": [same | {"client_id": f"c-{number}"} | kind for number, kind in enumerate(kinds)]}


def a_search(scene: Scene) -> dict[str, Any]:
    """The worker, by everything one may be sought by."""
    number, phone = (number for number, whose in scene.secrets.items() if whose == scene.people[who.WORKER])
    return {"id_number": number, "phone": phone, "name": "姓名worker", "page": 1, "per_page": 20}


def a_workbook(scene: Scene) -> dict[str, Any]:
    """The form of an upload."""
    return {"kind": "workers", "node": str(scene.ids["node"]), "file": (io.BytesIO(scene.workbook), "职工.xlsx")}


def teachers(scene: Scene) -> dict[str, Any]:
    """The trainer, who teaches the first lesson in any case."""
    trainer = scene.people[who.TRAINER]
    first = {"lesson_id": scene.ids["class_lesson"], "person_id": trainer}
    return {"main_id": trainer, "co_trainer_ids": [], "substitutes": [first]}


CERTIFICATE = {
    "occupation_code": "4-03-02-07", "level": 4, "number": "S000053000001244000002", "issued_on": "2024-05-01"
}  # fmt: skip
COURSES, CLASSES, LESSONS = "~/staff/training/courses", "~/staff/training/classes", "~/staff/training/lessons"
OF_COURSE, OF_CLASS, OF_LESSON = f"{COURSES}/{{course}}", f"{CLASSES}/{{class}}", f"{LESSONS}/{{lesson}}"
ACCOUNTS = "~/staff/accounts"
IMPORTS = "~/staff/imports"
ANNOUNCEMENTS = "~/staff/announcements"
AID = "~/me/legal-aid/cases"
OF_AID_DRAFT, AID_FILES = f"{AID}/{{aid_draft}}", "~/me/legal-aid/files"
AID_DESK = "~/staff/legal-aid/cases"
OF_AID_CASE = f"{AID_DESK}/{{aid_case}}"
OF_AID_WORKING = f"{AID_DESK}/{{aid_working}}"
CONSULTATIONS = "~/me/legal-aid/consultations"
TIPS, TIP_DESK = "~/me/labour-tips", "~/staff/labour-tips"
AID_SETTINGS = "~/staff/nodes/{node}/legal-aid"
OF_ANNOUNCEMENT, OF_DRAFT = f"{ANNOUNCEMENTS}/{{announcement}}", f"{ANNOUNCEMENTS}/{{draft_announcement}}"

DOORS: dict[str, Door] = {
    "health.show_health": get("/healthz"),
    "health.show_readiness": get("/readyz"),
    "metrics.show_metrics": get("/metrics"),
    "clients.show_start": get("/"),
    "clients.show_phone_pages": get("/m/"),
    "clients.show_console": get("/console/"),
    "documentation.show_openapi": get("/openapi.json"),
    "documentation.show_documentation": get("/docs"),
    "documentation.show_documentation_start": get("/docs/start.js"),
    "documentation.show_documentation_asset": get("/docs/assets/favicon-32x32.png"),
    "documentation.show_errors": get("/docs/errors"),
    "wechat_push.verify_push": get("/wechat/push"),
    "wechat_push.receive_push": post("/wechat/push"),
    "sandbox_texts.list_texts": get("/sandbox/texts"),
    "sandbox.tap_login": post("/sandbox/wx/login", json=lambda _: {"persona": "worker-0001"}),
    "sandbox.tap_phone": post("/sandbox/wx/phone", json=lambda _: {"persona": "worker-0001"}),
    "sandbox.tap_subscribe": post("/sandbox/wx/subscribe", json=lambda _: {"persona": "worker-0001"}),
    "auth.sign_in_with_wechat": post("~/auth/wechat", json=lambda _: {"code": ""}),
    "page_sign_in.begin_page_sign_in": post("~/auth/wechat/page"),
    "page_sign_in.sign_in_on_page": post("~/auth/wechat/page/code", json=lambda _: {"code": "", "state": ""}),
    "auth.sign_in_staff": post("~/auth/staff", json=lambda _: {"account": "", "password": ""}),
    "auth.refresh_tokens": post("~/auth/refresh", json=lambda _: {"refresh_token": ""}),
    "auth.sign_out": post("~/auth/logout"),
    "identity.show_me": get("~/me"),
    "identity.change_profile": put("~/me/profile", who.WORKER, a_profile),
    "identity.bind_identity": post(
        "~/me/binding",
        who.NEWCOMER,
        lambda _: {"name": "张三", "id_number": "53080219900101000X", "phone": "13800001234"},
    ),
    "staff_people.list_people": get("~/staff/people", who.MEMBERSHIP),
    "staff_people.get_person": get("~/staff/people/{person}", who.MEMBERSHIP),
    "staff_people.search_people": post("~/staff/people/search", who.MEMBERSHIP, a_search),
    "staff_people.set_work": put("~/staff/people/{person}/work", who.MEMBERSHIP, a_work),
    "phones.send_phone_code": post("~/auth/phone/code", json=lambda _: {"phone": "13900001234"}),
    "phones.prove_phone": post("~/auth/phone", json=lambda _: {"phone": "13900001234", "code": "000000"}),
    "phones.send_sign_in_code": post("~/auth/phone/sign-in/code", json=lambda _: {"phone": ""}),
    "phones.sign_in_by_phone": post("~/auth/phone/sign-in", json=lambda _: {"phone": "", "code": ""}),
    "phones.prove_phone_by_wechat": post(
        "~/auth/phone/wechat", json=lambda _: {"code": "x", "login_code": None, "encrypted_data": None, "iv": None}
    ),
    "disputes.list_my_disputes": get("~/me/binding/disputes"),
    "disputes.dispute_binding": post("~/me/binding/disputes", who.NEWCOMER, a_dispute),
    "staff_bindings.list_binding_cases": get("~/staff/binding-cases", who.MEMBERSHIP),
    "staff_bindings.get_binding_case": get("~/staff/binding-cases/{case}", who.MEMBERSHIP),
    "staff_bindings.decide_binding_case": post(
        "~/staff/binding-cases/{case}/decide", who.MEMBERSHIP, lambda _: {"is_moved": True, "reason": "已核对身份证"}
    ),
    "sign_ins.list_my_sign_ins": get("~/me/sign-ins"),
    "sign_ins.end_sign_in": post("~/me/sign-ins/{sign_in}/end"),
    "sign_ins.end_other_sign_ins": post("~/me/sign-ins/end-others"),
    "accounts.change_password": put(
        "~/auth/password", who.TRAINING, lambda _: {"current": "x", "new": "chaguan-2026-puer"}
    ),
    "accounts.show_totp": get("~/auth/totp", who.TRAINING),
    "accounts.enrol_totp": post("~/auth/totp", who.TRAINING),
    "accounts.confirm_totp": post("~/auth/totp/confirm", who.TRAINING, lambda _: {"code": "123456"}),
    "accounts.remove_totp": post("~/auth/totp/remove", who.TRAINING, lambda _: {"code": "123456"}),
    "consents.list_my_consents": get("~/me/consents"),
    "consents.list_my_consent_decisions": get("~/me/consents/history"),
    "consents.decide_consent": put("~/me/consents/attendance_place", who.WORKER, lambda _: {"is_given": True}),
    "my_data.show_my_data": get("~/me/data"),
    "my_data.request_copy": post("~/me/data/copies"),
    "my_data.list_my_copies": get("~/me/data/copies"),
    "my_data.download_copy": get("~/me/data/copies/{copy}"),
    "my_data.list_my_corrections": get("~/me/data/corrections"),
    "my_data.request_correction": post(
        "~/me/data/corrections", json=lambda _: {"field": "employer", "wanted": "茶厂", "note": "上月换了单位"}
    ),
    "my_data.list_looks": get("~/me/data/access-log"),
    "my_data.request_closure": post("~/me/account/closure"),
    "my_data.show_closure": get("~/me/account/closure"),
    "my_data.withdraw_closure": post("~/me/account/closure/withdraw"),
    "staff_corrections.list_corrections": get("~/staff/data-corrections", who.MEMBERSHIP),
    "staff_corrections.decide_correction": post(
        "~/staff/data-corrections/{correction}/decide",
        who.MEMBERSHIP,
        lambda _: {"is_accepted": True, "reason": "已核对原件"},
    ),
    "staff_audit.list_audit_entries": get("~/staff/audit", who.AUDITOR),
    "staff_accounts.list_accounts": get(ACCOUNTS, who.ADMINISTRATOR),
    "staff_accounts.open_account": post(
        ACCOUNTS,
        who.ADMINISTRATOR,
        lambda _: {"login": "simao-new", "name": "张三", "person_id": None, "node_id": None},
    ),
    "staff_accounts.get_account": get(f"{ACCOUNTS}/{{account}}", who.ADMINISTRATOR),
    "staff_accounts.reset_password": post(f"{ACCOUNTS}/{{account}}/password", who.ADMINISTRATOR),
    "staff_accounts.disable_account": post(f"{ACCOUNTS}/{{account}}/disable", who.ADMINISTRATOR),
    "staff_accounts.enable_account": post(f"{ACCOUNTS}/{{account}}/enable", who.ADMINISTRATOR),
    "staff_accounts.reset_totp": post(f"{ACCOUNTS}/{{account}}/totp/reset", who.ADMINISTRATOR),
    "staff_accounts.grant_role": post(
        f"{ACCOUNTS}/{{account}}/roles",
        who.ADMINISTRATOR,
        lambda scene: {"role": "judge", "node_id": scene.ids["node"]},
    ),
    "staff_accounts.withdraw_role": post(
        f"{ACCOUNTS}/{{account}}/roles/withdraw",
        who.ADMINISTRATOR,
        lambda scene: {"role": "trainer", "node_id": scene.ids["node"]},
    ),
    "staff_roles.show_policy": get("~/staff/policy", who.TRAINING),
    "inbox.list_messages": get("~/me/inbox?per_page=100"),
    "inbox.read_message": post("~/me/inbox/{message}/read"),
    "inbox.read_all_messages": post("~/me/inbox/read-all"),
    "subscriptions.show_subscriptions": get("~/me/subscriptions"),
    "subscriptions.report_subscriptions": post("~/me/subscriptions", json=lambda _: {"accepted": ["x"]}),
    "announcements.get_announcement": get("~/announcements/{announcement}"),
    "staff_announcements.list_staff_announcements": get(ANNOUNCEMENTS, who.PUBLISHING),
    "staff_announcements.create_announcement": post(ANNOUNCEMENTS, who.PUBLISHING, an_announcement),
    "staff_announcements.get_staff_announcement": get(OF_ANNOUNCEMENT, who.PUBLISHING),
    "staff_announcements.change_announcement": put(
        OF_DRAFT, who.PUBLISHING, lambda scene: an_announcement(scene) | {"version": 1}
    ),
    "staff_announcements.preview_announcement": get(f"{OF_DRAFT}/preview", who.PUBLISHING),
    "staff_announcements.approve_announcement": post(f"{OF_DRAFT}/approve", who.PUBLISHING, lambda _: {"version": 1}),
    "staff_announcements.send_announcement": post(
        f"{OF_DRAFT}/send", who.PUBLISHING, lambda scene: {"version": 1, "at": scene.at(days=2)}
    ),
    "staff_announcements.cancel_announcement": post(f"{OF_ANNOUNCEMENT}/cancel", who.PUBLISHING, a_reason),
    "staff_outbox.list_outbox": get("~/staff/outbox", who.ADMINISTRATOR),
    "staff_outbox.resend_outbox": post("~/staff/outbox/resend", who.ADMINISTRATOR, lambda _: {"kind": "notice"}),
    "organisations.show_reference": get("~/reference"),
    "organisations.list_nodes": get("~/organisations/nodes"),
    "skills.list_my_certificates": get("~/me/certificates"),
    "skills.enter_certificate": post("~/me/certificates", json=lambda _: dict(CERTIFICATE)),
    "skills.remove_certificate": Door("DELETE", "~/me/certificates/{certificate}"),
    "staff_skills.list_certificates": get("~/staff/certificates", who.MEMBERSHIP),
    "staff_skills.confirm_certificate": post("~/staff/certificates/{certificate}/confirm", who.MEMBERSHIP),
    "staff_skills.withdraw_confirmation": post("~/staff/certificates/{certificate}/withdraw", who.MEMBERSHIP, a_reason),
    "staff_imports.upload_import": Door("POST", IMPORTS, who.MEMBERSHIP, form=a_workbook),
    "staff_imports.list_imports": get(IMPORTS, who.MEMBERSHIP),
    "staff_imports.get_import": get(f"{IMPORTS}/{{import}}", who.MEMBERSHIP),
    "staff_imports.list_findings": get(f"{IMPORTS}/{{import}}/findings", who.MEMBERSHIP),
    "staff_imports.download_problems": get(f"{IMPORTS}/{{import}}/problems.xlsx", who.MEMBERSHIP),
    "staff_imports.accept_import": post(
        f"{IMPORTS}/{{import}}/accept", who.MEMBERSHIP, lambda _: {"skip_bad_rows": False}
    ),
    "staff_imports.discard_import": post(f"{IMPORTS}/{{import}}/discard", who.MEMBERSHIP),
    "staff_imports.download_template": get(f"{IMPORTS}/template/workers.xlsx", who.MEMBERSHIP),
    "bookings.book_place": post("~/training/classes/{class}/bookings", json=lambda _: {}),
    "bookings.list_my_bookings": get("~/me/bookings"),
    "bookings.get_booking": get("~/bookings/{booking}"),
    "bookings.cancel_booking": post("~/bookings/{booking}/cancel"),
    "bookings.accept_offer": post("~/bookings/{booking}/accept"),
    "bookings.decline_offer": post("~/bookings/{booking}/decline"),
    "staff_bookings.book_place_for": post(
        f"{OF_CLASS}/bookings", who.TRAINING, lambda scene: {"worker_id": scene.ids["person"], "reason": "没有手机"}
    ),
    "staff_bookings.remove_booking": post(f"{CLASSES}/{{offered}}/bookings/{{booking}}/remove", who.TRAINING, a_reason),
    "tickets.resolve_ticket": get("~/tickets/{scene}"),
    "training.list_courses": get("~/training/courses"),
    "training.list_classes": get("~/training/classes"),
    "training.get_class": get("~/training/classes/{class}"),
    "staff_courses.list_staff_courses": get(COURSES, who.TRAINING),
    "staff_courses.create_course": post(
        COURSES, who.TRAINING, lambda scene: a_course(scene) | {"node_id": scene.ids["node"]}
    ),
    "staff_courses.get_staff_course": get(OF_COURSE, who.TRAINING),
    "staff_courses.change_course": put(OF_COURSE, who.TRAINING, lambda scene: a_course(scene) | {"version": 1}),
    "staff_courses.archive_course": post(f"{OF_COURSE}/archive", who.TRAINING),
    "staff_courses.restore_course": post(f"{COURSES}/{{archived}}/restore", who.TRAINING),
    "staff_training.list_staff_classes": get(CLASSES, who.TRAINING),
    "staff_training.create_class": post(CLASSES, who.TRAINING, a_class),
    "staff_training.get_staff_class": get(OF_CLASS, who.TRAINING),
    "staff_training.change_class": put(
        f"{CLASSES}/{{draft}}", who.TRAINING, lambda scene: a_class(scene) | {"version": 1}
    ),
    "staff_training.discard_class": Door("DELETE", f"{CLASSES}/{{draft}}", who.TRAINING),
    "staff_training.copy_class": post(f"{OF_CLASS}/copy", who.TRAINING, lambda _: {"shift_days": 7, "title": "下周班"}),
    "staff_training.publish_class": post(f"{CLASSES}/{{draft}}/publish", who.TRAINING),
    "staff_training.cancel_class": post(f"{OF_CLASS}/cancel", who.TRAINING, a_reason),
    "staff_training.pause_window": post(f"{OF_CLASS}/window/pause", who.TRAINING, a_reason),
    "staff_training.resume_window": post(f"{CLASSES}/{{paused}}/window/resume", who.TRAINING, a_reason),
    "staff_training.extend_window": post(f"{OF_CLASS}/window/extend", who.TRAINING, a_later_closing),
    "staff_training.reopen_window": post(f"{CLASSES}/{{closed}}/window/reopen", who.TRAINING, a_later_closing),
    "staff_training.close_window": post(f"{OF_CLASS}/window/close", who.TRAINING, a_reason),
    "staff_approvals.list_approvals": get("~/staff/training/approvals", who.TRAINING),
    "staff_approvals.get_approval": get(f"{OF_CLASS}/approval", who.TRAINING),
    "staff_approvals.submit_class": post(f"{CLASSES}/{{draft}}/approval/submit", who.TRAINING),
    "staff_approvals.approve_class": post(
        f"{CLASSES}/{{submitted}}/approval/approve", who.TRAINING, lambda _: {"version": 1}
    ),
    "staff_approvals.send_back_class": post(f"{CLASSES}/{{submitted}}/approval/send-back", who.TRAINING, a_reason),
    "staff_posters.print_poster": get(f"{OF_CLASS}/poster.pdf", who.TRAINING),
    "staff_nodes.get_node_settings": get("~/staff/nodes/{node}/settings", who.TRAINING),
    "staff_nodes.change_node_settings": put(
        "~/staff/nodes/{node}/settings", who.ADMINISTRATOR, lambda _: {"needs_approval": True}
    ),
    "staff_rosters.list_roster": get(f"{CLASSES}/{{running}}/bookings", who.TRAINING),
    "staff_rosters.show_rush_day": get(f"{OF_CLASS}/rush", who.TRAINING),
    "staff_rosters.appoint_trainers": put(f"{OF_CLASS}/trainers", who.TRAINING, teachers),
    "staff_rosters.list_trainers": get("~/staff/training/trainers", who.TRAINING),
    "staff_rosters.list_lessons": get(f"{LESSONS}?date={{day}}", who.TRAINING),
    "legal_aid.list_triage_questions": get("~/legal-aid/triage"),
    "legal_aid.conclude_triage": post(
        "~/legal-aid/triage",
        json=lambda _: {
            "answers": {
                "matter": "other",
                "employed": "yes",
                "known_on": "2026-01-05",
                "claimed_on": "",
                "step": "none",
                "migrant": "no",
                "hardship": "none",
                "people": "alone",
                "escaping": "no",
            }
        },
    ),
    "legal_aid_cases.list_my_cases": get(AID),
    "legal_aid_cases.begin_case": post(
        AID, json=lambda _: {"matter": "wages", "county_code": "530802", "answers": {"migrant": "yes"}}
    ),
    "legal_aid_cases.get_my_case": get(f"{AID}/{{aid_case}}"),
    "legal_aid_cases.discard_my_case": Door("DELETE", OF_AID_DRAFT),
    "legal_aid_cases.save_case_matter": put(f"{OF_AID_DRAFT}/matter", who.WORKER, step_of("matter")),
    "legal_aid_cases.save_case_person": put(f"{OF_AID_DRAFT}/person", who.WORKER, step_of("person")),
    "legal_aid_cases.save_case_employer": put(f"{OF_AID_DRAFT}/employer", who.WORKER, step_of("employer")),
    "legal_aid_cases.save_case_means": put(f"{OF_AID_DRAFT}/means", who.WORKER, step_of("means")),
    "legal_aid_cases.save_case_people": put(f"{OF_AID_DRAFT}/people", who.WORKER, step_of("people")),
    "legal_aid_cases.submit_case": post(
        f"{OF_AID_DRAFT}/submit", json=lambda scene: {"version": scene.versions["aid_draft"]}
    ),
    "legal_aid_cases.supplement_case": post(f"{AID}/{{aid_told}}/supplement"),
    "legal_aid_cases.withdraw_case": post(f"{AID}/{{aid_case}}/withdraw"),
    "legal_aid_cases.announce_file": post(
        f"{AID}/{{aid_case}}/files", json=lambda _: {"kind": "paper", "paper": "wages", "name": "a.jpg", "size": 10}
    ),
    "legal_aid_cases.send_piece": Door("POST", f"{AID_FILES}/{{aid_coming}}/pieces", form=a_piece),
    "legal_aid_cases.download_aid_file": get(f"{AID_FILES}/{{aid_file}}"),
    "legal_aid_cases.remove_aid_file": Door("DELETE", f"{AID_FILES}/{{aid_removable}}"),
    "legal_aid_cases.object_to_refusal": post(
        f"{AID}/{{aid_refused}}/objection", json=lambda _: {"words": "我在那里上班"}
    ),
    "staff_legal_aid.show_desk": get("~/staff/legal-aid/desk", who.LEGAL),
    "staff_legal_aid.list_cases": get(f"{AID_DESK}?per_page=100", who.LEGAL),
    "staff_legal_aid.export_cases": get(f"{AID_DESK}.xlsx", who.LEGAL),
    "staff_legal_aid.search_cases": post(
        f"{AID_DESK}/search",
        who.LEGAL,
        lambda scene: {
            "id_number": scene.marks["id_number"],
            "phone": None,
            "employer": None,
            "page": 1,
            "per_page": 20,
        },
    ),
    "staff_legal_aid.enter_case": post(AID_DESK, who.LEGAL, an_oral_application),
    "staff_legal_aid.get_case": get(OF_AID_CASE, who.LEGAL),
    "staff_legal_aid.list_duplicates": get(f"{OF_AID_CASE}/duplicates", who.LEGAL),
    "staff_legal_aid.merge_case": post(
        f"{AID_DESK}/{{aid_reviewing}}/merge",
        who.LEGAL,
        lambda scene: {"version": scene.versions["aid_reviewing"], "into_id": str(scene.ids["aid_case"])},
    ),
    "staff_legal_aid.lock_case": post(f"{OF_AID_CASE}/lock", who.LEGAL),
    "staff_legal_aid.unlock_case": post(f"{OF_AID_CASE}/unlock", who.LEGAL),
    "staff_legal_aid.take_case": post(f"{OF_AID_CASE}/take", who.LEGAL, versioned("aid_case")),
    "staff_legal_aid.tell_missing": post(
        f"{OF_AID_CASE}/missing", who.LEGAL, versioned("aid_case", papers=["wages"], note="三个月的")
    ),
    "staff_legal_aid.grant_aid": post(
        f"{AID_DESK}/{{aid_reviewing}}/grant", who.LEGAL, versioned("aid_reviewing", **DECIDED)
    ),
    "staff_legal_aid.grant_aid_first": post(
        f"{OF_AID_CASE}/grant-first", who.LEGAL, versioned("aid_case", reason="老板要跑")
    ),
    "staff_legal_aid.refuse_aid": post(
        f"{AID_DESK}/{{aid_reviewing}}/refuse", who.LEGAL, versioned("aid_reviewing", **DECIDED)
    ),
    "staff_legal_aid.hand_to_state": post(f"{OF_AID_CASE}/hand-to-state", who.LEGAL, versioned("aid_case")),
    "staff_legal_aid.answer_objection": post(
        f"{AID_DESK}/{{aid_objecting}}/objection",
        who.UPPER_LEGAL,
        versioned("aid_objecting", is_upheld=False, **DECIDED),
    ),
    "staff_legal_aid.list_candidates": get(f"{AID_DESK}/{{aid_granted}}/candidates", who.LEGAL),
    "staff_legal_aid.assign_case": post(
        f"{AID_DESK}/{{aid_granted}}/assign",
        who.LEGAL,
        lambda scene: {
            "version": scene.versions["aid_granted"],
            "handler_id": scene.people[who.LAWYER],
            "supervisor_id": None,
        },
    ),
    "staff_legal_aid.begin_work": post(f"{AID_DESK}/{{aid_assigned}}/begin", who.LAWYER),
    "staff_legal_aid.recuse_from_case": post(f"{OF_AID_CASE}/recuse", who.LEGAL),
    "staff_legal_aid.terminate_aid": post(
        f"{AID_DESK}/{{aid_assigned}}/terminate", who.LAWYER, versioned("aid_assigned", **DECIDED)
    ),
    "legal_aid_work.list_my_aid_messages": get(f"{AID}/{{aid_working}}/messages"),
    "legal_aid_work.write_aid_message": post(
        f"{AID}/{{aid_working}}/messages", json=lambda _: {"words": "工资条找到了"}
    ),
    "legal_aid_work.rate_aid": post(f"{AID}/{{aid_lapsed}}/rating", json=lambda _: {"stars": 5, "words": "很好"}),
    "legal_aid_work.list_my_complaints": get(f"{AID}/{{aid_working}}/complaints"),
    "legal_aid_work.complain_about_aid": post(
        f"{AID}/{{aid_working}}/complaints", json=lambda _: {"words": "没有人联系我"}
    ),
    "staff_legal_aid_work.list_aid_messages": get(f"{OF_AID_WORKING}/messages", who.LAWYER),
    "staff_legal_aid_work.write_to_worker": post(
        f"{OF_AID_WORKING}/messages", who.LAWYER, lambda _: {"words": "请带工资条来"}
    ),
    "staff_legal_aid_work.set_hearing": post(
        f"{OF_AID_WORKING}/hearings",
        who.LAWYER,
        lambda scene: {"kind": "arbitration", "at": scene.at(days=20), "place": "仲裁院一庭"},
    ),
    "staff_legal_aid_work.hand_over_case": post(
        f"{OF_AID_WORKING}/hand-overs", who.LAWYER, lambda _: {"to": "inspection", "files": [], "note": "已电话说明"}
    ),
    "staff_legal_aid_work.close_case": post(
        f"{OF_AID_WORKING}/close",
        who.LAWYER,
        versioned("aid_working", outcome="settled", amount_fen=900000, note="当场付清"),
    ),
    "staff_legal_aid_covers.list_covers": get("~/staff/legal-aid/covers", who.LAWYER),
    "staff_legal_aid_covers.list_cover_candidates": get("~/staff/legal-aid/covers/candidates", who.LAWYER),
    "staff_legal_aid_covers.enter_cover": post(
        "~/staff/legal-aid/covers",
        who.LAWYER,
        lambda scene: {
            "absent_id": scene.people[who.LAWYER],
            "cover_id": scene.people[who.UPPER_LEGAL],
            "starts_on": scene.at(days=40)[:10],
            "ends_on": scene.at(days=42)[:10],
        },
    ),
    "staff_legal_aid_covers.end_cover": post("~/staff/legal-aid/covers/{aid_cover}/end", who.LAWYER),
    "staff_legal_aid_tasks.list_my_tasks": get("~/staff/legal-aid/tasks", who.LAWYER),
    "staff_legal_aid_tasks.list_case_tasks": get(f"{OF_AID_WORKING}/tasks", who.LAWYER),
    "staff_legal_aid_tasks.add_task": post(
        f"{OF_AID_WORKING}/tasks",
        who.LAWYER,
        lambda scene: {"words": "去仲裁院", "due_on": scene.at(days=3)[:10], "assignee_id": None},
    ),
    "staff_legal_aid_tasks.tick_off_task": post("~/staff/legal-aid/tasks/{aid_task}/done", who.LAWYER),
    "staff_legal_aid_tasks.reopen_task": post("~/staff/legal-aid/tasks/{aid_task_done}/reopen", who.LAWYER),
    "staff_legal_aid_work.list_complaints": get(f"{OF_AID_WORKING}/complaints", who.LEGAL),
    "staff_legal_aid_work.answer_complaint": post(
        "~/staff/legal-aid/complaints/{complaint}/answer", who.LEGAL, lambda _: {"words": "已更换承办人"}
    ),
    "consultation.list_my_consultations": get(CONSULTATIONS),
    "consultation.ask_lawyer": post(
        CONSULTATIONS, json=lambda _: {"matter": "wages", "county_code": None, "words": "老板欠薪"}
    ),
    "consultation.get_my_consultation": get(f"{CONSULTATIONS}/{{consultation}}"),
    "consultation.follow_up_consultation": post(
        f"{CONSULTATIONS}/{{consultation}}/follow-up", json=lambda _: {"words": "还有加班费"}
    ),
    "consultation.close_consultation": post(f"{CONSULTATIONS}/{{consultation}}/close"),
    "published_answers.search_published_answers": get("~/legal-aid/answers?q=qx"),
    "published_answers.get_published_answer": get("~/legal-aid/answers/{published_answer}"),
    "staff_consultation.list_consultations": get("~/staff/legal-aid/consultations?pressing=soon", who.LAWYER),
    "staff_consultation.get_consultation": get("~/staff/legal-aid/consultations/{consultation}", who.LAWYER),
    "staff_consultation.answer_consultation": post(
        "~/staff/legal-aid/consultations/{consultation}/answer", who.LAWYER, lambda _: {"words": "可以仲裁"}
    ),
    "staff_consultation.list_published_of_consultation": get(
        "~/staff/legal-aid/consultations/{consultation_published}/answers", who.LAWYER
    ),
    "staff_consultation.publish_answer": post(
        "~/staff/legal-aid/consultations/{consultation_answered}/answers",
        who.LAWYER,
        lambda _: {"title": "被欠薪怎么办", "question": "某职工被欠薪。", "answer": "可以申请劳动仲裁。"},
    ),
    "staff_consultation.withdraw_published_answer": post(
        "~/staff/legal-aid/answers/{published_answer}/withdraw", who.LAWYER
    ),
    "supervision.list_my_tips": get(TIPS),
    "supervision.give_tip": post(TIPS, json=a_tip),
    "supervision.follow_my_tip": get(f"{TIPS}/{{tip}}"),
    "supervision.answer_about_tip": post(f"{TIPS}/{{tip_asked}}/answer", json=lambda _: {"words": "十二个"}),
    "anonymous_tips.give_anonymous_tip": post("~/labour-tips", json=a_tip),
    "anonymous_tips.claim_tip": post("~/labour-tips/claim", json=by_claim_code),
    "anonymous_tips.answer_claimed_tip": post(
        "~/labour-tips/claim/answer", json=lambda scene: by_claim_code(scene) | {"words": "十二个"}
    ),
    "staff_supervision.list_tips": get(f"{TIP_DESK}?is_open=true&per_page=100", who.SUPERVISOR),
    "staff_supervision.get_tip": get(f"{TIP_DESK}/{{tip}}", who.SUPERVISOR),
    "staff_supervision.check_tip": post(f"{TIP_DESK}/{{tip}}/check", who.SUPERVISOR, lambda _: {"version": 1}),
    "staff_supervision.ask_tipper": post(f"{TIP_DESK}/{{tip}}/ask", who.SUPERVISOR, lambda _: {"words": "几个人？"}),
    "staff_supervision.list_checkers": get(f"{TIP_DESK}/{{tip}}/checkers", who.SUPERVISOR),
    "staff_supervision.record_site_check": post(
        f"{TIP_DESK}/{{tip_checking}}/site-checks",
        who.SUPERVISOR,
        lambda scene: {
            "checked_on": clock.today().isoformat(),
            "is_card_shown": True,
            "found": "十二人未发工资",
            "checker_ids": [scene.people[who.SUPERVISOR], scene.people[who.SECOND_SUPERVISOR]],
        },
    ),
    "staff_supervision.issue_letter": post(
        f"{TIP_DESK}/{{tip_checking}}/letters",
        who.SUPERVISOR,
        lambda _: {
            "version": 2,
            "kind": "hint",
            "addressee": "思茅某茶厂",
            "facts": "拖欠工资",
            "ground": "工会法第二十三条",
            "demands": "补发工资",
        },
    ),
    "staff_supervision.enter_letter_reply": post(
        f"{TIP_DESK}/letters/{{labour_letter}}/reply",
        who.SUPERVISOR,
        lambda _: {"replied_on": clock.today().isoformat(), "words": "已补发"},
    ),
    "staff_supervision.close_tip": post(
        f"{TIP_DESK}/{{tip_checking}}/close",
        who.SUPERVISOR,
        lambda _: {"version": 2, "outcome": "rectified", "words": "已补发"},
    ),
    "staff_supervision.dismiss_tip": post(
        f"{TIP_DESK}/{{tip}}/dismiss", who.SUPERVISOR, lambda _: {"version": 1, "words": "查无此事"}
    ),
    "staff_supervision.hand_over_tip": post(
        f"{TIP_DESK}/{{tip}}/hand-over", who.SUPERVISOR, lambda _: {"version": 1, "words": "移交劳动监察"}
    ),
    "legal_aid_documents.make_my_document": post(
        f"{AID}/{{aid_case}}/documents", json=lambda _: {"kind": "arbitration_request"}
    ),
    "staff_documents.make_case_document": post(
        f"{OF_AID_CASE}/documents", who.LEGAL, lambda _: {"kind": "authorisation"}
    ),
    "staff_documents.download_letter": get(f"{TIP_DESK}/letters/{{labour_letter}}/document", who.SUPERVISOR),
    "staff_legal_aid_statistics.download_legal_aid_statistics": get(
        "~/staff/legal-aid/statistics.xlsx?month=2026-01-01", who.LEGAL
    ),
    "staff_legal_aid_settings.get_aid_settings": get(AID_SETTINGS, who.LEGAL),
    "staff_legal_aid_settings.change_aid_settings": put(
        AID_SETTINGS, who.LEGAL, lambda _: {"supplement": "pauses", "union_body": None, "state_body": "思茅区司法局"}
    ),
    "staff_legal_aid_settings.settle_escalation": put(f"{AID_SETTINGS}/escalation", who.LEGAL, lambda _: {"days": 3}),
    "staff_legal_aid_settings.settle_clock": put(
        f"{AID_SETTINGS}/clocks/union_decision",
        who.LEGAL,
        lambda _: {"length": 5, "unit": "workday", "source": "区总工会规定"},
    ),
    "staff_holidays.list_holidays": get("~/staff/holidays", who.LEGAL),
    "staff_holidays.enter_holidays": put("~/staff/holidays/2027", who.ADMINISTRATOR, holidays),
    "attendance.check_in_lesson": post("~/training/attendance", json=a_check_in),
    "attendance.list_my_training": get("~/me/training"),
    "staff_attendance.show_code": get(f"{OF_LESSON}/code", who.TRAINER),
    "staff_attendance.show_code_picture": get(f"{OF_LESSON}/code.svg", who.TRAINER),
    "staff_attendance.get_code_key": get(f"{OF_LESSON}/code-key", who.TRAINER),
    "staff_attendance.set_lesson_place": put(
        f"{OF_LESSON}/place", who.TRAINER, lambda _: {"lat": 22.7873, "lng": 100.9772}
    ),
    "staff_attendance.get_lesson_roster": get(f"{OF_LESSON}/roster", who.TRAINER),
    "staff_attendance.record_attendance": put(f"{OF_LESSON}/attendance", who.TRAINER, marks),
    "staff_attendance.confirm_attendance": post(
        f"{OF_LESSON}/attendance/confirm", who.TRAINER, lambda scene: {"worker_ids": [scene.ids["person"]]}
    ),
    "staff_attendance.seal_sheet": post(f"{OF_LESSON}/seal", who.TRAINER, lambda _: {"confirm": True}),
    "staff_attendance.correct_mark": put(
        f"{OF_LESSON}/marks/{{person}}", who.TRAINING, lambda _: {"state": "late", "reason": "老师漏记"}
    ),
    "staff_attendance.get_mark": get(f"{OF_LESSON}/marks/{{person}}", who.TRAINER),
    "staff_attendance.export_sheet": get(f"{OF_LESSON}/sheet.xlsx", who.TRAINER),
    "staff_attendance.print_sheet": get(f"{OF_LESSON}/sheet.pdf", who.TRAINER),
    "staff_attendance.export_class_attendance": get(f"{CLASSES}/{{running}}/attendance.xlsx", who.TRAINER),
    "staff_attendance.print_class_attendance": get(f"{CLASSES}/{{running}}/attendance.pdf", who.TRAINER),
}
"""Endpoint -> the request. The sign-ins come with empty forms: that they answer 422 shows that the door is open."""
