"""Tables: what a union has settled for its legal aid, and for the unions below that have settled nothing."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base
from service.core.enums import Unit
from service.legal_aid.enums import Supplement


class AidSetting(Base):
    """What supplementing does to the clock, the bodies that hear objections, and the days between two steps of an
    escalation; None: as the union above has it."""

    __tablename__ = "aid_settings"
    __table_args__ = (CheckConstraint("escalation_days BETWEEN 1 AND 60", name="escalation_known"),)

    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"), primary_key=True, autoincrement=False)
    supplement: Mapped[Supplement | None]
    union_body: Mapped[str | None] = mapped_column(String(60))
    state_body: Mapped[str | None] = mapped_column(String(60))
    escalation_days: Mapped[int | None]


class ClockSetting(Base):
    """A clock as a union has settled it, with the rule it rests on."""

    __tablename__ = "clock_settings"
    __table_args__ = (CheckConstraint("length BETWEEN 1 AND 366", name="length_known"),)

    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"), primary_key=True, autoincrement=False)
    clock: Mapped[str] = mapped_column(String(40), primary_key=True)
    length: Mapped[int]
    unit: Mapped[Unit]
    source: Mapped[str] = mapped_column(String(100))
