"""Refusals to administrators."""

from service.core.errors import Conflict, Forbidden, Invalid


class RoleImplied(Invalid):
    """Nobody is made a worker or a member by a grant."""

    code = "identity.role_implied"
    message = "这个角色不能授予"


class DutiesConflict(Conflict):
    """The person holds a role that is kept apart from the one wanted; `details.held` names it."""

    code = "identity.duties_conflict"
    message = "该角色与此人已有的角色不能兼任"
    next_step = "请先收回冲突的角色，或授予其他人"


class OwnAccount(Forbidden):
    """Administrators do nothing to their own account and roles."""

    code = "identity.own_account"
    message = "不能给自己办理"
    next_step = "请由其他管理员办理"


class BeyondScope(Forbidden):
    """The account's holder has roles beyond the actor's scope."""

    code = "identity.beyond_scope"
    message = "此人还有您管理范围以外的角色"
    next_step = "请由上级管理员办理"
