"""Where something is held about a person: every table with a person in it, once, in one list.

The copy a person may ask for, the summary on her own page and the erasing all go by this list, and a test fails for a
table that names a person and is not in it (docs/rules.md `privacy.copy`, `privacy.closure`).
"""

from service.identity.labels import ROLES
from service.identity.purposes import PURPOSES
from service.organisations.labels import INDUSTRIES, WORKER_CATEGORIES
from service.overview.holding_kinds import Category, Erasure, Holding, Shown, words
from service.overview.legal_aid_holdings import LEGAL_AID
from service.skills.enums import LEVEL_NAMES
from service.training.labels import SAID

__all__ = ["DEEDS", "HOLDINGS", "Category", "Erasure", "Holding", "Shown"]

YES_NO = {"True": "是", "False": "否"}
BOOKING_STATES = {
    "booked": "已报名", "waitlisted": "候补中", "offered": "待确认", "cancelled": "已取消", "declined": "已放弃",
    "expired": "逾期未确认", "passed_over": "不符合条件", "removed": "已移除", "lapsed": "候补已截止",
    "withdrawn": "班次已取消", "accepted": "已确认",
}  # fmt: skip
REQUEST_STATES = {
    "preparing": "准备中", "ready": "可下载", "expired": "已过期", "open": "处理中", "accepted": "已更正",
    "refused": "未采纳", "waiting": "待注销", "withdrawn": "已撤回", "done": "已注销",
}  # fmt: skip
CASE_KINDS = {
    "bound_elsewhere": "身份已绑定别的微信", "new_phone": "手机号换了", "lost_account": "原来的微信不能用了",
    "not_listed": "名册上没有",
}  # fmt: skip
CASE_STATES = {"open": "处理中", "moved": "已改绑", "refused": "未采纳"}
FIELDS_SAID = {
    "name": "姓名", "id_number": "身份证号", "employer": "工作单位", "membership": "会籍", "training": "培训记录",
    "other": "其他",
}  # fmt: skip
CHANNELS = {"wechat": "微信", "phone": "手机验证码", "wechat_h5": "微信网页", "staff": "工作账号"}
CLASS = Shown("班次", leads_to=("training_classes", "title"))

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "people", "基本信息", Category.IDENTITY, "account", ("id",),
        {
            "name": Shown("姓名"), "id_number_sealed": Shown("身份证号"), "phone_sealed": Shown("手机号"),
            "is_verified": Shown("已实名", YES_NO), "employer_id": Shown("工作单位", leads_to=("employers", "name")),
            "occupation_code": Shown("职业代码"), "industry": Shown("产业", words(INDUSTRIES)),
            "worker_category": Shown("职工类别", words(WORKER_CATEGORIES)), "created_at": Shown("登记时间"),
        },
        Erasure.BY_HAND,
    ),
    Holding(
        "wechat_identities", "微信身份", Category.SIGN_IN, "account",
        shown={"openid": Shown("微信标识"), "created_at": Shown("绑定时间")}, erasure=Erasure.ERASE,
    ),
    Holding(
        "accounts", "工作账号", Category.SIGN_IN, "account",
        shown={"login": Shown("账号名"), "is_disabled": Shown("已停用", YES_NO)},
        erasure=Erasure.BY_HAND,
    ),
    Holding(
        "role_grants", "管理权限", Category.WORK, "account",
        shown={
            "role": Shown("角色", words(ROLES)), "node_id": Shown("工会", leads_to=("union_nodes", "name")),
            "granted_at": Shown("授予时间"),
        },
        erasure=Erasure.ERASE,
    ),
    Holding(
        "sign_ins", "登录记录", Category.SIGN_IN, "sign_ins",
        shown={"channel": Shown("方式", CHANNELS), "created_at": Shown("登录时间"), "revoked_at": Shown("退出时间")},
        erasure=Erasure.ERASE,
    ),
    Holding("stored_answers", "重复提交的答复", Category.SIGN_IN, "answers", erasure=Erasure.ERASE),
    Holding(
        "phone_codes", "短信验证码", Category.SIGN_IN, "phone_codes",
        shown={"created_at": Shown("发送时间"), "used_at": Shown("使用时间")}, erasure=Erasure.ERASE,
    ),
    Holding(
        "binding_cases", "身份认证申诉", Category.IDENTITY, "requests", ("claimant_id", "subject_id"),
        {"kind": Shown("种类", CASE_KINDS), "state": Shown("状态", CASE_STATES), "created_at": Shown("提出时间"),
         "decided_at": Shown("处理时间")},
        Erasure.BLANK, ("name_sealed", "id_number_sealed", "phone_sealed", "note_sealed"),
    ),
    Holding(
        "memberships", "会籍", Category.MEMBERSHIP, "archive",
        shown={
            "node_id": Shown("工会", leads_to=("union_nodes", "name")),
            "state": Shown("状态", {"active": "在会", "ended": "已结束"}),
            "joined_on": Shown("入会日期"), "ended_at": Shown("结束时间"),
        },
    ),
    Holding(
        "bookings", "报名", Category.TRAINING, "archive",
        shown={
            "offering_id": Shown("班次", leads_to=("offerings", "title")), "state": Shown("状态", BOOKING_STATES),
            "booked_at": Shown("报名时间"), "sequence": Shown("顺序号"), "reason": Shown("说明"),
        },
        erasure=Erasure.BLANK, blanked=("reason", "key", "body_hash"),
    ),
    Holding(
        "booking_events", "报名凭证", Category.TRAINING, "archive",
        shown={
            "offering_id": Shown("班次", leads_to=("offerings", "title")), "sequence": Shown("顺序号"),
            "kind": Shown("事项", BOOKING_STATES), "at": Shown("时间"), "hash": Shown("凭证码"),
        },
    ),
    Holding(
        "marks", "考勤", Category.TRAINING, "archive",
        shown={
            "lesson_id": Shown("课次", leads_to=("lessons", "title")), "state": Shown("考勤", words(SAID)),
            "at": Shown("记录时间"), "arrived_at": Shown("签到时间"), "left_at": Shown("离开时间"),
            "confidence": Shown("可信度"),
        },
        erasure=Erasure.BLANK, blanked=("device_index",),
    ),
    Holding(
        "completions", "结业", Category.TRAINING, "archive",
        shown={
            "class_id": CLASS, "hours_planned": Shown("应到课时"), "hours_attended": Shown("实到课时"),
            "is_completed": Shown("结业", YES_NO), "computed_at": Shown("核定时间"),
        },
    ),
    Holding(
        "skill_certificates", "技能证书", Category.SKILLS, "account",
        shown={
            "occupation_code": Shown("职业代码"), "level": Shown("等级", LEVEL_NAMES),
            "number": Shown("证书编号"), "issued_on": Shown("发证日期"), "entered_at": Shown("填写时间"),
            "confirmed_at": Shown("核验时间"),
        },
        erasure=Erasure.ERASE,
    ),
    Holding(
        "consents", "授权", Category.CONSENT, "consents",
        shown={
            "purpose": Shown("用途", {each.code: each.title for each in PURPOSES.values()}),
            "version": Shown("版本"), "given_at": Shown("同意时间"), "withdrawn_at": Shown("撤回时间"),
        },
    ),
    Holding(
        "consent_decisions", "授权记录", Category.CONSENT, "consents",
        shown={
            "purpose": Shown("用途", {each.code: each.title for each in PURPOSES.values()}),
            "version": Shown("版本"), "is_given": Shown("同意", YES_NO), "decided_at": Shown("时间"),
        },
    ),
    Holding(
        "inbox_messages", "消息", Category.MESSAGES, "inbox",
        shown={"title": Shown("标题"), "body": Shown("内容"), "created_at": Shown("时间"), "read_at": Shown("已读")},
        erasure=Erasure.ERASE,
    ),
    Holding(
        "subscription_credits", "微信提醒授权", Category.CONSENT, "account",
        shown={"template_id": Shown("模板编号"), "changed_at": Shown("时间")}, erasure=Erasure.ERASE,
    ),
    Holding(
        "data_copies", "副本申请", Category.REQUESTS, "requests",
        shown={"state": Shown("状态", REQUEST_STATES), "requested_at": Shown("申请时间")},
    ),
    Holding(
        "data_corrections", "更正申请", Category.REQUESTS, "requests",
        shown={
            "field": Shown("项目", FIELDS_SAID), "wanted_sealed": Shown("应为"), "note_sealed": Shown("说明"),
            "state": Shown("状态", REQUEST_STATES), "requested_at": Shown("申请时间"), "reason": Shown("处理意见"),
        },
        erasure=Erasure.BLANK, blanked=("wanted_sealed", "note_sealed", "reason"),
    ),
    Holding(
        "account_closures", "注销申请", Category.REQUESTS, "requests",
        shown={"state": Shown("状态", REQUEST_STATES), "requested_at": Shown("申请时间"), "due_at": Shown("注销时间")},
    ),
    Holding(
        "audit_subjects", "查看记录", Category.REQUESTS, "security_log",
        shown={"entry_id": Shown("时间", leads_to=("audit_entries", "at"))},
    ),
    *LEGAL_AID,
    Holding(
        "class_trainers", "授课安排", Category.WORK, "archive",
        shown={"class_id": CLASS, "role": Shown("身份", {"main": "主讲", "co_trainer": "助教", "substitute": "代课"})},
    ),
)  # fmt: skip
"""In the order in which the copy shows them. `stored_answers` and the like are told by their number alone."""

