"""personal data: the audit trail's chain, decided consents, requests about one's own data"""

import sqlalchemy as sa
from alembic import op

from service.core import append_only

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ENTRY_EXPIRED = (
    "EXISTS (SELECT 1 FROM audit_seals s JOIN audit_checkpoints c ON c.sequence >= s.sequence"
    " WHERE s.entry_id = OLD.id AND c.is_expiry)"
)
SEAL_EXPIRED = "EXISTS (SELECT 1 FROM audit_checkpoints c WHERE c.sequence >= OLD.sequence AND c.is_expiry)"
PROTECTED = {
    "audit_entries": ENTRY_EXPIRED,
    "audit_seals": SEAL_EXPIRED,
    "audit_checkpoints": "",
    "consent_decisions": "",
}


def upgrade() -> None:
    op.create_table(
        "audit_checkpoints",
        sa.Column("id", ID, nullable=False),
        sa.Column("sequence", ID, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("is_expiry", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checkpoints")),
        sa.UniqueConstraint("sequence", "is_expiry", name=op.f("uq_audit_checkpoints_sequence_is_expiry")),
    )
    op.create_table(
        "audit_seals",
        sa.Column("sequence", ID, autoincrement=False, nullable=False),
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seals_entry_id")),
    )
    op.create_table(
        "account_closures",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "withdrawn",
                "done",
                name="closurestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_account_closures_ended_when_over")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_account_closures_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_closures")),
    )
    with op.batch_alter_table("account_closures", schema=None) as batch_op:
        batch_op.create_index("ix_account_closures_due", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_closures_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_account_closures_one_waiting",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "consent_decisions",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("sign_in_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consent_decisions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_decisions")),
    )
    with op.batch_alter_table("consent_decisions", schema=None) as batch_op:
        batch_op.create_index("ix_consent_decisions_person", ["person_id", "id"], unique=False)

    op.create_table(
        "data_copies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "preparing", "ready", "expired", name="copystate", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("prepared_at", INSTANT, nullable=True),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'preparing') = (expires_at IS NULL)", name=op.f("ck_data_copies_prepared_expires")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_data_copies_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_copies")),
    )
    with op.batch_alter_table("data_copies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_copies_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_data_copies_person", ["person_id", "requested_at"], unique=False)
        batch_op.create_index(
            "uq_data_copies_one_in_preparation",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'preparing'"),
            postgresql_where=sa.text("state = 'preparing'"),
        )

    op.create_table(
        "data_corrections",
        sa.Column("id", ID, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column(
            "field",
            sa.Enum(
                "name",
                "id_number",
                "employer",
                "membership",
                "training",
                "other",
                name="correctionfield",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "refused",
                name="correctionstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("wanted_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_data_corrections_decided_when_closed")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_data_corrections_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_data_corrections_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_corrections")),
        sa.UniqueConstraint("uid", name=op.f("uq_data_corrections_uid")),
    )
    with op.batch_alter_table("data_corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_corrections_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_data_corrections_requested_at"), ["requested_at"], unique=False)
        batch_op.create_index(
            "uq_data_corrections_one_open",
            ["person_id", "field"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "audit_private",
        sa.Column("entry_id", ID, autoincrement=False, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entries.id"], name=op.f("fk_audit_private_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_private")),
    )
    op.create_table(
        "audit_subjects",
        sa.Column("entry_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entries.id"], name=op.f("fk_audit_subjects_entry_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_audit_subjects_person_id")),
        sa.PrimaryKeyConstraint("entry_id", "person_id", name=op.f("pk_audit_subjects")),
    )
    with op.batch_alter_table("audit_subjects", schema=None) as batch_op:
        batch_op.create_index("ix_audit_subjects_person", ["person_id", "entry_id"], unique=False)

    op.add_column("audit_entries", sa.Column("private_hash", sa.String(length=64), nullable=True))
    op.create_index("ix_audit_entries_actor", "audit_entries", ["actor_id", "id"], unique=False)
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"], unique=False)
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.alter_column("version", server_default=None)
    op.add_column("people", sa.Column("erased_at", INSTANT, nullable=True))
    protect()


def protect() -> None:
    """The entries' own protection gives way to one that lets expired rows go; the new tables only grow."""
    dialect = op.get_context().dialect.name
    for statement in append_only.release(dialect, "audit_entries"):
        op.execute(statement)
    for table, unless in PROTECTED.items():
        for statement in append_only.statements(dialect, table, unless):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_context().dialect.name
    for table, unless in PROTECTED.items():
        for statement in append_only.release(dialect, table, unless):
            op.execute(statement)
    op.drop_column("people", "erased_at")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_column("version")
    op.drop_index("ix_audit_entries_at", "audit_entries")
    op.drop_index("ix_audit_entries_actor", "audit_entries")
    op.drop_column("audit_entries", "private_hash")
    for table in (
        "audit_subjects",
        "audit_private",
        "data_corrections",
        "data_copies",
        "consent_decisions",
        "account_closures",
        "audit_seals",
        "audit_checkpoints",
    ):
        op.drop_table(table)
    for statement in append_only.statements(dialect, "audit_entries"):
        op.execute(statement)
