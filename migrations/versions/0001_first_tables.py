"""first tables"""

import sqlalchemy as sa
from alembic import op

from service.core import append_only

APPEND_ONLY = ("audit_entries", "booking_events", "mark_corrections", "attendance_batch_items")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column(
            "kind",
            sa.Enum(
                "password",
                "binding",
                "attendance_code",
                name="attemptkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_last_at"), ["last_at"], unique=False)

    op.create_table(
        "employers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column(
            "industry",
            sa.Enum(
                "tea",
                "coffee",
                "sugarcane",
                "beef_cattle",
                "fruit",
                "biomedicine",
                "forestry",
                "green_energy",
                "other",
                name="industry",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("county_code", sa.String(length=6), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employers")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_employers_credit_code")),
        sa.UniqueConstraint("name", name=op.f("uq_employers_name")),
    )
    op.create_table(
        "offerings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("training_class", name="offeringkind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "paused",
                "withdrawn",
                name="offeringstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("waiting_capacity", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancel_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offers_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offer_minutes", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_offerings_window_runs_forward")),
        sa.CheckConstraint("starts_at <= ends_at", name=op.f("ck_offerings_runs_forward")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_offerings_never_oversold")),
        sa.CheckConstraint("waiting BETWEEN 0 AND waiting_capacity", name=op.f("ck_offerings_waiting_list_limited")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offerings")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_offerings_kind_subject_id")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("due", "done", "dead", name="outboxstate", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["state", "due_at"], unique=False)

    op.create_table(
        "stored_answers",
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "route", "key", name=op.f("pk_stored_answers")),
    )
    op.create_table(
        "ticks",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("tick", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "tick", name=op.f("pk_ticks")),
    )
    op.create_table(
        "union_nodes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "city",
                "county",
                "park",
                "town",
                "sector",
                "grassroots",
                "branch",
                name="nodekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("county_code", sa.String(length=6), nullable=True),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("is_open_for_joining", sa.Boolean(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.CheckConstraint("(parent_id IS NULL) = (kind = 'city')", name=op.f("ck_union_nodes_one_root_kind")),
        sa.CheckConstraint("path LIKE '/%/'", name=op.f("ck_union_nodes_path_closed")),
        sa.ForeignKeyConstraint(["parent_id"], ["union_nodes.id"], name=op.f("fk_union_nodes_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_union_nodes")),
        sa.UniqueConstraint("code", name=op.f("uq_union_nodes_code")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_union_nodes_credit_code")),
        sa.UniqueConstraint("path", name=op.f("uq_union_nodes_path")),
    )
    with op.batch_alter_table("union_nodes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_union_nodes_county_code"), ["county_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_union_nodes_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "courses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("occupation_code", sa.String(length=10), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column(
            "industry",
            sa.Enum(
                "tea",
                "coffee",
                "sugarcane",
                "beef_cattle",
                "fruit",
                "biomedicine",
                "forestry",
                "green_energy",
                "other",
                name="industry",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("gives_certificate", sa.Boolean(), nullable=False),
        sa.Column(
            "fund_source",
            sa.Enum(
                "union",
                "skill_upgrading",
                "employment",
                "employer",
                "other",
                name="fundsource",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("completion_percent", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("completion_percent BETWEEN 1 AND 100", name=op.f("ck_courses_completion_percent_known")),
        sa.CheckConstraint("hours > 0", name=op.f("ck_courses_hours_positive")),
        sa.CheckConstraint("level IS NULL OR level BETWEEN 1 AND 5", name=op.f("ck_courses_level_known")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_courses_node_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
    )
    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_courses_node_id"), ["node_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_courses_occupation_code"), ["occupation_code"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_index", sa.String(length=64), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.String(length=64), nullable=True),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("occupation_code", sa.String(length=10), nullable=True),
        sa.Column(
            "industry",
            sa.Enum(
                "tea",
                "coffee",
                "sugarcane",
                "beef_cattle",
                "fruit",
                "biomedicine",
                "forestry",
                "green_energy",
                "other",
                name="industry",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
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
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "is_verified = false OR id_number_index IS NOT NULL", name=op.f("ck_people_verified_has_id_number")
        ),
        sa.ForeignKeyConstraint(["employer_id"], ["employers.id"], name=op.f("fk_people_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("id_number_index", name=op.f("uq_people_id_number_index")),
        sa.UniqueConstraint("uid", name=op.f("uq_people_uid")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_employer_id"), ["employer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_phone_index"), ["phone_index"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login", sa.String(length=50), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
        sa.UniqueConstraint("person_id", name=op.f("uq_accounts_person_id")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_audit_entries_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entries_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "booking_events",
        sa.Column("offering_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "booked",
                "waitlisted",
                "cancelled",
                "offered",
                "accepted",
                "declined",
                "expired",
                "passed_over",
                "removed",
                "lapsed",
                "withdrawn",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name=op.f("fk_booking_events_offering_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_booking_events_person_id")),
        sa.PrimaryKeyConstraint("offering_id", "sequence", name=op.f("pk_booking_events")),
    )
    with op.batch_alter_table("booking_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_events_booking_id"), ["booking_id"], unique=False)

    op.create_table(
        "bookings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offering_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "booked",
                "waitlisted",
                "offered",
                "cancelled",
                "declined",
                "expired",
                "passed_over",
                "removed",
                "lapsed",
                "withdrawn",
                name="bookingstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancel_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offer_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=True),
        sa.Column("booked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(state = 'offered') = (offer_expires_at IS NOT NULL)", name=op.f("ck_bookings_offer_has_an_end")
        ),
        sa.ForeignKeyConstraint(["booked_by"], ["people.id"], name=op.f("fk_bookings_booked_by")),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name=op.f("fk_bookings_offering_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_bookings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_bookings_person_id_key")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bookings_offers",
            ["offer_expires_at"],
            unique=False,
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        )
        batch_op.create_index("ix_bookings_queue", ["offering_id", "state", "sequence"], unique=False)
        batch_op.create_index(
            "uq_bookings_one_active",
            ["person_id", "offering_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('booked', 'waitlisted', 'offered')"),
            postgresql_where=sa.text("state IN ('booked', 'waitlisted', 'offered')"),
        )

    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consents_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(
            "uq_consents_one_in_force",
            ["person_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("union_nodes", "workers", name="importkind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "checking",
                "ready",
                "refused",
                "applying",
                "applied",
                "discarded",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.String(length=100), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_checked", sa.Integer(), nullable=False),
        sa.Column("rows_bad", sa.Integer(), nullable=False),
        sa.Column("rows_new", sa.Integer(), nullable=False),
        sa.Column("rows_changed", sa.Integer(), nullable=False),
        sa.Column("rows_applied", sa.Integer(), nullable=False),
        sa.Column("rows_skipped", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (state NOT IN ('applying', 'applied'))",
            name=op.f("ck_imports_accepted_before_applied"),
        ),
        sa.CheckConstraint("rows_applied BETWEEN 0 AND rows_total", name=op.f("ck_imports_applied_within")),
        sa.CheckConstraint("rows_checked BETWEEN 0 AND rows_total", name=op.f("ck_imports_checked_within")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_imports_node_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["people.id"], name=op.f("fk_imports_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imports_node_id"), ["node_id"], unique=False)

    op.create_table(
        "inbox_messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_inbox_messages_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_inbox_messages_key")),
    )
    with op.batch_alter_table("inbox_messages", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_messages_person", ["person_id", "id"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "ended", name="membershipstate", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_memberships_node_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_memberships_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_node_id"), ["node_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_memberships_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_memberships_one_active",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )

    op.create_table(
        "role_grants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "worker",
                "trainer",
                "training_staff",
                "membership_staff",
                "legal_aid_officer",
                "judge",
                "auditor",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_role_grants_node_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_role_grants_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint("person_id", "role", "node_id", name=op.f("uq_role_grants_person_id_role_node_id")),
    )
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grants_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("wechat", "staff", name="channel", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("refresh_index", sa.String(length=64), nullable=False),
        sa.Column("previous_index", sa.String(length=64), nullable=True),
        sa.Column("refresh_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_sign_ins_revoked", ["revoked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_ins_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "skill_certificates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occupation_code", sa.String(length=10), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_skill_certificates_confirmed_by_somebody")
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_skill_certificates_level_known")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["people.id"], name=op.f("fk_skill_certificates_confirmed_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_skill_certificates_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill_certificates")),
        sa.UniqueConstraint("person_id", "number", name=op.f("uq_skill_certificates_person_id_number")),
    )
    with op.batch_alter_table("skill_certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skill_certificates_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_skill_certificates_one_confirmed",
            ["number"],
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NOT NULL"),
            postgresql_where=sa.text("confirmed_at IS NOT NULL"),
        )

    op.create_table(
        "training_classes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offering_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "open",
                "full",
                "closed",
                "running",
                "finished",
                "cancelled",
                name="classstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("county_code", sa.String(length=6), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("waiting_capacity", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancel_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offers_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offer_minutes", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("late_after_minutes", sa.Integer(), nullable=False),
        sa.Column("absent_after_minutes", sa.Integer(), nullable=False),
        sa.Column("early_before_minutes", sa.Integer(), nullable=False),
        sa.Column("completion_percent", sa.Integer(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("cancel_reason", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'draft') OR offering_id IS NOT NULL", name=op.f("ck_training_classes_published_has_offering")
        ),
        sa.CheckConstraint(
            "absent_after_minutes >= late_after_minutes", name=op.f("ck_training_classes_absent_after_late")
        ),
        sa.CheckConstraint("capacity BETWEEN 1 AND 5000", name=op.f("ck_training_classes_capacity_known")),
        sa.CheckConstraint(
            "completion_percent BETWEEN 1 AND 100", name=op.f("ck_training_classes_completion_percent_known")
        ),
        sa.CheckConstraint("late_after_minutes >= 0", name=op.f("ck_training_classes_late_not_negative")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_training_classes_window_runs_forward")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_training_classes_course_id")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_training_classes_node_id")),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name=op.f("fk_training_classes_offering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_classes")),
        sa.UniqueConstraint("offering_id", name=op.f("uq_training_classes_offering_id")),
    )
    with op.batch_alter_table("training_classes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_classes_county_code"), ["county_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_classes_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_classes_node_id"), ["node_id"], unique=False)
        batch_op.create_index("ix_training_classes_state", ["state", "starts_at"], unique=False)

    op.create_table(
        "wechat_identities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("appid", sa.String(length=32), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("unionid", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_wechat_identities_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_identities")),
        sa.UniqueConstraint("appid", "openid", name=op.f("uq_wechat_identities_appid_openid")),
        sa.UniqueConstraint("appid", "person_id", name=op.f("uq_wechat_identities_appid_person_id")),
    )
    with op.batch_alter_table("wechat_identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wechat_identities_person_id"), ["person_id"], unique=False)

    op.create_table(
        "completions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("course_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hours_planned", sa.Integer(), nullable=False),
        sa.Column("hours_attended", sa.Integer(), nullable=False),
        sa.Column("hours_by_mode", sa.JSON(), nullable=False),
        sa.Column("is_completed", sa.Boolean(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hours_attended BETWEEN 0 AND hours_planned", name=op.f("ck_completions_hours_within_plan")),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_completions_class_id")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_completions_course_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_completions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completions")),
        sa.UniqueConstraint("class_id", "person_id", name=op.f("uq_completions_class_id_person_id")),
    )
    with op.batch_alter_table("completions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_completions_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_completions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "import_findings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("bad", "changed", name="findingkind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=20), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_findings_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_findings")),
    )
    with op.batch_alter_table("import_findings", schema=None) as batch_op:
        batch_op.create_index("ix_import_findings_line", ["import_id", "kind", "line"], unique=False)

    op.create_table(
        "lessons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("room", sa.String(length=60), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "online",
                "on_site",
                "simulated",
                "hands_on",
                name="lessonmode",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("hours > 0", name=op.f("ck_lessons_hours_positive")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_lessons_runs_forward")),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_lessons_class_id")),
        sa.ForeignKeyConstraint(["sealed_by"], ["people.id"], name=op.f("fk_lessons_sealed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
    )
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.create_index("ix_lessons_class", ["class_id", "starts_at"], unique=False)

    op.create_table(
        "attendance_batch_items",
        sa.Column("lesson_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_attendance_batch_items_lesson_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_attendance_batch_items_recorded_by")),
        sa.PrimaryKeyConstraint("lesson_id", "client_id", name=op.f("pk_attendance_batch_items")),
    )
    op.create_table(
        "class_trainers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lesson_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "main",
                "co_trainer",
                "substitute",
                name="trainerrole",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(role = 'substitute') = (lesson_id IS NOT NULL)", name=op.f("ck_class_trainers_substitute_of_a_lesson")
        ),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_class_trainers_class_id")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_class_trainers_lesson_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_class_trainers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_trainers")),
        sa.UniqueConstraint(
            "class_id", "person_id", "lesson_id", name=op.f("uq_class_trainers_class_id_person_id_lesson_id")
        ),
    )
    with op.batch_alter_table("class_trainers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_trainers_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_trainers_lesson_id"), ["lesson_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_trainers_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_class_trainers_one_main",
            ["class_id"],
            unique=True,
            sqlite_where=sa.text("role = 'main'"),
            postgresql_where=sa.text("role = 'main'"),
        )
        batch_op.create_index(
            "uq_class_trainers_whole_class",
            ["class_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("lesson_id IS NULL"),
            postgresql_where=sa.text("lesson_id IS NULL"),
        )

    op.create_table(
        "lesson_places",
        sa.Column(
            "lesson_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("set_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_lesson_places_latitude_known")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_lesson_places_longitude_known")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_lesson_places_lesson_id")),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name=op.f("fk_lesson_places_set_by")),
        sa.PrimaryKeyConstraint("lesson_id", name=op.f("pk_lesson_places")),
    )
    op.create_table(
        "marks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lesson_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "present",
                "late",
                "left_early",
                "excused",
                "absent",
                "made_up",
                name="markstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "scan",
                "typed",
                "trainer",
                "staff",
                "clock",
                name="marksource",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("device_index", sa.String(length=64), nullable=True),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 100", name=op.f("ck_marks_confidence_percent")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["people.id"], name=op.f("fk_marks_confirmed_by")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lessons.id"], name=op.f("fk_marks_lesson_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_marks_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_marks_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
        sa.UniqueConstraint("lesson_id", "person_id", name=op.f("uq_marks_lesson_id_person_id")),
    )
    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_marks_device_index"), ["device_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_marks_person_id"), ["person_id"], unique=False)

    op.create_table(
        "mark_corrections",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mark_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "present",
                "late",
                "left_early",
                "excused",
                "absent",
                "made_up",
                name="markstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "present",
                "late",
                "left_early",
                "excused",
                "absent",
                "made_up",
                name="after_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("corrected_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["corrected_by"], ["people.id"], name=op.f("fk_mark_corrections_corrected_by")),
        sa.ForeignKeyConstraint(["mark_id"], ["marks.id"], name=op.f("fk_mark_corrections_mark_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_corrections")),
    )
    with op.batch_alter_table("mark_corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_corrections_mark_id"), ["mark_id"], unique=False)

    for table in APPEND_ONLY:
        for statement in append_only.statements(op.get_bind().dialect.name, table):
            op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("mark_corrections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mark_corrections_mark_id"))

    op.drop_table("mark_corrections")
    with op.batch_alter_table("marks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_marks_person_id"))
        batch_op.drop_index(batch_op.f("ix_marks_device_index"))

    op.drop_table("marks")
    op.drop_table("lesson_places")
    with op.batch_alter_table("class_trainers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_class_trainers_whole_class",
            sqlite_where=sa.text("lesson_id IS NULL"),
            postgresql_where=sa.text("lesson_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_class_trainers_one_main",
            sqlite_where=sa.text("role = 'main'"),
            postgresql_where=sa.text("role = 'main'"),
        )
        batch_op.drop_index(batch_op.f("ix_class_trainers_person_id"))
        batch_op.drop_index(batch_op.f("ix_class_trainers_lesson_id"))
        batch_op.drop_index(batch_op.f("ix_class_trainers_class_id"))

    op.drop_table("class_trainers")
    op.drop_table("attendance_batch_items")
    with op.batch_alter_table("lessons", schema=None) as batch_op:
        batch_op.drop_index("ix_lessons_class")

    op.drop_table("lessons")
    with op.batch_alter_table("import_findings", schema=None) as batch_op:
        batch_op.drop_index("ix_import_findings_line")

    op.drop_table("import_findings")
    with op.batch_alter_table("completions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_completions_person_id"))
        batch_op.drop_index(batch_op.f("ix_completions_course_id"))

    op.drop_table("completions")
    with op.batch_alter_table("wechat_identities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wechat_identities_person_id"))

    op.drop_table("wechat_identities")
    with op.batch_alter_table("training_classes", schema=None) as batch_op:
        batch_op.drop_index("ix_training_classes_state")
        batch_op.drop_index(batch_op.f("ix_training_classes_node_id"))
        batch_op.drop_index(batch_op.f("ix_training_classes_course_id"))
        batch_op.drop_index(batch_op.f("ix_training_classes_county_code"))

    op.drop_table("training_classes")
    with op.batch_alter_table("skill_certificates", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_skill_certificates_one_confirmed",
            sqlite_where=sa.text("confirmed_at IS NOT NULL"),
            postgresql_where=sa.text("confirmed_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_skill_certificates_person_id"))

    op.drop_table("skill_certificates")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_expires_at"))
        batch_op.drop_index("ix_sign_ins_revoked")
        batch_op.drop_index(batch_op.f("ix_sign_ins_person_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("role_grants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grants_person_id"))

    op.drop_table("role_grants")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_memberships_one_active",
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.drop_index(batch_op.f("ix_memberships_person_id"))
        batch_op.drop_index(batch_op.f("ix_memberships_node_id"))

    op.drop_table("memberships")
    with op.batch_alter_table("inbox_messages", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_messages_person")

    op.drop_table("inbox_messages")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imports_node_id"))

    op.drop_table("imports")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consents_one_in_force",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.drop_table("consents")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_bookings_one_active",
            sqlite_where=sa.text("state IN ('booked', 'waitlisted', 'offered')"),
            postgresql_where=sa.text("state IN ('booked', 'waitlisted', 'offered')"),
        )
        batch_op.drop_index("ix_bookings_queue")
        batch_op.drop_index(
            "ix_bookings_offers",
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        )

    op.drop_table("bookings")
    with op.batch_alter_table("booking_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_events_booking_id"))

    op.drop_table("booking_events")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_subject")

    op.drop_table("audit_entries")
    op.drop_table("accounts")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_phone_index"))
        batch_op.drop_index(batch_op.f("ix_people_employer_id"))

    op.drop_table("people")
    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_courses_occupation_code"))
        batch_op.drop_index(batch_op.f("ix_courses_node_id"))

    op.drop_table("courses")
    with op.batch_alter_table("union_nodes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_union_nodes_parent_id"))
        batch_op.drop_index(batch_op.f("ix_union_nodes_county_code"))

    op.drop_table("union_nodes")
    op.drop_table("ticks")
    op.drop_table("stored_answers")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_due")

    op.drop_table("outbox")
    op.drop_table("offerings")
    op.drop_table("employers")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_last_at"))

    op.drop_table("attempts")
