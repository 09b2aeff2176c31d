"""identity: all roles, TOTP, codes to phones, disputed bindings, approval, printed codes"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ROLES_BEFORE = (
    "worker",
    "trainer",
    "training_staff",
    "membership_staff",
    "legal_aid_officer",
    "judge",
    "auditor",
    "administrator",
)
ROLES = (
    "worker",
    "member",
    "trainer",
    "judge",
    "legal_aid_officer",
    "labour_law_supervisor",
    "publishing_staff",
    "training_staff",
    "legal_staff",
    "honours_staff",
    "membership_staff",
    "welfare_staff",
    "reporting_officer",
    "auditor",
    "administrator",
)
TRIED_BEFORE = ("password", "binding", "attendance_code")
TRIED = ("password", "totp", "binding", "phone_code", "text_message", "attendance_code")


def closed_list(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def allow(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    """Give a closed list other members."""
    check = f"ck_{table}_{name}"
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(check), type_="check")
        batch_op.create_check_constraint(batch_op.f(check), f"{column} IN ({listed})")


def upgrade() -> None:
    allow("role_grants", "role", "role", ROLES)
    allow("attempts", "kind", "attemptkind", TRIED)
    op.add_column("people", sa.Column("phone_proved_at", INSTANT, nullable=True))
    op.add_column("sign_ins", sa.Column("device", sa.String(length=100), nullable=True))
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("node_id", ID, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_accounts_node_id"), "union_nodes", ["node_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_accounts_node_id"), ["node_id"], unique=False)
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.alter_column("must_change", server_default=None)

    op.create_table(
        "authenticators",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_authenticators_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticators")),
        sa.UniqueConstraint("account_id", name=op.f("uq_authenticators_account_id")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_recovery_codes_digest")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"], unique=False)
    op.create_table(
        "phone_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.CheckConstraint("tries_left >= 0", name=op.f("ck_phone_codes_tries_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_phone_codes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_codes")),
    )
    op.create_index(op.f("ix_phone_codes_created_at"), "phone_codes", ["created_at"], unique=False)
    op.create_index("ix_phone_codes_person", "phone_codes", ["person_id", "phone_index"], unique=False)
    op.create_table(
        "binding_cases",
        sa.Column("id", ID, nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            closed_list("bindingcasekind", "bound_elsewhere", "new_phone", "lost_account", "not_listed"),
            nullable=False,
        ),
        sa.Column("state", closed_list("bindingcasestate", "open", "moved", "refused"), nullable=False),
        sa.Column("claimant_id", ID, nullable=False),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("node_id", ID, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_binding_cases_decided_when_closed")
        ),
        sa.ForeignKeyConstraint(["claimant_id"], ["people.id"], name=op.f("fk_binding_cases_claimant_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_binding_cases_decided_by")),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_binding_cases_node_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["people.id"], name=op.f("fk_binding_cases_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding_cases")),
        sa.UniqueConstraint("uid", name=op.f("uq_binding_cases_uid")),
    )
    op.create_index(op.f("ix_binding_cases_node_id"), "binding_cases", ["node_id"], unique=False)
    op.create_index(op.f("ix_binding_cases_subject_id"), "binding_cases", ["subject_id"], unique=False)
    op.create_index(
        "uq_binding_cases_one_open",
        "binding_cases",
        ["claimant_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "node_settings",
        sa.Column("node_id", ID, nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["union_nodes.id"], name=op.f("fk_node_settings_node_id")),
        sa.PrimaryKeyConstraint("node_id", name=op.f("pk_node_settings")),
    )
    op.create_table(
        "class_authors",
        sa.Column("class_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_class_authors_class_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_class_authors_person_id")),
        sa.PrimaryKeyConstraint("class_id", "person_id", name=op.f("pk_class_authors")),
    )
    op.create_table(
        "class_approvals",
        sa.Column("id", ID, nullable=False),
        sa.Column("class_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "state", closed_list("approvalstate", "waiting", "approved", "sent_back", "withdrawn"), nullable=False
        ),
        sa.Column("submitted_by", ID, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_class_approvals_decided_when_closed")
        ),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_class_approvals_class_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_class_approvals_decided_by")),
        sa.ForeignKeyConstraint(["submitted_by"], ["people.id"], name=op.f("fk_class_approvals_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_approvals")),
    )
    op.create_index(op.f("ix_class_approvals_class_id"), "class_approvals", ["class_id"], unique=False)
    op.create_index(
        "uq_class_approvals_one_waiting",
        "class_approvals",
        ["class_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "tickets",
        sa.Column("scene", sa.String(length=32), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("kind", closed_list("offeringkind", "training_class"), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("scene", name=op.f("pk_tickets")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_tickets_kind_subject_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_tickets_uid")),
    )


def downgrade() -> None:
    for table in (
        "tickets",
        "class_approvals",
        "class_authors",
        "node_settings",
        "binding_cases",
        "phone_codes",
        "recovery_codes",
        "authenticators",
    ):
        op.drop_table(table)
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_node_id"))
        batch_op.drop_constraint(batch_op.f("fk_accounts_node_id"), type_="foreignkey")
        batch_op.drop_column("node_id")
        batch_op.drop_column("must_change")
    op.drop_column("sign_ins", "device")
    op.drop_column("people", "phone_proved_at")
    new = tuple(role for role in ROLES if role not in ROLES_BEFORE)
    op.execute(sa.text(f"DELETE FROM role_grants WHERE role IN {new}"))
    op.execute(sa.text(f"DELETE FROM attempts WHERE kind NOT IN {TRIED_BEFORE}"))
    allow("attempts", "kind", "attemptkind", TRIED_BEFORE)
    allow("role_grants", "role", "role", ROLES_BEFORE)