DEEDS: frozenset[tuple[str, str]] = frozenset(
    {
        ("audit_entries", "actor_id"), ("bookings", "booked_by"), ("booking_events", "actor_id"),
        ("skill_certificates", "confirmed_by"), ("lessons", "sealed_by"), ("marks", "recorded_by"),
        ("marks", "confirmed_by"), ("mark_corrections", "corrected_by"), ("attendance_batch_items", "recorded_by"),
        ("lesson_places", "set_by"), ("imports", "uploaded_by"), ("binding_cases", "decided_by"),
        ("data_corrections", "decided_by"), ("class_authors", "person_id"), ("class_approvals", "submitted_by"),
        ("class_approvals", "decided_by"), ("announcements", "created_by"), ("announcements", "changed_by"),
        ("announcements", "approved_by"), ("calendar_years", "entered_by"), ("aid_cases", "recorded_by"),
        ("aid_cases", "handler_id"), ("aid_cases", "supervisor_id"), ("aid_cases", "locked_by"),
        ("aid_recusals", "person_id"), ("aid_events", "actor_id"), ("aid_decisions", "decided_by"),
        ("aid_notices", "told_by"), ("aid_objections", "decided_by"), ("aid_assignments", "handler_id"),
        ("aid_assignments", "assigned_by"), ("aid_files", "uploaded_by"), ("aid_messages", "sender_id"),
        ("aid_hearings", "entered_by"), ("aid_hand_overs", "sent_by"), ("aid_results", "closed_by"),
        ("aid_complaints", "answered_by"), ("consultations", "lawyer_id"), ("consultation_entries", "lawyer_id"),
        ("published_answers", "published_by"), ("published_answers", "withdrawn_by"),
        ("labour_tip_entries", "actor_id"), ("labour_letters", "issued_by"), ("labour_site_checks", "recorded_by"),
        ("labour_site_checkers", "checker_id"), ("aid_tasks", "assignee_id"), ("aid_tasks", "added_by"),
        ("aid_tasks", "done_by"), ("aid_covers", "absent_id"), ("aid_covers", "cover_id"),
        ("aid_covers", "entered_by"), ("aid_covers", "ended_by"),
    }
)  # fmt: skip
"""Columns that say who did something to somebody else's or a class's record: told as a number, kept as ids."""
