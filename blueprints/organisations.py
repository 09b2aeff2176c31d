"""The union tree and the closed lists."""

from typing import Any

from flask_smorest import Blueprint

from blueprints.refusals import refuses
from schemas.organisations import ListNodes, NodePage, ReferenceView
from service.core.pages import Page
from service.organisations import nodes
from service.organisations.errors import NodeUnknown
from service.organisations.models import UnionNode
from service.overview import reference

bp = Blueprint("organisations", __name__, description="工会组织与基础目录")


@bp.get("/reference")
@bp.etag
@bp.response(200, ReferenceView)
def show_reference() -> reference.Reference:
    """Counties, towns, industries, occupations, levels and categories with their Chinese words."""
    return reference.reference()


@bp.get("/organisations/nodes")
@refuses(NodeUnknown)
@bp.arguments(ListNodes, location="query")
@bp.response(200, NodePage)
def list_nodes(query: dict[str, Any]) -> Page[UnionNode]:
    """Union nodes: the root, a node's children, or all below it whose name matches."""
    return nodes.listed(parent_id=query["parent"], q=query["q"], page=query["page"], per_page=query["per_page"])
