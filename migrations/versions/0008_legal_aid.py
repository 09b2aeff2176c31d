"""legal aid: the holiday table, cases, their files, what the desk does"""

import sqlalchemy as sa
from alembic import op

from service.core import append_only

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PROTECTED = "aid_events"


def upgrade() -> None:
    op.create_table(
        "aid_registers",
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_aid_registers_last_counted")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_aid_registers_node_id")),
        sa.PrimaryKeyConstraint("node_id", "year", name=op.f("pk_aid_registers")),
    )
    op.create_table(
        "aid_settings",
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "supplement",
            sa.Enum(
                "runs", "pauses", "restarts", name="supplement", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("union_body", sa.String(length=60), nullable=True),
        sa.Column("state_body", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_aid_settings_node_id")),
        sa.PrimaryKeyConstraint("node_id", name=op.f("pk_aid_settings")),
    )
    op.create_table(
        "clock_settings",
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("clock", sa.String(length=40), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "day", "workday", "month", "year", name="unit", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.CheckConstraint("length BETWEEN 1 AND 366", name=op.f("ck_clock_settings_length_known")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_clock_settings_node_id")),
        sa.PrimaryKeyConstraint("node_id", "clock", name=op.f("pk_clock_settings")),
    )
    op.create_table(
        "aid_cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "route",
            sa.Enum("union", "state", name="aidroute", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum("phone", "oral", "paper", name="casesource", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "supplementing",
                "reviewing",
                "granted",
                "refused",
                "objecting",
                "lapsed",
                "withdrawn",
                "assigned",
                "working",
                "closed",
                "terminated",
                "merged",
                name="casestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "matter",
            sa.Enum(
                "wages",
                "injury",
                "contract",
                "social_insurance",
                "dismissal",
                "other",
                name="matter",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("register_year", sa.Integer(), nullable=True),
        sa.Column("register_sequence", sa.Integer(), nullable=True),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("employer_index", sa.String(length=64), nullable=True),
        sa.Column("county_code", sa.String(length=6), nullable=True),
        sa.Column(
            "worker_category",
            sa.Enum(
                "employee",
                "migrant",
                "dispatched",
                "truck_driver",
                "courier",
                "security_guard",
                "delivery_rider",
                "other",
                name="workercategory",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("people_count", sa.Integer(), nullable=False),
        sa.Column(
            "means_basis",
            sa.Enum(
                "exempt", "pledge", "proof", name="meansbasis", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("means_article", sa.String(length=60), nullable=True),
        sa.Column("pledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("limitation_clock", sa.String(length=40), nullable=True),
        sa.Column("limitation_on", sa.Date(), nullable=True),
        sa.Column("form_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "turn",
            sa.Enum(
                "worker",
                "office",
                "handler",
                "objection_body",
                "nobody",
                name="turn",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("turn_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("plain_due_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complete_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handler_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supervisor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("locked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'draft') = (number IS NULL)", name=op.f("ck_aid_cases_numbered_when_submitted")),
        sa.CheckConstraint(
            "(state = 'draft') = (received_at IS NULL)", name=op.f("ck_aid_cases_received_when_submitted")
        ),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_aid_cases_merged_into_another")
        ),
        sa.CheckConstraint(
            "state NOT IN ('assigned', 'working', 'closed') OR handler_id IS NOT NULL",
            name=op.f("ck_aid_cases_worked_by_somebody"),
        ),
        sa.CheckConstraint("(locked_by IS NULL) = (locked_until IS NULL)", name=op.f("ck_aid_cases_locked_until_when")),
        sa.CheckConstraint("people_count BETWEEN 1 AND 9999", name=op.f("ck_aid_cases_people_counted")),
        sa.ForeignKeyConstraint(["employer_id"], ["employers.id"], name=op.f("fk_aid_cases_employer_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["people.id"], name=op.f("fk_aid_cases_handler_id")),
        sa.ForeignKeyConstraint(["locked_by"], ["people.id"], name=op.f("fk_aid_cases_locked_by")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["aid_cases.id"], name=op.f("fk_aid_cases_merged_into_id")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_aid_cases_node_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_cases_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_aid_cases_recorded_by")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["people.id"], name=op.f("fk_aid_cases_supervisor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_cases")),
        sa.UniqueConstraint(
            "node_id",
            "register_year",
            "register_sequence",
            name=op.f("uq_aid_cases_node_id_register_year_register_sequence"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_aid_cases_number")),
    )
    with op.batch_alter_table("aid_cases", schema=None) as batch_op:
        batch_op.create_index("ix_aid_cases_due", ["node_id", "state", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_cases_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_cases_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_cases_employer_index"), ["employer_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_cases_handler_id"), ["handler_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_cases_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_cases_received_at"), ["received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_cases_supervisor_id"), ["supervisor_id"], unique=False)
        batch_op.create_index(
            "uq_aid_cases_own_draft",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft' AND source = 'phone'"),
            postgresql_where=sa.text("state = 'draft' AND source = 'phone'"),
        )

    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("notice", sa.String(length=100), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_calendar_years_year_known")),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name=op.f("fk_calendar_years_entered_by")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )
    op.create_table(
        "aid_assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("handler_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assigned_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_by",
            sa.Enum(
                "changed",
                "recused",
                "ended",
                name="assignmentend",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_aid_assignments_ended_for_a_reason")
        ),
        sa.ForeignKeyConstraint(["assigned_by"], ["people.id"], name=op.f("fk_aid_assignments_assigned_by")),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_assignments_case_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["people.id"], name=op.f("fk_aid_assignments_handler_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_assignments")),
    )
    with op.batch_alter_table("aid_assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_assignments_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_assignments_handler_id"), ["handler_id"], unique=False)
        batch_op.create_index(
            "uq_aid_assignments_active",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "aid_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "grant",
                "grant_first",
                "refuse",
                "lapse",
                "uphold",
                "correct",
                "terminate",
                name="decisionkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("objection_body", sa.String(length=60), nullable=True),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_decisions_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_aid_decisions_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_decisions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_decisions")),
    )
    with op.batch_alter_table("aid_decisions", schema=None) as batch_op:
        batch_op.create_index("ix_aid_decisions_case", ["case_id", "decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_decisions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "aid_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "submit",
                "take",
                "tell",
                "supplement",
                "lapse",
                "grant",
                "grant_first",
                "refuse",
                "object",
                "uphold",
                "correct",
                "assign",
                "begin",
                "reassign",
                "give_back",
                "close",
                "terminate",
                "withdraw",
                "merge",
                "file",
                "message",
                "task",
                "hearing",
                "document",
                "hand_over",
                "result",
                "rate",
                "complain",
                "escalate",
                "cover",
                "route",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_aid_events_actor_id")),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_events_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_events_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_events")),
    )
    with op.batch_alter_table("aid_events", schema=None) as batch_op:
        batch_op.create_index("ix_aid_events_case", ["case_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_events_person_id"), ["person_id"], unique=False)

    op.create_table(
        "aid_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "paper", "voice", "document", name="filekind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "paper",
            sa.Enum(
                "id_card",
                "hardship",
                "contract",
                "wages",
                "attendance",
                "work_proof",
                "injury",
                "medical",
                "insurance",
                "dismissal",
                "award",
                "claimed",
                "authorisation",
                "other",
                name="paper",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.String(length=80), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploading", "ready", "refused", name="filestate", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("uploaded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'ready') = (ready_at IS NOT NULL)", name=op.f("ck_aid_files_ready_since_when")),
        sa.CheckConstraint("received BETWEEN 0 AND size", name=op.f("ck_aid_files_received_within_size")),
        sa.CheckConstraint("size > 0", name=op.f("ck_aid_files_size_positive")),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_files_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_files_person_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["people.id"], name=op.f("fk_aid_files_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_files")),
    )
    with op.batch_alter_table("aid_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_files_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_files_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_files_person_id"), ["person_id"], unique=False)

    op.create_table(
        "aid_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("told_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_notices_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_notices_person_id")),
        sa.ForeignKeyConstraint(["told_by"], ["people.id"], name=op.f("fk_aid_notices_told_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_notices")),
        sa.UniqueConstraint("case_id", name=op.f("uq_aid_notices_case_id")),
    )
    with op.batch_alter_table("aid_notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_notices_person_id"), ["person_id"], unique=False)

    op.create_table(
        "aid_recusals",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_recusals_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_recusals_person_id")),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_aid_recusals")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("is_worked", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["year"], ["calendar_years.year"], name=op.f("fk_calendar_days_year")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    with op.batch_alter_table("calendar_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_days_year"), ["year"], unique=False)

    op.create_table(
        "aid_objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(length=60), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "grant",
                "grant_first",
                "refuse",
                "lapse",
                "uphold",
                "correct",
                "terminate",
                name="decisionkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_aid_objections_decided_when_answered")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_objections_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_aid_objections_decided_by")),
        sa.ForeignKeyConstraint(["decision_id"], ["aid_decisions.id"], name=op.f("fk_aid_objections_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_objections_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_objections")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_aid_objections_decision_id")),
    )
    with op.batch_alter_table("aid_objections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_objections_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_objections_person_id"), ["person_id"], unique=False)

    op.create_table(
        "aid_pieces",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("shelf_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["aid_files.id"], name=op.f("fk_aid_pieces_file_id")),
        sa.PrimaryKeyConstraint("file_id", "start", name=op.f("pk_aid_pieces")),
    )
    for statement in append_only.statements(op.get_context().dialect.name, PROTECTED):
        op.execute(statement)


def downgrade() -> None:
    for statement in append_only.release(op.get_context().dialect.name, PROTECTED):
        op.execute(statement)
    op.drop_table("aid_pieces")
    with op.batch_alter_table("aid_objections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_objections_person_id"))
        batch_op.drop_index(batch_op.f("ix_aid_objections_case_id"))

    op.drop_table("aid_objections")
    with op.batch_alter_table("calendar_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_days_year"))

    op.drop_table("calendar_days")
    op.drop_table("aid_recusals")
    with op.batch_alter_table("aid_notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_notices_person_id"))

    op.drop_table("aid_notices")
    with op.batch_alter_table("aid_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_files_person_id"))
        batch_op.drop_index(batch_op.f("ix_aid_files_created_at"))
        batch_op.drop_index(batch_op.f("ix_aid_files_case_id"))

    op.drop_table("aid_files")
    with op.batch_alter_table("aid_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_events_person_id"))
        batch_op.drop_index("ix_aid_events_case")

    op.drop_table("aid_events")
    with op.batch_alter_table("aid_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_decisions_person_id"))
        batch_op.drop_index("ix_aid_decisions_case")

    op.drop_table("aid_decisions")
    with op.batch_alter_table("aid_assignments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_aid_assignments_active",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_aid_assignments_handler_id"))
        batch_op.drop_index(batch_op.f("ix_aid_assignments_case_id"))

    op.drop_table("aid_assignments")
    op.drop_table("calendar_years")
    with op.batch_alter_table("aid_cases", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_aid_cases_own_draft",
            sqlite_where=sa.text("state = 'draft' AND source = 'phone'"),
            postgresql_where=sa.text("state = 'draft' AND source = 'phone'"),
        )
        batch_op.drop_index(batch_op.f("ix_aid_cases_supervisor_id"))
        batch_op.drop_index(batch_op.f("ix_aid_cases_received_at"))
        batch_op.drop_index(batch_op.f("ix_aid_cases_person_id"))
        batch_op.drop_index(batch_op.f("ix_aid_cases_handler_id"))
        batch_op.drop_index(batch_op.f("ix_aid_cases_employer_index"))
        batch_op.drop_index(batch_op.f("ix_aid_cases_employer_id"))
        batch_op.drop_index(batch_op.f("ix_aid_cases_due_on"))
        batch_op.drop_index("ix_aid_cases_due")

    op.drop_table("aid_cases")
    op.drop_table("clock_settings")
    op.drop_table("aid_settings")
    op.drop_table("aid_registers")
