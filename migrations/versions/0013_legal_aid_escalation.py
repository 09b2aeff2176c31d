"""legal aid: escalation of overdue clocks"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PERSON = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("decision", "assignment", "objection", "consultation", "complaint")


def upgrade() -> None:
    with op.batch_alter_table("aid_settings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("escalation_days", sa.Integer(), nullable=True))
        batch_op.create_check_constraint("escalation_known", "escalation_days BETWEEN 1 AND 60")
    op.create_table(
        "aid_escalations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="escalationkind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "to",
            sa.Enum(
                "office",
                "supervisor",
                "upper",
                name="escalatedto",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("node_id", PERSON, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("step BETWEEN 0 AND 20", name=op.f("ck_aid_escalations_step_known")),
        sa.ForeignKeyConstraint(["case_id"], ["aid_cases.id"], name=op.f("fk_aid_escalations_case_id")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_aid_escalations_node_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aid_escalations")),
        sa.UniqueConstraint(
            "kind", "subject_id", "due_on", "step", name=op.f("uq_aid_escalations_kind_subject_id_due_on_step")
        ),
    )
    with op.batch_alter_table("aid_escalations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aid_escalations_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_table("aid_escalations")
    with op.batch_alter_table("aid_settings", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_aid_settings_escalation_known"), type_="check")
        batch_op.drop_column("escalation_days")
