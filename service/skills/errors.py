"""Refusals of skill certificates."""

from service.core.errors import Conflict, Invalid, NotFound


class CertificateUnknown(NotFound):
    """No such certificate, or it is not the actor's, or its holder lies outside the actor's scope."""

    code = "skills.certificate_unknown"
    message = "没有找到这本证书"


class CertificateWrong(Invalid):
    """Number, level, occupation or date cannot be right; `details` names the field."""

    code = "skills.certificate_wrong"
    message = "证书信息有误，请对照证书核对"


class CertificateEntered(Conflict):
    """The actor has entered this number already."""

    code = "skills.certificate_entered"
    message = "这本证书您已登记过"


class CertificateConfirmed(Conflict):
    """It is confirmed, and only staff may undo that; or another entry with this number is."""

    code = "skills.certificate_confirmed"
    message = "这本证书已核验"
    next_step = "如有疑问，请联系所在工会"
