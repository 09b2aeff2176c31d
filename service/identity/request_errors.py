"""Refusals about one's own data."""

from service.core.errors import Conflict, Forbidden, Invalid, NotFound


class CopyRunning(Conflict):
    """A copy is being prepared already."""

    code = "my_data.copy_running"
    message = "上一份副本还在准备，请稍等"


class CopyUnknown(NotFound):
    """No such copy of this person's, or it is gone again."""

    code = "my_data.copy_unknown"
    message = "没有这份副本，或已过期"
    next_step = "可以重新申请一份"


class CopyNotReady(Conflict):
    """The copy is still being prepared."""

    code = "my_data.copy_not_ready"
    message = "副本还在准备，好了会通知您"


class CorrectionOpen(Conflict):
    """The same thing is already waiting for a decision."""

    code = "my_data.correction_open"
    message = "这一项已申请更正，正在处理"


class CorrectionUnknown(NotFound):
    """No such wish for correction in the actor's scope."""

    code = "my_data.correction_unknown"
    message = "没有找到这个更正申请"


class CorrectionDecided(Conflict):
    """It was decided before, the other way."""

    code = "my_data.correction_decided"
    message = "这个更正申请已经处理过"


class IdNumberTaken(Conflict):
    """Another person has this ID number: two records of one human being, or a mistake."""

    code = "my_data.id_number_taken"
    message = "该身份证号已登记在另一人名下"
    next_step = "请核对是否重复登记"


class HoldsRoles(Conflict):
    """Staff cannot close their account while they hold roles or a staff account."""

    code = "my_data.holds_roles"
    message = "您还有管理权限或工作账号，暂不能注销"
    next_step = "请先联系上级工会管理员收回权限"


class ClosureUnknown(NotFound):
    """No end of the account is waiting."""

    code = "my_data.closure_unknown"
    message = "没有待办的注销申请"


class KeptByUnion(Invalid):
    """What decides which classes are open to a person is not hers to change; `details` names the fields."""

    code = "identity.kept_by_union"
    message = "这一项由工会登记，不能自己改"
    next_step = "登记有误，请到“我的资料”申请更正，由工会核实后更改"


class OwnWork(Forbidden):
    """Staff do not change what is registered about their own work."""

    code = "identity.own_work"
    message = "不能更改本人的登记信息"
    next_step = "请由其他同事办理"
