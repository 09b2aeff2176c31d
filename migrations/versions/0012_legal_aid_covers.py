"""legal aid: cover while somebody is absent"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PERSON = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "aid_covers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("absent_id", PERSON, nullable=False),
        sa.Column("cover_id", PERSON, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("entered_by", PERSON, nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", PERSON, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_aid_covers_starts_before_it_ends")),
        sa.CheckConstraint("absent_id <> cover_id", name=op.f("ck_aid_covers_by_another")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_aid_covers_ended_by_somebody")),
        sa.ForeignKeyConstraint(["absent_id"], ["people.id"], name=op.f("fk_aid_covers_absent_id")),
        sa.ForeignKeyConstraint(["cover_id"], ["people.id"], name=op.f("fk_aid_covers_cover_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name=op.f("fk_aid_covers_ended_by")),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name=op.f("fk_aid_covers_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_covers")),
    )
    with op.batch_alter_table("aid_covers", schema=None) as batch_op:
        batch_op.create_index("ix_aid_covers_absent", ["absent_id", "ends_on"], unique=False)
        batch_op.create_index("ix_aid_covers_cover", ["cover_id", "ends_on"], unique=False)


def downgrade() -> None:
    op.drop_table("aid_covers")
