"""Tables: union nodes and employers."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base, Id
from service.organisations.enums import Industry, NodeKind


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
    kind: Mapped[NodeKind] = mapped_column(String(16))
    path: Mapped[str] = mapped_column(String(200), unique=True)
    county_code: Mapped[str | None] = mapped_column(String(6), index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    is_open_for_joining: Mapped[bool] = mapped_column(default=True)


class Employer(Base):
    """An employer (用人单位), known by its unified social credit code where it has one."""

    __tablename__ = "employers"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    industry: Mapped[Industry] = mapped_column(String(16), default=Industry.OTHER)
    county_code: Mapped[str | None] = mapped_column(String(6))
