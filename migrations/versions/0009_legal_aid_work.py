"""legal aid: work on a case"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aid_complaints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_aid_complaints_answered_by_somebody")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_aid_complaints_answered_by")),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_complaints_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_complaints_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_complaints")),
    )
    with op.batch_alter_table("aid_complaints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_complaints_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_complaints_person_id"), ["person_id"], unique=False)

    op.create_table(
        "aid_hand_overs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "to",
            sa.Enum(
                "hotline",
                "inspection",
                "arbitration",
                "court",
                name="handoverto",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sent_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_hand_overs_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_hand_overs_person_id")),
        sa.ForeignKeyConstraint(["sent_by"], ["people.id"], name=op.f("fk_aid_hand_overs_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_hand_overs")),
    )
    with op.batch_alter_table("aid_hand_overs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_hand_overs_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_hand_overs_person_id"), ["person_id"], unique=False)

    op.create_table(
        "aid_hearings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "mediation",
                "arbitration",
                "court",
                name="hearingkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_before", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_hearings_case_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name=op.f("fk_aid_hearings_entered_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_hearings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_hearings")),
    )
    with op.batch_alter_table("aid_hearings", schema=None) as batch_op:
        batch_op.create_index("ix_aid_hearings_at", ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_hearings_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_hearings_person_id"), ["person_id"], unique=False)

    op.create_table(
        "aid_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sender_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_from_worker", sa.Boolean(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_messages_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_messages_person_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["people.id"], name=op.f("fk_aid_messages_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_messages")),
    )
    with op.batch_alter_table("aid_messages", schema=None) as batch_op:
        batch_op.create_index("ix_aid_messages_case", ["case_id", "sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_messages_person_id"), ["person_id"], unique=False)

    op.create_table(
        "aid_ratings",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_aid_ratings_stars_known")),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_ratings_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_ratings_person_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_aid_ratings")),
    )
    with op.batch_alter_table("aid_ratings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_ratings_person_id"), ["person_id"], unique=False)

    op.create_table(
        "aid_results",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "settled",
                "won",
                "partly",
                "lost",
                "other",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("closed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_results_case_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f("fk_aid_results_closed_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_results_person_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_aid_results")),
    )
    with op.batch_alter_table("aid_results", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_results_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("aid_results", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_results_person_id"))

    op.drop_table("aid_results")
    with op.batch_alter_table("aid_ratings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_ratings_person_id"))

    op.drop_table("aid_ratings")
    with op.batch_alter_table("aid_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_messages_person_id"))
        batch_op.drop_index("ix_aid_messages_case")

    op.drop_table("aid_messages")
    with op.batch_alter_table("aid_hearings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_hearings_person_id"))
        batch_op.drop_index(batch_op.f("ix_aid_hearings_case_id"))
        batch_op.drop_index("ix_aid_hearings_at")

    op.drop_table("aid_hearings")
    with op.batch_alter_table("aid_hand_overs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_hand_overs_person_id"))
        batch_op.drop_index(batch_op.f("ix_aid_hand_overs_case_id"))

    op.drop_table("aid_hand_overs")
    with op.batch_alter_table("aid_complaints", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aid_complaints_person_id"))
        batch_op.drop_index(batch_op.f("ix_aid_complaints_case_id"))

    op.drop_table("aid_complaints")
