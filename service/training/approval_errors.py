"""Refusals where a second person has to look at a class before it is published."""

from service.core.errors import Conflict, Forbidden


class ApprovalNeeded(Conflict):
    """The class's union, or one above it, demands a second person: it is handed in, not published."""

    code = "training.approval_needed"
    message = "本级工会要求先审批再发布"
    next_step = "请提交审批，由另一位同事批准"


class NotSubmitted(Conflict):
    """Nothing waits to be decided: it was never handed in, or somebody was faster."""

    code = "training.not_submitted"
    message = "这个班次没有待审批的内容"


class OwnClass(Forbidden):
    """Who wrote on the class, or handed it in, does not decide about it."""

    code = "training.own_class"
    message = "自己编写或提交的班次不能自己审批"
    next_step = "请由另一位同事审批"
