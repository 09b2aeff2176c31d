"""What legal aid refuses, in words for the person."""

from service.core.errors import Conflict, Forbidden, Invalid, NotFound


class TriageUnfinished(Invalid):
    """An answer is wrong or missing; `details` names the question."""

    code = "legal_aid.triage_unfinished"
    message = "还有问题没答完，请接着回答"


class CaseUnknown(NotFound):
    """No such case, or the actor may not know of it."""

    code = "legal_aid.unknown"
    message = "没有找到这个案件"


class CaseSealed(Forbidden):
    """The actor sees the case in lists, but what is in it is for its own people alone."""

    code = "legal_aid.sealed"
    message = "案件内容只有承办人、督办人和职工本人能看"
    next_step = "需要了解情况，请联系承办人"


class Stale(Conflict):
    """Someone else changed it since it was read; `details.version` is the present one."""

    code = "legal_aid.stale"
    message = "内容已被别人改过，请刷新后再改"


class ClockFixed(Conflict):
    """There is no such clock, or the law has fixed it."""

    code = "legal_aid.clock_fixed"
    message = "这个时限是法律规定的，不能改"


class NoOffice(Conflict):
    """No union keeps an office of legal aid: the tree is not planted."""

    code = "legal_aid.no_office"
    message = "还没有工会开办法律援助"
    next_step = "请打12351"


class CaseLocked(Conflict):
    """Somebody else is writing on it; `details.until` says how long at most."""

    code = "legal_aid.locked"
    message = "有人正在办理这个案件，请稍后再试"
    next_step = "等对方保存，或者等几分钟"


class FormInvalid(Invalid):
    """The form is not complete, or something in it cannot be right; `details` names the fields."""

    code = "legal_aid.form_invalid"
    message = "申请表还有没填好的地方"


class MeansUnshown(Invalid):
    """Hardship has to be shown, and neither a pledge was given nor proof added."""

    code = "legal_aid.means_unshown"
    message = "要说明经济困难：写个人诚信承诺，或者上传证明"


class ConsentNeeded(Forbidden):
    """Something in the form is sensitive, and its separate consent is not in force; `details.purpose` says which."""

    code = "legal_aid.consent_needed"
    message = "这部分内容要先得到您的单独同意"
    next_step = "请先同意相应的授权，不同意可以不填"


class ToldAlready(Conflict):
    """Everything missing was told once, and there is no second time."""

    code = "legal_aid.told_already"
    message = "已经一次性告知过，不能再次要求补正"
    next_step = "请按现有材料决定，或者先行提供援助"


class ReasonMissing(Invalid):
    """Such a decision needs its article and its reason."""

    code = "legal_aid.reason_missing"
    message = "请写明依据的条款和理由"


class NotUrgent(Conflict):
    """No limitation lapses within seven days, and nothing was said why it is urgent."""

    code = "legal_aid.not_urgent"
    message = "时效还有7天以上，请写明为什么要先行提供"


class ObjectedAlready(Conflict):
    """This refusal was objected to before."""

    code = "legal_aid.objected_already"
    message = "对这个决定已经提过异议"


class HandlerUnknown(NotFound):
    """No such member of staff, or not of this office."""

    code = "legal_aid.handler_unknown"
    message = "没有找到这位承办人，或者不归本级工会"


class HandlerBarred(Conflict):
    """That person has to do with the employer or the worker of the case."""

    code = "legal_aid.handler_barred"
    message = "这位同事与案件有利害关系，须回避"
    next_step = "请另选承办人"


class DuplicateWrong(Conflict):
    """The other case is not one of the same worker, or has itself been merged."""

    code = "legal_aid.duplicate_wrong"
    message = "只能与同一位职工的另一个案件合并"


class RatedAlready(Conflict):
    """The service was rated before."""

    code = "legal_aid.rated_already"
    message = "您已经评价过了"


class ComplaintUnknown(NotFound):
    """No such complaint, or the actor may not know of it."""

    code = "legal_aid.complaint_unknown"
    message = "没有找到这个投诉"


class CoverOverlaps(Conflict):
    """In these days one of the two is absent or covered for already."""

    code = "legal_aid.cover_overlaps"
    message = "这几天已有代办安排，不能重叠"
    next_step = "请改日期，或者先提前结束原来的安排"


class CoverUnknown(NotFound):
    """No such cover, or the actor may not know of it."""

    code = "legal_aid.cover_unknown"
    message = "没有找到这个代办安排"


class TaskUnknown(NotFound):
    """No such task, or the actor may not know of it."""

    code = "legal_aid.task_unknown"
    message = "没有找到这个办理事项"
