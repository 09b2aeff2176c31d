"""Refusals of the desk for disputed bindings."""

from service.core.errors import Conflict, Forbidden, NotFound


class DisputeOpen(Conflict):
    """The person asking has a case open already; `details.id` names it."""

    code = "identity.dispute_open"
    message = "您的申诉正在处理，请等工会答复"


class CaseUnknown(NotFound):
    """No such case, or outside the actor's scope."""

    code = "identity.case_unknown"
    message = "没有找到这件申诉"


class CaseDecided(Conflict):
    """The case was decided already, or what it is about has changed meanwhile."""

    code = "identity.case_decided"
    message = "这件申诉已经处理过了"


class OwnCase(Forbidden):
    """The case is about the staff member herself: somebody else decides."""

    code = "identity.own_case"
    message = "涉及您本人，请由其他同事处理"
