"""Tables: the case, and the register its number comes from. Words of a case are sealed, and in no index.

What staff may look for stands in the open: number, state, dates, who handles it, and blind indexes.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.db import Base
from service.core.ids import new_id
from service.core.sealed import sealed
from service.legal_aid.enums import AidRoute, CaseSource, CaseState, Matter, MeansBasis, Turn
from service.organisations.enums import WorkerCategory

OWN_DRAFT = text("state = 'draft' AND source = 'phone'")


class AidCase(Base):
    """One application for legal aid through its whole life. `person_id` None: a paper case of somebody unknown here.

    `due_on` is the day until which whoever's turn it is has to act, `plain_due_on` the one that would hold had nothing
    been missing. `limitation_on` is when the worker's own claim lapses. `locked_by` is writing on it just now.
    """

    __tablename__ = "aid_cases"
    __table_args__ = (
        UniqueConstraint("node_id", "register_year", "register_sequence"),
        Index("uq_aid_cases_own_draft", "person_id", unique=True, sqlite_where=OWN_DRAFT, postgresql_where=OWN_DRAFT),
        Index("ix_aid_cases_due", "node_id", "state", "due_on"),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="numbered_when_submitted"),
        CheckConstraint("(state = 'draft') = (received_at IS NULL)", name="received_when_submitted"),
        CheckConstraint(
            "state NOT IN ('assigned', 'working', 'closed') OR handler_id IS NOT NULL", name="worked_by_somebody"
        ),
        CheckConstraint("(locked_by IS NULL) = (locked_until IS NULL)", name="locked_until_when"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_another"),
        CheckConstraint("people_count BETWEEN 1 AND 9999", name="people_counted"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"))
    route: Mapped[AidRoute] = mapped_column(default=AidRoute.UNION)
    source: Mapped[CaseSource] = mapped_column(default=CaseSource.PHONE)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    state: Mapped[CaseState] = mapped_column(default=CaseState.DRAFT)
    matter: Mapped[Matter]
    number: Mapped[str | None] = mapped_column(String(32), unique=True)
    register_year: Mapped[int | None]
    register_sequence: Mapped[int | None]
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"), index=True)
    employer_index: Mapped[str | None] = mapped_column(String(64), index=True)
    county_code: Mapped[str | None] = mapped_column(String(6))
    worker_category: Mapped[WorkerCategory] = mapped_column(default=WorkerCategory.EMPLOYEE)
    people_count: Mapped[int] = mapped_column(default=1)
    means_basis: Mapped[MeansBasis | None]
    means_article: Mapped[str | None] = mapped_column(String(60))
    pledged_at: Mapped[datetime | None]
    is_urgent: Mapped[bool] = mapped_column(default=False)
    limitation_clock: Mapped[str | None] = mapped_column(String(40))
    limitation_on: Mapped[date | None]
    form_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=sealed("aid_cases.form", row="id"))
    turn: Mapped[Turn] = mapped_column(default=Turn.WORKER)
    turn_since: Mapped[datetime]
    due_on: Mapped[date | None] = mapped_column(index=True)
    plain_due_on: Mapped[date | None]
    created_at: Mapped[datetime]
    received_at: Mapped[datetime | None] = mapped_column(index=True)
    complete_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    assigned_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    locked_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    locked_until: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("aid_cases.id"))
    version: Mapped[int] = mapped_column(default=1)


class AidRegister(Base):
    """A union's register of a year: the last number given out."""

    __tablename__ = "aid_registers"
    __table_args__ = (CheckConstraint("last >= 0", name="last_counted"),)

    node_id: Mapped[int] = mapped_column(ForeignKey("union_nodes.id"), primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


class AidRecusal(Base):
    """Somebody of the office who has to do with the employer or the worker of a case, and said so."""

    __tablename__ = "aid_recusals"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("aid_cases.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    declared_at: Mapped[datetime]
