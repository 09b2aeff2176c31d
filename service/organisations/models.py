"""Tables: union nodes and employers."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base, Id
from service.core.search import search_text
from service.organisations.enums import Industry, NodeKind


def _searched_name(context: Any) -> str:
    return search_text(context.get_current_parameters()["name"])


class UnionNode(Base):
    """One union in the tree. `code` is the administrative code where there is one, else the union's own code."""

    __tablename__ = "union_nodes"
    __table_args__ = (
        CheckConstraint("path LIKE '/%/'", name="path_closed"),
        CheckConstraint("(parent_id IS NULL) = (kind = 'city')", name="one_root_kind"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("union_nodes.id"), index=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[NodeKind]
    path: Mapped[str] = mapped_column(String(200), unique=True)
    county_code: Mapped[str | None] = mapped_column(String(6), index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    is_open_for_joining: Mapped[bool] = mapped_column(default=True)
    search: Mapped[str] = mapped_column(Text, default=_searched_name)


class Employer(Base):
    """An employer (用人单位), known by its unified social credit code where it has one."""

    __tablename__ = "employers"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    industry: Mapped[Industry] = mapped_column(default=Industry.OTHER)
    county_code: Mapped[str | None] = mapped_column(String(6))
