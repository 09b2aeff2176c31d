"""Table: what a union has settled for itself and everything below it."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base


class NodeSetting(Base):
    """A node's own settings; one without a row demands nothing of its own."""

    __tablename__ = "node_settings"

    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"), primary_key=True)
    needs_approval: Mapped[bool] = mapped_column(default=False)
