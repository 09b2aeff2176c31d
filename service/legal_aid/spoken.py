"""The words of the field on screen: states, turns, papers, and the steps of a case in plain words for the worker."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.legal_aid.enums import CaseSource, CaseState, DecisionKind, Paper, StepKind, Turn

STATES: dict[CaseState, str] = {
    CaseState.DRAFT: "草稿",
    CaseState.SUBMITTED: "已提交",
    CaseState.SUPPLEMENTING: "补正中",
    CaseState.REVIEWING: "审查中",
    CaseState.GRANTED: "给予援助",
    CaseState.REFUSED: "不予援助",
    CaseState.OBJECTING: "异议审查",
    CaseState.LAPSED: "视为撤回",
    CaseState.WITHDRAWN: "已撤回",
    CaseState.ASSIGNED: "已指派",
    CaseState.WORKING: "办理中",
    CaseState.CLOSED: "办结",
    CaseState.TERMINATED: "终止",
    CaseState.MERGED: "已并案",
}
TURNS: dict[Turn, str] = {
    Turn.WORKER: "等您",
    Turn.OFFICE: "等援助窗口",
    Turn.HANDLER: "等承办人",
    Turn.OBJECTION_BODY: "等异议审查",
    Turn.NOBODY: "已结束",
}
OFFICE_TURNS: dict[Turn, str] = {
    Turn.WORKER: "职工",
    Turn.OFFICE: "援助窗口",
    Turn.HANDLER: "承办人",
    Turn.OBJECTION_BODY: "异议审查",
    Turn.NOBODY: "无",
}
SOURCES: dict[CaseSource, str] = {CaseSource.PHONE: "手机", CaseSource.ORAL: "口头", CaseSource.PAPER: "纸质"}
DECISIONS: dict[DecisionKind, str] = {
    DecisionKind.GRANT: "给予援助",
    DecisionKind.GRANT_FIRST: "先行提供援助",
    DecisionKind.REFUSE: "不予援助",
    DecisionKind.LAPSE: "视为撤回申请",
    DecisionKind.UPHOLD: "维持原决定",
    DecisionKind.CORRECT: "改为给予援助",
    DecisionKind.TERMINATE: "终止援助",
}
PAPERS: dict[Paper, str] = {
    Paper.ID_CARD: "身份证",
    Paper.HARDSHIP: "经济困难证明",
    Paper.CONTRACT: "劳动合同",
    Paper.WAGES: "工资凭证",
    Paper.ATTENDANCE: "考勤凭证",
    Paper.WORK_PROOF: "工作证明",
    Paper.INJURY: "受伤证明",
    Paper.MEDICAL: "病历和发票",
    Paper.INSURANCE: "社保记录",
    Paper.DISMISSAL: "离职材料",
    Paper.AWARD: "裁决书",
    Paper.CLAIMED: "主张过权利的证明",
    Paper.AUTHORISATION: "代表推举书",
    Paper.OTHER: "其他材料",
}
STEPS: dict[StepKind, str] = {
    StepKind.SUBMIT: "您的申请已收到",
    StepKind.TAKE: "工作人员开始审查",
    StepKind.TELL: "还缺材料，请在期限前补齐",
    StepKind.SUPPLEMENT: "材料已补齐，继续审查",
    StepKind.LAPSE: "没有按期补齐，视为撤回申请",
    StepKind.GRANT: "决定给予援助",
    StepKind.GRANT_FIRST: "时间紧，先给援助，材料随后补",
    StepKind.REFUSE: "决定不予援助，理由见决定书",
    StepKind.OBJECT: "您的异议已收到",
    StepKind.UPHOLD: "异议审查完毕，维持原决定",
    StepKind.CORRECT: "异议成立，改为给予援助",
    StepKind.ASSIGN: "已指派承办人",
    StepKind.BEGIN: "承办人已开始办理",
    StepKind.REASSIGN: "已更换承办人",
    StepKind.GIVE_BACK: "承办人回避，正在另行指派",
    StepKind.CLOSE: "案件办结",
    StepKind.TERMINATE: "援助终止，理由见决定书",
    StepKind.WITHDRAW: "您撤回了申请",
    StepKind.MERGE: "与您的另一个案件合并办理",
    StepKind.FILE: "收到一份材料",
    StepKind.MESSAGE: "有新留言",
    StepKind.TASK: "有新的办理事项",
    StepKind.HEARING: "安排了开庭或调解",
    StepKind.DOCUMENT: "出具了一份文书",
    StepKind.HAND_OVER: "已转交有关部门",
    StepKind.RESULT: "登记了办理结果",
    StepKind.RATE: "您评价了服务",
    StepKind.COMPLAIN: "您的投诉已收到",
    StepKind.ESCALATE: "已提醒上级督办",
    StepKind.COVER: "承办人不在，由同事代办",
    StepKind.ROUTE: "改由国家法律援助机构办理",
}


def step(kind: StepKind, details: Mapping[str, Any]) -> str:
    """The step in a sentence."""
    said = STEPS[kind]
    if kind is StepKind.FILE and details.get("paper"):
        return f"{said}：{PAPERS[Paper(details['paper'])]}"
    if kind is StepKind.TELL and details.get("due_on"):
        return f"还缺材料，请在{day(date.fromisoformat(details['due_on']))}前补齐"
    if kind is StepKind.COVER and details.get("from"):
        starts_on, ends_on = (day(date.fromisoformat(details[name])) for name in ("from", "until"))
        return f"{starts_on}到{ends_on}承办人不在，由同事代办"
    return said


def day(at: date) -> str:
    """`2026年12月1日`."""
    return f"{at.year}年{at.month}月{at.day}日"
