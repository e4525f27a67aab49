"""plans in versions, the links that open them, what became of them, and what a consultant unlocks"""

import sqlalchemy as sa
from alembic import op

from shop.core import append_only
from shop.core.db import JSONType, UTCDateTime, WholeNumber

revision = "0015_plans"
down_revision = "0014_short_dated_goods"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_protocol",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("concern", sa.Text(), nullable=False),
        sa.Column("content", JSONType, nullable=False),
        sa.Column("owner_id", WholeNumber, nullable=True),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("position", WholeNumber, nullable=False),
        sa.Column("archived_at", UTCDateTime(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_plan_protocol_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_protocol")),
    )
    op.create_index("ix_plan_protocol_owner_id", "plan_protocol", ["owner_id"])

    op.create_table(
        "plan",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("consultant_id", WholeNumber, nullable=False),
        sa.Column("protocol_id", WholeNumber, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", WholeNumber, nullable=False),
        sa.Column("shown", WholeNumber, nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("quiet_at", UTCDateTime(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'draft') = (shown is null)", name=op.f("ck_plan_shown")),
        sa.CheckConstraint("state in ('draft', 'sent', 'accepted', 'declined', 'withdrawn')", name=op.f("ck_plan_state")),
        sa.CheckConstraint("(sent_at is null) = (shown is null)", name=op.f("ck_plan_sent")),
        sa.CheckConstraint("version > 0 and (shown is null or shown between 1 and version)", name=op.f("ck_plan_version")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_plan_client_id_client")),
        sa.ForeignKeyConstraint(["consultant_id"], ["user_account.id"], name=op.f("fk_plan_consultant_id_user_account")),
        sa.ForeignKeyConstraint(["protocol_id"], ["plan_protocol.id"], name=op.f("fk_plan_protocol_id_plan_protocol")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("cause", name=op.f("uq_plan_cause")),
        sa.UniqueConstraint("code", name=op.f("uq_plan_code")),
    )
    op.create_index("ix_plan_client", "plan", ["client_id", "id"])
    op.create_index("ix_plan_consultant", "plan", ["consultant_id", "id"])
    op.create_index("ix_plan_review_on", "plan", ["review_on"])
    op.create_index("ix_plan_state", "plan", ["state", "sent_at"])

    op.create_table(
        "unlock",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("product_id", WholeNumber, nullable=True),
        sa.Column("package_id", WholeNumber, nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("(product_id is null) <> (package_id is null)", name=op.f("ck_unlock_one_thing")),
        sa.CheckConstraint("begins_on <= ends_on", name=op.f("ck_unlock_days")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_unlock_client_id_client")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_unlock_package_id_package")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_unlock_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unlock")),
        sa.UniqueConstraint("cause", name=op.f("uq_unlock_cause")),
    )
    op.create_index("ix_unlock_client", "unlock", ["client_id", "ends_on"])

    op.create_table(
        "plan_event",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("plan_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('sent', 'seen', 'confirmed', 'added', 'accepted', 'declined', 'bought', 'reminded', 'stopped', 'reviewed', 'withdrawn')",
            name=op.f("ck_plan_event_kind"),
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_event_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_event")),
        sa.UniqueConstraint("key", name=op.f("uq_plan_event_key")),
    )
    op.create_index("ix_plan_event_plan", "plan_event", ["plan_id", "kind"])

    op.create_table(
        "plan_link",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("plan_id", WholeNumber, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_plan_link_expires")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_link_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_plan_link_token_hash")),
    )
    op.create_index("ix_plan_link_plan_id", "plan_link", ["plan_id"])

    op.create_table(
        "plan_message",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("plan_id", WholeNumber, nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("side in ('client', 'clinic')", name=op.f("ck_plan_message_side")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_message_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_message")),
        sa.UniqueConstraint("cause", name=op.f("uq_plan_message_cause")),
    )
    op.create_index("ix_plan_message_open", "plan_message", ["answered_at", "made_at"])
    op.create_index("ix_plan_message_plan_id", "plan_message", ["plan_id"])

    op.create_table(
        "plan_version",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("plan_id", WholeNumber, nullable=False),
        sa.Column("number", WholeNumber, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("total_minor", WholeNumber, nullable=False),
        sa.Column("optional_minor", WholeNumber, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome = 'plan' or total_minor + optional_minor = 0", name=op.f("ck_plan_version_nothing_costs_nothing")
        ),
        sa.CheckConstraint("outcome in ('plan', 'nothing')", name=op.f("ck_plan_version_outcome")),
        sa.CheckConstraint("total_minor >= 0 and optional_minor >= 0", name=op.f("ck_plan_version_sums")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
    )
    op.create_table(
        "plan_item",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("version_id", WholeNumber, nullable=False),
        sa.Column("position", WholeNumber, nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=True),
        sa.Column("package_id", WholeNumber, nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("essential_slot", WholeNumber, nullable=True),
        sa.Column("quantity", WholeNumber, nullable=False),
        sa.Column("price_minor", WholeNumber, nullable=False),
        sa.Column("clearance", sa.Text(), nullable=False),
        sa.Column("cleared_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(clearance = 'person') = (cleared_by is not null)", name=op.f("ck_plan_item_cleared_by")),
        sa.CheckConstraint(
            "(role = 'essential' and variant_id is not null) = (essential_slot is not null)",
            name=op.f("ck_plan_item_essential_has_slot"),
        ),
        sa.CheckConstraint("clearance in ('rules', 'person')", name=op.f("ck_plan_item_clearance")),
        sa.CheckConstraint("role in ('essential', 'optional')", name=op.f("ck_plan_item_role")),
        sa.CheckConstraint("(variant_id is null) <> (package_id is null)", name=op.f("ck_plan_item_one_thing")),
        sa.CheckConstraint("essential_slot between 1 and 3", name=op.f("ck_plan_item_three_essentials")),
        sa.CheckConstraint("quantity between 1 and 9 and price_minor >= 0", name=op.f("ck_plan_item_amounts")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_plan_item_package_id_package")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_plan_item_variant_id_variant")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_item_version_id_plan_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_item")),
        sa.UniqueConstraint("version_id", "essential_slot", name=op.f("uq_plan_item_version_id_essential_slot")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_plan_item_version_id_position")),
    )
    op.create_index("ix_plan_item_variant", "plan_item", ["variant_id"])

    op.create_table(
        "plan_text",
        sa.Column("version_id", WholeNumber, autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_text_version_id_plan_version")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_plan_text")),
    )
    for table in ("plan_version", "plan_item", "plan_event"):
        for statement in append_only.statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in (
        "plan_text",
        "plan_item",
        "plan_version",
        "plan_message",
        "plan_link",
        "plan_event",
        "unlock",
        "plan",
        "plan_protocol",
    ):
        op.drop_table(table)
