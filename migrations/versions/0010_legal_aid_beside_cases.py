"""legal aid: consultation, labour-law supervision"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "labour_registers",
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "tip",
                "hint",
                "opinion",
                "advice",
                name="numbered",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_labour_registers_last_counted")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_labour_registers_node_id")),
        sa.PrimaryKeyConstraint("node_id", "year", "kind", name=op.f("pk_labour_registers")),
    )
    op.create_table(
        "consultations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "answered",
                "closed",
                name="consultationstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("lawyer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (due_on IS NOT NULL)", name=op.f("ck_consultations_due_while_waiting")
        ),
        sa.CheckConstraint(
            "state <> 'answered' OR lawyer_id IS NOT NULL", name=op.f("ck_consultations_answered_by_somebody")
        ),
        sa.ForeignKeyConstraint(["lawyer_id"], ["people.id"], name=op.f("fk_consultations_lawyer_id")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_consultations_node_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consultations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
    )
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.create_index("ix_consultations_due", ["node_id", "state", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultations_lawyer_id"), ["lawyer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultations_person_id"), ["person_id"], unique=False)

    op.create_table(
        "labour_tips",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("node_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claim_digest", sa.String(length=64), nullable=True),
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
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "checking",
                "hinted",
                "opined",
                "advised",
                "closed",
                "unfounded",
                "handed_over",
                name="tipstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("employer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("employer_index", sa.String(length=64), nullable=True),
        sa.Column("told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "rectified",
                "partly",
                "not_rectified",
                name="tipoutcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_labour_tips_closed_with_outcome")
        ),
        sa.CheckConstraint(
            "(state IN ('closed', 'unfounded', 'handed_over')) = (ended_at IS NOT NULL)",
            name=op.f("ck_labour_tips_ended_when"),
        ),
        sa.CheckConstraint(
            "is_anonymous = (claim_digest IS NOT NULL)", name=op.f("ck_labour_tips_anonymous_is_claimed")
        ),
        sa.CheckConstraint(
            "is_anonymous = false OR person_id IS NULL", name=op.f("ck_labour_tips_anonymous_is_nobody")
        ),
        sa.ForeignKeyConstraint(["employer_id"], ["employers.id"], name=op.f("fk_labour_tips_employer_id")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_labour_tips_node_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_labour_tips_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_tips")),
        sa.UniqueConstraint("claim_digest", name=op.f("uq_labour_tips_claim_digest")),
        sa.UniqueConstraint("number", name=op.f("uq_labour_tips_number")),
    )
    with op.batch_alter_table("labour_tips", schema=None) as batch_op:
        batch_op.create_index("ix_labour_tips_due", ["node_id", "state", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_labour_tips_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_labour_tips_received_at"), ["received_at"], unique=False)

    op.create_table(
        "consultation_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lawyer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_entries_consultation_id")
        ),
        sa.ForeignKeyConstraint(["lawyer_id"], ["people.id"], name=op.f("fk_consultation_entries_lawyer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consultation_entries_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_entries")),
    )
    with op.batch_alter_table("consultation_entries", schema=None) as batch_op:
        batch_op.create_index("ix_consultation_entries_order", ["consultation_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultation_entries_person_id"), ["person_id"], unique=False)

    op.create_table(
        "labour_letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tip_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hint", "opinion", "advice", name="letterkind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("issued_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(replied_on IS NULL) = (reply_sealed IS NULL)", name=op.f("ck_labour_letters_replied_with_words")
        ),
        sa.ForeignKeyConstraint(["issued_by"], ["people.id"], name=op.f("fk_labour_letters_issued_by")),
        sa.ForeignKeyConstraint(["tip_id"], ["labour_tips.id"], name=op.f("fk_labour_letters_tip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_letters")),
        sa.UniqueConstraint("number", name=op.f("uq_labour_letters_number")),
        sa.UniqueConstraint("tip_id", "kind", name=op.f("uq_labour_letters_tip_id_kind")),
    )
    op.create_table(
        "labour_site_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tip_id", sa.Uuid(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("people_count", sa.Integer(), nullable=False),
        sa.Column("found_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("people_count >= 2", name=op.f("ck_labour_site_checks_two_at_least")),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_labour_site_checks_recorded_by")),
        sa.ForeignKeyConstraint(["tip_id"], ["labour_tips.id"], name=op.f("fk_labour_site_checks_tip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_site_checks")),
    )
    with op.batch_alter_table("labour_site_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_labour_site_checks_tip_id"), ["tip_id"], unique=False)

    op.create_table(
        "labour_tip_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tip_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "receive",
                "check",
                "ask",
                "answer",
                "site_check",
                "hint",
                "opinion",
                "advice",
                "reply",
                "close",
                "dismiss",
                "hand_over",
                name="tipstep",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "step NOT IN ('receive', 'answer') OR actor_id IS NULL", name=op.f("ck_labour_tip_entries_tipper_not_named")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_labour_tip_entries_actor_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_labour_tip_entries_person_id")),
        sa.ForeignKeyConstraint(["tip_id"], ["labour_tips.id"], name=op.f("fk_labour_tip_entries_tip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_tip_entries")),
    )
    with op.batch_alter_table("labour_tip_entries", schema=None) as batch_op:
        batch_op.create_index("ix_labour_tip_entries_order", ["tip_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_labour_tip_entries_person_id"), ["person_id"], unique=False)

    op.create_table(
        "published_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
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
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("published_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_published_answers_withdrawn_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_published_answers_consultation_id")
        ),
        sa.ForeignKeyConstraint(["published_by"], ["people.id"], name=op.f("fk_published_answers_published_by")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["people.id"], name=op.f("fk_published_answers_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_answers")),
    )
    with op.batch_alter_table("published_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_published_answers_published_at"), ["published_at"], unique=False)
        batch_op.create_index(
            "uq_published_answers_shown",
            ["consultation_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "labour_site_checkers",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column(
            "checker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.ForeignKeyConstraint(["check_id"], ["labour_site_checks.id"], name=op.f("fk_labour_site_checkers_check_id")),
        sa.ForeignKeyConstraint(["checker_id"], ["people.id"], name=op.f("fk_labour_site_checkers_checker_id")),
        sa.PrimaryKeyConstraint("check_id", "checker_id", name=op.f("pk_labour_site_checkers")),
    )


def downgrade() -> None:

    op.drop_table("labour_site_checkers")
    op.drop_table("published_answers")
    op.drop_table("labour_tip_entries")
    op.drop_table("labour_site_checks")
    op.drop_table("labour_letters")
    op.drop_table("consultation_entries")
    op.drop_table("labour_tips")
    op.drop_table("consultations")
    op.drop_table("labour_registers")
