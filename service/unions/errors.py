"""Refusals of membership and of imports."""

from service.core.errors import Conflict, Invalid, NotFound


class AlreadyMember(Conflict):
    """The person has an active membership elsewhere; it moves by transfer, not by joining twice."""

    code = "unions.already_member"
    message = "该职工已是工会会员"
    next_step = "如已换单位，请办理会籍接转"


class NotMember(Conflict):
    """The person has no active membership."""

    code = "unions.not_member"
    message = "该职工目前没有在册会籍"


class NodeClosed(Conflict):
    """The union does not take members at present."""

    code = "unions.node_closed"
    message = "这个工会暂不接收会员"


class ImportUnknown(NotFound):
    """No such import in the actor's scope."""

    code = "imports.unknown"
    message = "没有找到这次导入"


class BadRows(Conflict):
    """There are bad rows, and nobody has said that they may be left out."""

    code = "imports.bad_rows"
    message = "表格中有错误的行，尚未导入"
    next_step = "请改正后重新上传，或选择跳过错误的行"


class NothingToImport(Conflict):
    """Every row is bad, or there is none."""

    code = "imports.nothing"
    message = "没有可以导入的行"
    next_step = "请按模板填写后重新上传"


class NodeNotInScope(Invalid):
    """The union named for the import lies outside the actor's scope, or there are several and none was named."""

    code = "imports.node_not_in_scope"
    message = "请选择您管理范围内的工会"
