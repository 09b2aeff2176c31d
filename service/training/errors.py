"""Refusals of training."""

from service.core.errors import Conflict, Invalid, NotFound


class ClassUnknown(NotFound):
    """No such class, a draft, or outside the actor's scope."""

    code = "training.unknown_class"
    message = "没有找到这个班次"


class CourseUnknown(NotFound):
    """No such course, or outside the actor's scope."""

    code = "training.unknown_course"
    message = "没有找到这门课程"


class Stale(Conflict):
    """Someone else changed it since it was read; `details.version` is the present one."""

    code = "training.stale"
    message = "内容已被别人改过，请刷新后再改"
    next_step = "刷新页面，核对后再提交"


class PlanInvalid(Invalid):
    """Times, places or audience do not fit together; `details` names the fields."""

    code = "training.plan_invalid"
    message = "班次安排有误，请按提示改正"


class FieldFixed(Conflict):
    """The field may no longer change in this state; `details` names each with the reason."""

    code = "training.field_fixed"
    message = "班次已发布，这些内容不能再改"
    next_step = "确需更改，请取消后复制一个新班次"


class CourseArchived(Conflict):
    """An archived course gets no new classes."""

    code = "training.course_archived"
    message = "课程已停用，不能再开新班"


class NotADraft(Conflict):
    """Only a draft can be thrown away; a published class is cancelled."""

    code = "training.not_a_draft"
    message = "班次已发布，不能删除"
    next_step = "可以取消班次并写明原因"


class WorkerOutOfScope(NotFound):
    """No such worker, or not a member of a union in the actor's scope."""

    code = "training.unknown_worker"
    message = "没有找到这位职工，或不归您的工会管理"
