"""The subscribe templates of the sandbox's account: what sandbox and settings of a development machine must agree on.

Titles and keys are as published for other accounts; those of a real account are read from it (`subscribe.templates`).
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SandboxTemplate:
    """`fields` is {key: label}; `enums` the values an enum may have."""

    title: str
    fields: Mapping[str, str]
    is_long_term: bool = False
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def template_id(self) -> str:
        """43 characters, always the same."""
        return base64.urlsafe_b64encode(hashlib.sha256(f"template|{self.title}".encode()).digest()).decode()[:43]


BOOKING_RESULT = SandboxTemplate("报名结果通知", {"thing1": "报名活动", "thing2": "报名结果"})
BOOKING_DONE = SandboxTemplate(
    "报名成功通知",
    {"thing2": "活动名称", "name1": "姓名", "thing5": "地址", "date4": "活动时间", "thing3": "活动场馆"},
)
START_REMINDER = SandboxTemplate(
    "活动开始提醒", {"thing10": "活动", "time12": "开始时间", "time13": "结束时间", "thing6": "地址"}
)
PROGRESS = SandboxTemplate(
    "业务办理进度提醒",
    {"time1": "申请时间", "thing2": "渠道", "thing3": "业务", "thing4": "进度", "thing5": "备注"},
    is_long_term=True,
)
EXAM = SandboxTemplate("考试报名成功通知", {"thing3": "考试名称", "time4": "考试时间", "thing6": "考试地点"})
REVIEW = SandboxTemplate(
    "审核结果通知",
    {"phrase1": "审核结果", "thing2": "事项", "enum3": "办理方式"},
    enums={"enum3": ("线上", "线下")},
)
ANNOUNCEMENT = SandboxTemplate("工会通知提醒", {"thing1": "通知类型", "time2": "通知时间", "thing3": "温馨提示"})

SANDBOX_TEMPLATES: Mapping[str, SandboxTemplate] = {
    each.template_id: each
    for each in (BOOKING_RESULT, BOOKING_DONE, START_REMINDER, PROGRESS, EXAM, REVIEW, ANNOUNCEMENT)
}
