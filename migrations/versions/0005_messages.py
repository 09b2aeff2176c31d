"""messages: announcements, credits for subscribe messages, outbox rows of which nobody knows whether they went out"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
STATES = ("due", "done", "dead")


def allow(values: tuple[str, ...]) -> None:
    """Give the outbox other states."""
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_outbox_outboxstate"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_outbox_outboxstate"), f"state IN ({listed})")


def upgrade() -> None:
    allow((*STATES, "unclear"))
    op.create_table(
        "subscription_credits",
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("reported", sa.Integer(), nullable=False),
        sa.Column("pushed", sa.Integer(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "reported >= 0 AND pushed >= 0 AND spent >= 0", name=op.f("ck_subscription_credits_counted")
        ),
        sa.CheckConstraint("spent <= reported OR spent <= pushed", name=op.f("ck_subscription_credits_not_overspent")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_subscription_credits_person_id")),
        sa.PrimaryKeyConstraint("person_id", "template_id", name=op.f("pk_subscription_credits")),
    )
    op.create_table(
        "announcements",
        sa.Column("id", ID, nullable=False),
        sa.Column("node_id", ID, nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "scheduled",
                "sending",
                "sent",
                "cancelled",
                name="announcementstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("send_at", INSTANT, nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("changed_by", ID, nullable=False),
        sa.Column("approved_by", ID, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("reached >= 0", name=op.f("ck_announcements_reached_counted")),
        sa.CheckConstraint(
            "approved_by IS NULL OR (approved_by <> created_by AND approved_by <> changed_by)",
            name=op.f("ck_announcements_second"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('sending', 'sent') OR total IS NOT NULL", name=op.f("ck_announcements_total_known")
        ),
        sa.CheckConstraint(
            "state NOT IN ('scheduled', 'sending', 'sent') OR send_at IS NOT NULL",
            name=op.f("ck_announcements_time_known"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["people.id"], name=op.f("fk_announcements_approved_by")),
        sa.ForeignKeyConstraint(["changed_by"], ["people.id"], name=op.f("fk_announcements_changed_by")),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_announcements_created_by")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_announcements_node_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    with op.batch_alter_table("announcements", schema=None) as batch_op:
        batch_op.create_index("ix_announcements_node", ["node_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("announcements")
    op.drop_table("subscription_credits")
    # The release before knows no unclear rows: given up is the nearest, and is not sent again by itself.
    op.execute("UPDATE outbox SET state = 'dead' WHERE state = 'unclear'")
    allow(STATES)
