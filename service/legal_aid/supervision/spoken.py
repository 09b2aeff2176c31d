"""The words of labour-law supervision on screen."""

from service.legal_aid.supervision.enums import LetterKind, TipOutcome, TipState, TipStep

STATES: dict[TipState, str] = {
    TipState.RECEIVED: "收到",
    TipState.CHECKING: "核查",
    TipState.HINTED: "提示函",
    TipState.OPINED: "意见书",
    TipState.ADVISED: "建议书",
    TipState.CLOSED: "结案",
    TipState.UNFOUNDED: "不属实",
    TipState.HANDED_OVER: "移交",
}
LETTERS: dict[LetterKind, str] = {
    LetterKind.HINT: "提示函",
    LetterKind.OPINION: "意见书",
    LetterKind.ADVICE: "建议书",
}
OUTCOMES: dict[TipOutcome, str] = {
    TipOutcome.RECTIFIED: "已整改",
    TipOutcome.PARTLY: "部分整改",
    TipOutcome.NOT_RECTIFIED: "未整改",
}
STEPS: dict[TipStep, str] = {
    TipStep.RECEIVE: "已收到您的线索",
    TipStep.CHECK: "开始核查",
    TipStep.ASK: "监督委员会有问题要问您",
    TipStep.ANSWER: "您回答了问题",
    TipStep.SITE_CHECK: "已到现场核查",
    TipStep.HINT: "已向单位发出提示函",
    TipStep.OPINION: "已向单位发出意见书",
    TipStep.ADVICE: "已向有关部门发出建议书",
    TipStep.REPLY: "收到回复",
    TipStep.CLOSE: "已结案",
    TipStep.DISMISS: "经核查不属实",
    TipStep.HAND_OVER: "已移交有关部门",
}
