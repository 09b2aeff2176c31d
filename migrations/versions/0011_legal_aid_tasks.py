"""legal aid: tasks on a case"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PERSON = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "aid_tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", PERSON, nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assignee_id", PERSON, nullable=False),
        sa.Column("added_by", PERSON, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", PERSON, nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name=op.f("ck_aid_tasks_done_by_somebody")),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name=op.f("fk_aid_tasks_added_by")),
        sa.ForeignKeyConstraint(["assignee_id"], ["people.id"], name=op.f("fk_aid_tasks_assignee_id")),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_tasks_case_id")),
        sa.ForeignKeyConstraint(["done_by"], ["people.id"], name=op.f("fk_aid_tasks_done_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_aid_tasks_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_tasks")),
    )
    with op.batch_alter_table("aid_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_tasks_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_aid_tasks_open", ["assignee_id", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_aid_tasks_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("aid_tasks")
