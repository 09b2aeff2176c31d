"""wechat: access tokens shared by all processes, message pushes seen lately"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "wechat_tokens",
        sa.Column("appid", sa.String(length=32), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("token_digest", sa.String(length=64), nullable=True),
        sa.Column("obtained_at", INSTANT, nullable=True),
        sa.Column("renew_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("refused_digest", sa.String(length=64), nullable=True),
        sa.Column("forced_at", INSTANT, nullable=True),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("appid", name=op.f("pk_wechat_tokens")),
        sa.UniqueConstraint("uid", name=op.f("uq_wechat_tokens_uid")),
    )
    op.create_table(
        "wechat_pushes",
        sa.Column("nonce_digest", sa.String(length=64), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("nonce_digest", name=op.f("pk_wechat_pushes")),
    )
    with op.batch_alter_table("wechat_pushes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wechat_pushes_seen_at"), ["seen_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("wechat_pushes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wechat_pushes_seen_at"))
    op.drop_table("wechat_pushes")
    op.drop_table("wechat_tokens")
