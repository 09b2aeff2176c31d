"""Refusals of the union tree."""

from service.core.errors import Conflict, Invalid, NotFound


class NodeUnknown(NotFound):
    """There is no such union node, or it lies outside the actor's scope."""

    code = "organisations.node_unknown"
    message = "没有找到这个工会"


class NodeCodeTaken(Conflict):
    """Another node has this code."""

    code = "organisations.code_taken"
    message = "这个工会编码已被使用"


class NodeMisplaced(Invalid):
    """This kind of node cannot stand below that kind of parent."""

    code = "organisations.node_misplaced"
    message = "这一类工会不能设在该上级之下"
