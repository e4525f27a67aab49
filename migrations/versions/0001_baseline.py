"""baseline"""

import sqlalchemy as sa
from alembic import op

from shop.catalog import search_tables
from shop.core import append_only
from shop.core.db import JSONType, UTCDateTime, WholeNumber
from shop.core.encryption import EncryptedText

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LEDGERS = ["credit_move", "history", "invoice", "payment_event", "stock_movement", "text_version"]


def upgrade() -> None:
    op.create_table(
        "addon",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("blurb", sa.Text(), nullable=False),
        sa.Column("per_session_minor", WholeNumber, nullable=False),
        sa.Column("minutes", WholeNumber, nullable=False),
        sa.Column("not_with", JSONType, nullable=False),
        sa.Column("vat_percent", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addon")),
        sa.UniqueConstraint("slug", name=op.f("uq_addon_slug")),
    )
    op.create_table(
        "attention",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("what_to_do", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("resolved_at", UTCDateTime(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attention")),
        sa.UniqueConstraint("key", name=op.f("uq_attention_key")),
    )
    with op.batch_alter_table("attention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attention_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_attention_resolved_at"), ["resolved_at"], unique=False)

    op.create_table(
        "box",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("blurb", sa.Text(), nullable=False),
        sa.Column("price_minor", WholeNumber, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box")),
        sa.UniqueConstraint("slug", name=op.f("uq_box_slug")),
    )
    op.create_table(
        "brand",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("story_md", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand")),
        sa.UniqueConstraint("name", name=op.f("uq_brand_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_brand_slug")),
    )
    op.create_table(
        "concern",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("blurb", sa.Text(), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("hue", WholeNumber, nullable=False),
        sa.Column("drawing", sa.Text(), nullable=False),
        sa.Column("position", WholeNumber, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("slug", name=op.f("uq_concern_slug")),
    )
    op.create_table(
        "handle",
        sa.Column("old_path", sa.Text(), nullable=False),
        sa.Column("new_path", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("old_path", name=op.f("pk_handle")),
    )
    op.create_table(
        "history",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("axis", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("now", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("details", JSONType, nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index("ix_history_subject", ["subject", "id"], unique=False)

    op.create_table(
        "invoice_series",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", WholeNumber, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_invoice_series")),
    )
    op.create_table(
        "limit_count",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("window", WholeNumber, autoincrement=False, nullable=False),
        sa.Column("uses", WholeNumber, nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_limit_count")),
    )
    with op.batch_alter_table("limit_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_limit_count_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "location",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("slug", name=op.f("uq_location_slug")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("payload", JSONType, nullable=False),
        sa.Column("put_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("leased_until", UTCDateTime(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("tries", WholeNumber, nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_open", ["done_at", "due_at"], unique=False)

    op.create_table(
        "payment_attempt",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("amount_minor", WholeNumber, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("asked", JSONType, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("session_url", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('made', 'open', 'paid', 'expired', 'failed', 'odd')", name=op.f("ck_payment_attempt_state")
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_payment_attempt_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempt")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_attempt_idempotency_key")),
        sa.UniqueConstraint("session_id", name=op.f("uq_payment_attempt_session_id")),
    )
    with op.batch_alter_table("payment_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_payment_attempt_order", ["order_number", "id"], unique=False)
        batch_op.create_index("ix_payment_attempt_state", ["state", "expires_at"], unique=False)

    op.create_table(
        "payment_event",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tender", sa.Text(), nullable=False),
        sa.Column("amount_minor", WholeNumber, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("payment_intent", sa.Text(), nullable=True),
        sa.Column("attempt_id", WholeNumber, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "tender in ('stripe', 'gift_card', 'cash', 'terminal', 'bank', 'none')", name=op.f("ck_payment_event_tender")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_event")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_event_reference")),
    )
    with op.batch_alter_table("payment_event", schema=None) as batch_op:
        batch_op.create_index("ix_payment_event_order", ["order_number", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_event_payment_intent"), ["payment_intent"], unique=False)

    op.create_table(
        "payment_inbox",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("payload", JSONType, nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("tries", WholeNumber, nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_payment_inbox")),
    )
    with op.batch_alter_table("payment_inbox", schema=None) as batch_op:
        batch_op.create_index("ix_payment_inbox_open", ["done_at", "due_at"], unique=False)

    op.create_table(
        "refund",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("tender", sa.Text(), nullable=False),
        sa.Column("amount_minor", WholeNumber, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("parts", JSONType, nullable=False),
        sa.Column("payment_intent", sa.Text(), nullable=True),
        sa.Column("stripe_id", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("requested_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "state in ('requested', 'submitted', 'pending', 'requires_action', 'succeeded', 'failed', 'canceled', 'unknown')",
            name=op.f("ck_refund_state"),
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refund_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("cause", name=op.f("uq_refund_cause")),
        sa.UniqueConstraint("stripe_id", name=op.f("uq_refund_stripe_id")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_order_number"), ["order_number"], unique=False)

    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", JSONType, nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "synonym",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_synonym")),
    )
    op.create_table(
        "team_member",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("portrait", JSONType, nullable=False),
        sa.Column("position", WholeNumber, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint("slug", name=op.f("uq_team_member_slug")),
    )
    op.create_table(
        "text_version",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", WholeNumber, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_version")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_text_version_kind_version")),
    )
    op.create_table(
        "treatment",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sold_as", sa.Text(), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("stages", JSONType, nullable=False),
        sa.Column("minutes", WholeNumber, nullable=False),
        sa.Column("discomfort", sa.Text(), nullable=False),
        sa.Column("downtime", sa.Text(), nullable=False),
        sa.Column("results_show", sa.Text(), nullable=False),
        sa.Column("results_last", sa.Text(), nullable=False),
        sa.Column("side_effects", JSONType, nullable=False),
        sa.Column("sets_apart", JSONType, nullable=False),
        sa.Column("doctor_first", JSONType, nullable=False),
        sa.Column("not_for", JSONType, nullable=False),
        sa.Column("upkeep", sa.Text(), nullable=False),
        sa.Column("position", WholeNumber, nullable=False),
        sa.CheckConstraint("sold_as in ('online', 'consultation', 'unsold')", name=op.f("ck_treatment_sold_as")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment")),
        sa.UniqueConstraint("slug", name=op.f("uq_treatment_slug")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("disabled_at", UTCDateTime(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("totp_secret", EncryptedText(), nullable=True),
        sa.Column("totp_step", WholeNumber, nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_account_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "addon_treatment",
        sa.Column("addon_id", WholeNumber, nullable=False),
        sa.Column("treatment_id", WholeNumber, nullable=False),
        sa.ForeignKeyConstraint(["addon_id"], ["addon.id"], name=op.f("fk_addon_treatment_addon_id_addon")),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatment.id"], name=op.f("fk_addon_treatment_treatment_id_treatment")),
        sa.PrimaryKeyConstraint("addon_id", "treatment_id", name=op.f("pk_addon_treatment")),
    )
    op.create_table(
        "bag",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("user_id", WholeNumber, nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_bag_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bag")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_bag_token_hash")),
        sa.UniqueConstraint("user_id", name=op.f("uq_bag_user_id")),
    )
    op.create_table(
        "client",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("user_id", WholeNumber, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_client_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("user_id", name=op.f("uq_client_user_id")),
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index("ix_client_email", ["email"], unique=False)

    op.create_table(
        "known_device",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("proved_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_known_device_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_known_device_token_hash")),
    )
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_device_user_id"), ["user_id"], unique=False)

    op.create_table(
        "mail_token",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", WholeNumber, nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("facts", JSONType, nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("tries", WholeNumber, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_mail_token_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_token_token_hash")),
    )
    with op.batch_alter_table("mail_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "package",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("treatment_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("statement_name", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("sessions", WholeNumber, nullable=False),
        sa.Column("gaps", JSONType, nullable=False),
        sa.Column("validity_days", WholeNumber, nullable=False),
        sa.Column("price_minor", WholeNumber, nullable=False),
        sa.Column("single_minor", WholeNumber, nullable=False),
        sa.Column("vat_percent", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position", WholeNumber, nullable=False),
        sa.CheckConstraint("kind in ('single', 'series', 'upkeep')", name=op.f("ck_package_kind")),
        sa.CheckConstraint("sessions > 0 and price_minor > 0 and validity_days > 0", name=op.f("ck_package_positive")),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatment.id"], name=op.f("fk_package_treatment_id_treatment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
        sa.UniqueConstraint("slug", name=op.f("uq_package_slug")),
    )
    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_package_treatment_id"), ["treatment_id"], unique=False)

    op.create_table(
        "product",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("brand_id", WholeNumber, nullable=False),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("texture", sa.Text(), nullable=False),
        sa.Column("blurb", sa.Text(), nullable=False),
        sa.Column("body_md", sa.Text(), nullable=False),
        sa.Column("how_to_use", sa.Text(), nullable=False),
        sa.Column("inci", sa.Text(), nullable=False),
        sa.Column("reading", sa.Text(), nullable=False),
        sa.Column("skin_types", JSONType, nullable=False),
        sa.Column("key_actives", JSONType, nullable=False),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.Column("responsible_person", sa.Text(), nullable=False),
        sa.Column("pao_months", WholeNumber, nullable=True),
        sa.Column("amount_per_use_ml", sa.Text(), nullable=True),
        sa.Column("uses_per_day", WholeNumber, nullable=True),
        sa.Column("drawing", JSONType, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("gated", sa.Boolean(), nullable=False),
        sa.Column("popularity", WholeNumber, nullable=False),
        sa.Column("price_minor", WholeNumber, nullable=False),
        sa.Column("in_stock", sa.Boolean(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("reading in ('assessed', 'partly', 'unknown')", name=op.f("ck_product_reading")),
        sa.CheckConstraint("state in ('draft', 'live', 'archived')", name=op.f("ck_product_state")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_product_price")),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_product_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("slug", name=op.f("uq_product_slug")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_product_live_brand", ["state", "brand_id", "popularity", "id"], unique=False)
        batch_op.create_index("ix_product_live_name", ["state", "name", "id"], unique=False)
        batch_op.create_index("ix_product_live_newest", ["state", "made_at", "id"], unique=False)
        batch_op.create_index("ix_product_live_popularity", ["state", "popularity", "id"], unique=False)
        batch_op.create_index("ix_product_live_price", ["state", "price_minor", "id"], unique=False)
        batch_op.create_index("ix_product_live_step", ["state", "step", "popularity", "id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", WholeNumber, nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("second_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("device", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sign_in_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "treatment_concern",
        sa.Column("treatment_id", WholeNumber, nullable=False),
        sa.Column("concern_id", WholeNumber, nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_treatment_concern_concern_id_concern")),
        sa.ForeignKeyConstraint(
            ["treatment_id"], ["treatment.id"], name=op.f("fk_treatment_concern_treatment_id_treatment")
        ),
        sa.PrimaryKeyConstraint("treatment_id", "concern_id", name=op.f("pk_treatment_concern")),
    )
    op.create_table(
        "address",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("line1", sa.Text(), nullable=False),
        sa.Column("line2", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_address_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_client_id"), ["client_id"], unique=False)

    op.create_table(
        "credit",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("client_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("package_id", WholeNumber, nullable=True),
        sa.Column("treatment_id", WholeNumber, nullable=True),
        sa.Column("addon_id", WholeNumber, nullable=True),
        sa.Column("parent_id", WholeNumber, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("statement_name", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("gaps", JSONType, nullable=False),
        sa.Column("granted", WholeNumber, nullable=False),
        sa.Column("free", WholeNumber, nullable=False),
        sa.Column("held", WholeNumber, nullable=False),
        sa.Column("used", WholeNumber, nullable=False),
        sa.Column("reserved", WholeNumber, nullable=False),
        sa.Column("units", JSONType, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("bought_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=True),
        sa.Column("extensions", WholeNumber, nullable=False),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind in ('sessions', 'addon')", name=op.f("ck_credit_kind")),
        sa.CheckConstraint(
            "free >= 0 and used >= 0 and reserved >= 0 and held >= reserved", name=op.f("ck_credit_never_negative")
        ),
        sa.ForeignKeyConstraint(["addon_id"], ["addon.id"], name=op.f("fk_credit_addon_id_addon")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_credit_client_id_client")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_credit_package_id_package")),
        sa.ForeignKeyConstraint(["parent_id"], ["credit.id"], name=op.f("fk_credit_parent_id_credit")),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatment.id"], name=op.f("fk_credit_treatment_id_treatment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
        sa.UniqueConstraint("cause", name=op.f("uq_credit_cause")),
        sa.UniqueConstraint("code", name=op.f("uq_credit_code")),
    )
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.create_index("ix_credit_client", ["client_id", "expires_on"], unique=False)
        batch_op.create_index("ix_credit_expiry", ["expires_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_order_number"), ["order_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_credit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "orders",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("client_id", WholeNumber, nullable=True),
        sa.Column("bag_id", WholeNumber, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fulfilment", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("address", JSONType, nullable=False),
        sa.Column("for_someone", JSONType, nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("goods_minor", WholeNumber, nullable=False),
        sa.Column("sessions_minor", WholeNumber, nullable=False),
        sa.Column("delivery_minor", WholeNumber, nullable=False),
        sa.Column("discount_minor", WholeNumber, nullable=False),
        sa.Column("total_minor", WholeNumber, nullable=False),
        sa.Column("vat_minor", WholeNumber, nullable=False),
        sa.Column("has_sessions", sa.Boolean(), nullable=False),
        sa.Column("consents", JSONType, nullable=False),
        sa.Column("promise", JSONType, nullable=False),
        sa.Column("holds", JSONType, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("placed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "fulfilment in ('none', 'open', 'part', 'done', 'cancelled')", name=op.f("ck_orders_fulfilment")
        ),
        sa.CheckConstraint("state in ('open', 'placed', 'lapsed', 'cancelled')", name=op.f("ck_orders_state")),
        sa.CheckConstraint("total_minor >= 0 and vat_minor >= 0", name=op.f("ck_orders_amounts")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_orders_client_id_client")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_client_id"), ["client_id"], unique=False)
        batch_op.create_index("ix_orders_email", ["email"], unique=False)
        batch_op.create_index("ix_orders_placed", ["placed_at", "id"], unique=False)
        batch_op.create_index("ix_orders_state_made", ["state", "made_at"], unique=False)
        batch_op.create_index(
            "uq_orders_open_bag",
            ["bag_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "product_concern",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("product_id", WholeNumber, nullable=False),
        sa.Column("concern_id", WholeNumber, nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Text(), nullable=False),
        sa.Column("line", WholeNumber, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.CheckConstraint("origin in ('rule', 'person')", name=op.f("ck_product_concern_origin")),
        sa.CheckConstraint(
            "phase in ('prepare', 'day-0-3', 'recover', 'between', 'maintain')", name=op.f("ck_product_concern_phase")
        ),
        sa.CheckConstraint("role in ('essential', 'helpful')", name=op.f("ck_product_concern_role")),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_product_concern_concern_id_concern")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_concern_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_concern")),
        sa.UniqueConstraint(
            "product_id", "concern_id", "phase", name=op.f("uq_product_concern_product_id_concern_id_phase")
        ),
    )
    with op.batch_alter_table("product_concern", schema=None) as batch_op:
        batch_op.create_index("ix_product_concern_by_concern", ["concern_id", "product_id"], unique=False)

    op.create_table(
        "product_facet",
        sa.Column("product_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_facet_product_id_product")),
        sa.PrimaryKeyConstraint("product_id", "kind", "value", name=op.f("pk_product_facet")),
    )
    with op.batch_alter_table("product_facet", schema=None) as batch_op:
        batch_op.create_index("ix_product_facet_value", ["kind", "value", "product_id"], unique=False)

    op.create_table(
        "variant",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("product_id", WholeNumber, nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("barcode", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("price_minor", WholeNumber, nullable=False),
        sa.Column("compare_at_minor", WholeNumber, nullable=True),
        sa.Column("content_amount", WholeNumber, nullable=True),
        sa.Column("content_unit", sa.Text(), nullable=False),
        sa.Column("weight_grams", WholeNumber, nullable=False),
        sa.Column("vat_percent", sa.Text(), nullable=False),
        sa.Column("position", WholeNumber, nullable=False),
        sa.Column("in_stock", sa.Boolean(), nullable=False),
        sa.Column("is_sold", sa.Boolean(), nullable=False),
        sa.CheckConstraint("content_unit in ('ml', 'g', 'piece')", name=op.f("ck_variant_content_unit")),
        sa.CheckConstraint("price_minor >= 0 and weight_grams >= 0", name=op.f("ck_variant_not_negative")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_variant_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
        sa.UniqueConstraint("sku", name=op.f("uq_variant_sku")),
    )
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_variant_barcode"), ["barcode"], unique=False)
        batch_op.create_index(batch_op.f("ix_variant_product_id"), ["product_id"], unique=False)

    op.create_table(
        "bag_line",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("bag_id", WholeNumber, nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=True),
        sa.Column("package_id", WholeNumber, nullable=True),
        sa.Column("box_id", WholeNumber, nullable=True),
        sa.Column("quantity", WholeNumber, nullable=False),
        sa.Column("addons", JSONType, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(case when variant_id is null then 0 else 1 end) + (case when package_id is null then 0 else 1 end) + (case when box_id is null then 0 else 1 end) = 1",
            name=op.f("ck_bag_line_one_thing"),
        ),
        sa.CheckConstraint("quantity between 1 and 99", name=op.f("ck_bag_line_quantity")),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_bag_line_bag_id_bag"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["box_id"], ["box.id"], name=op.f("fk_bag_line_box_id_box")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_bag_line_package_id_package")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_bag_line_variant_id_variant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bag_line")),
    )
    with op.batch_alter_table("bag_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bag_line_bag_id"), ["bag_id"], unique=False)

    op.create_table(
        "box_item",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("box_id", WholeNumber, nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=True),
        sa.Column("package_id", WholeNumber, nullable=True),
        sa.Column("quantity", WholeNumber, nullable=False),
        sa.CheckConstraint("(variant_id is null) <> (package_id is null)", name=op.f("ck_box_item_one_component")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_box_item_quantity")),
        sa.ForeignKeyConstraint(["box_id"], ["box.id"], name=op.f("fk_box_item_box_id_box")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_box_item_package_id_package")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_box_item_variant_id_variant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box_item")),
    )
    with op.batch_alter_table("box_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_box_item_box_id"), ["box_id"], unique=False)

    op.create_table(
        "credit_move",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("credit_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sessions", WholeNumber, nullable=False),
        sa.Column("gross_minor", WholeNumber, nullable=False),
        sa.Column("vat_minor", WholeNumber, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("sessions >= 0 and gross_minor >= 0 and vat_minor >= 0", name=op.f("ck_credit_move_amounts")),
        sa.ForeignKeyConstraint(["credit_id"], ["credit.id"], name=op.f("fk_credit_move_credit_id_credit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_move")),
        sa.UniqueConstraint("cause", name=op.f("uq_credit_move_cause")),
    )
    with op.batch_alter_table("credit_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_move_credit_id"), ["credit_id"], unique=False)

    op.create_table(
        "invoice",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("serial", WholeNumber, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("order_id", WholeNumber, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("content", JSONType, nullable=False),
        sa.Column("gross_minor", WholeNumber, nullable=False),
        sa.Column("vat_minor", WholeNumber, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("issued_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind in ('invoice', 'credit_note')", name=op.f("ck_invoice_kind")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_invoice_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("cause", name=op.f("uq_invoice_cause")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_number")),
        sa.UniqueConstraint("series", "serial", name=op.f("uq_invoice_series_serial")),
    )
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_order_id"), ["order_id"], unique=False)

    op.create_table(
        "lot",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state in ('open', 'quarantine', 'recalled')", name=op.f("ck_lot_state")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_lot_variant_id_variant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("variant_id", "code", name=op.f("uq_lot_variant_id_code")),
    )
    op.create_table(
        "stock",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=False),
        sa.Column("location_id", WholeNumber, nullable=False),
        sa.Column("lot_id", WholeNumber, nullable=False),
        sa.Column("on_hand", WholeNumber, nullable=False),
        sa.Column("allocated", WholeNumber, nullable=False),
        sa.Column("held", WholeNumber, nullable=False),
        sa.CheckConstraint(
            "allocated >= 0 and held >= 0 and on_hand >= allocated + held", name=op.f("ck_stock_never_oversold")
        ),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_stock_location_id_location")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_stock_lot_id_lot")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_stock_variant_id_variant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock")),
        sa.UniqueConstraint("variant_id", "location_id", "lot_id", name=op.f("uq_stock_variant_id_location_id_lot_id")),
    )
    with op.batch_alter_table("stock", schema=None) as batch_op:
        batch_op.create_index("ix_stock_lot", ["lot_id"], unique=False)

    op.create_table(
        "order_line",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("order_id", WholeNumber, nullable=False),
        sa.Column("position", WholeNumber, nullable=False),
        sa.Column("parent_position", WholeNumber, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("variant_id", WholeNumber, nullable=True),
        sa.Column("package_id", WholeNumber, nullable=True),
        sa.Column("addon_id", WholeNumber, nullable=True),
        sa.Column("box_id", WholeNumber, nullable=True),
        sa.Column("stock_id", WholeNumber, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("statement_name", sa.Text(), nullable=False),
        sa.Column("details", JSONType, nullable=False),
        sa.Column("quantity", WholeNumber, nullable=False),
        sa.Column("list_minor", WholeNumber, nullable=False),
        sa.Column("gross_minor", WholeNumber, nullable=False),
        sa.Column("vat_percent", sa.Text(), nullable=False),
        sa.Column("vat_minor", WholeNumber, nullable=False),
        sa.Column("unit_gross", JSONType, nullable=False),
        sa.Column("unit_vat", JSONType, nullable=False),
        sa.Column("done", WholeNumber, nullable=False),
        sa.CheckConstraint(
            "kind in ('variant', 'package', 'addon', 'box', 'gift_card', 'upgrade', 'consultation', 'shipping')",
            name=op.f("ck_order_line_kind"),
        ),
        sa.CheckConstraint("done between 0 and quantity", name=op.f("ck_order_line_done")),
        sa.CheckConstraint("quantity > 0 and gross_minor >= 0 and vat_minor >= 0", name=op.f("ck_order_line_amounts")),
        sa.ForeignKeyConstraint(["addon_id"], ["addon.id"], name=op.f("fk_order_line_addon_id_addon")),
        sa.ForeignKeyConstraint(["box_id"], ["box.id"], name=op.f("fk_order_line_box_id_box")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_line_order_id_orders")),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_order_line_package_id_package")),
        sa.ForeignKeyConstraint(["stock_id"], ["stock.id"], name=op.f("fk_order_line_stock_id_stock")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_order_line_variant_id_variant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_order_line_order_id_position")),
    )
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.create_index("ix_order_line_stock", ["stock_id"], unique=False)
        batch_op.create_index("ix_order_line_variant", ["variant_id"], unique=False)

    op.create_table(
        "stock_movement",
        sa.Column("id", WholeNumber, nullable=False),
        sa.Column("stock_id", WholeNumber, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on_hand_change", WholeNumber, nullable=False),
        sa.Column("allocated_change", WholeNumber, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "on_hand_change <> 0 or allocated_change <> 0", name=op.f("ck_stock_movement_changes_something")
        ),
        sa.ForeignKeyConstraint(["stock_id"], ["stock.id"], name=op.f("fk_stock_movement_stock_id_stock")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
        sa.UniqueConstraint("cause", "stock_id", name=op.f("uq_stock_movement_cause_stock_id")),
    )
    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_movement_stock_id"), ["stock_id"], unique=False)
    dialect = op.get_bind().dialect.name
    for table in LEDGERS:
        for statement in append_only.statements(table, dialect):
            op.execute(statement)
    search_tables.create(op.get_bind())


def downgrade() -> None:
    search_tables.drop(op.get_bind())
    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_movement_stock_id"))

    op.drop_table("stock_movement")
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_index("ix_order_line_variant")
        batch_op.drop_index("ix_order_line_stock")

    op.drop_table("order_line")
    with op.batch_alter_table("stock", schema=None) as batch_op:
        batch_op.drop_index("ix_stock_lot")

    op.drop_table("stock")
    op.drop_table("lot")
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invoice_order_id"))

    op.drop_table("invoice")
    with op.batch_alter_table("credit_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_move_credit_id"))

    op.drop_table("credit_move")
    with op.batch_alter_table("box_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_box_item_box_id"))

    op.drop_table("box_item")
    with op.batch_alter_table("bag_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bag_line_bag_id"))

    op.drop_table("bag_line")
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_variant_product_id"))
        batch_op.drop_index(batch_op.f("ix_variant_barcode"))

    op.drop_table("variant")
    with op.batch_alter_table("product_facet", schema=None) as batch_op:
        batch_op.drop_index("ix_product_facet_value")

    op.drop_table("product_facet")
    with op.batch_alter_table("product_concern", schema=None) as batch_op:
        batch_op.drop_index("ix_product_concern_by_concern")

    op.drop_table("product_concern")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_orders_open_bag", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index("ix_orders_state_made")
        batch_op.drop_index("ix_orders_placed")
        batch_op.drop_index("ix_orders_email")
        batch_op.drop_index(batch_op.f("ix_orders_client_id"))

    op.drop_table("orders")
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_parent_id"))
        batch_op.drop_index(batch_op.f("ix_credit_order_number"))
        batch_op.drop_index("ix_credit_expiry")
        batch_op.drop_index("ix_credit_client")

    op.drop_table("credit")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_client_id"))

    op.drop_table("address")
    op.drop_table("treatment_concern")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_user_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_user_id"))

    op.drop_table("recovery_code")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index("ix_product_live_step")
        batch_op.drop_index("ix_product_live_price")
        batch_op.drop_index("ix_product_live_popularity")
        batch_op.drop_index("ix_product_live_newest")
        batch_op.drop_index("ix_product_live_name")
        batch_op.drop_index("ix_product_live_brand")
        batch_op.drop_index(batch_op.f("ix_product_brand_id"))

    op.drop_table("product")
    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_package_treatment_id"))

    op.drop_table("package")
    with op.batch_alter_table("mail_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_token_user_id"))

    op.drop_table("mail_token")
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_known_device_user_id"))

    op.drop_table("known_device")
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_index("ix_client_email")

    op.drop_table("client")
    op.drop_table("bag")
    op.drop_table("addon_treatment")
    op.drop_table("user_account")
    op.drop_table("treatment")
    op.drop_table("text_version")
    op.drop_table("team_member")
    op.drop_table("synonym")
    op.drop_table("setting")
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refund_order_number"))

    op.drop_table("refund")
    with op.batch_alter_table("payment_inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_inbox_open")

    op.drop_table("payment_inbox")
    with op.batch_alter_table("payment_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_event_payment_intent"))
        batch_op.drop_index("ix_payment_event_order")

    op.drop_table("payment_event")
    with op.batch_alter_table("payment_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_payment_attempt_state")
        batch_op.drop_index("ix_payment_attempt_order")

    op.drop_table("payment_attempt")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_open")

    op.drop_table("outbox")
    op.drop_table("location")
    with op.batch_alter_table("limit_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_limit_count_ends_at"))

    op.drop_table("limit_count")
    op.drop_table("invoice_series")
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index("ix_history_subject")

    op.drop_table("history")
    op.drop_table("handle")
    op.drop_table("concern")
    op.drop_table("brand")
    op.drop_table("box")
    with op.batch_alter_table("attention", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attention_resolved_at"))
        batch_op.drop_index(batch_op.f("ix_attention_kind"))

    op.drop_table("attention")
    op.drop_table("addon")
