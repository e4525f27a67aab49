"""The demo moves out: its people, orders, visits and stock go; what a clinic has set up for itself stays."""

from __future__ import annotations

from sqlalchemy import delete, func, or_, select, text, update

from shop.accounts.models import User
from shop.catalog.models import Product, Variant
from shop.core import append_only, clock
from shop.core.db import Base, db
from shop.core.errors import Refused
from shop.core.history import record
from shop.core.settings import Setting, change_setting, setting

# Everything else is emptied, so that a table added later is not forgotten.
STAY = {
    "setting", "text_version", "user_account", "team_member", "annex_entry", "ingredient_name", "location",
    "rule_edition", "rule_signature", "rule_version", "synonym",
    "practitioner", "practitioner_treatment", "room", "working_hours", "plan_protocol",
}  # fmt: skip
# What is offered may stay as a beginning; none of it says anything about a person.
OFFER = {
    "addon", "addon_treatment", "box", "box_item", "brand", "concern", "facet_count", "handle", "package", "product",
    "product_concern", "product_facet", "product_picture", "treatment", "treatment_concern", "variant",
}  # fmt: skip
OF_THE_OFFER = {"practitioner_treatment", "plan_protocol"}  # these point at treatments and products
OF_THE_DEMO = ("payments.mode",)
SIGN_INS = ("sign_in", "recovery_code", "known_device", "mail_token", "staff_pin", "kept_form")
DEMO_STAFF = "@example.com"
WORD = "clear"


def is_demo() -> bool:
    return bool(setting("clinic.demo"))


def clear(*, keep_offer: bool, staying: int, by: str) -> int:
    """Empty the demo in the caller's transaction; returns how many rows went.

    The caller's own account (`staying`) is kept with its second factor; the demo's other people are not. As no payment is
    left, the next start decides anew which money this shop moves. Raises Refused where there is no demo.
    """
    if not is_demo():
        raise Refused("There is no demo to clear: this shop is a clinic's own.")
    stay = STAY | OFFER if keep_offer else STAY - OF_THE_OFFER
    gone = 0
    _guards(stand=False)
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in stay and table.name not in SIGN_INS:
            gone += db.session.execute(select(func.count()).select_from(table)).scalar_one()
            db.session.execute(delete(table))
    _say_goodbye(staying)
    db.session.execute(delete(Setting).where(Setting.key.in_(OF_THE_DEMO)))
    _guards(stand=True)
    if keep_offer:
        db.session.execute(update(Variant).values(in_stock=False))
        db.session.execute(update(Product).values(in_stock=False))
    change_setting("clinic.demo", False, by=by)
    record("shop:demo", axis="state", was="demo", now="cleared", by=by, details={"rows": gone, "at": str(clock.today())})
    return gone


def _say_goodbye(staying: int) -> None:
    """Clients' accounts and the demo's own staff; people the clinic has invited stay."""
    connection = db.session.connection()
    leaving = select(User.id).where(User.id != staying, or_(User.role.is_(None), User.email.endswith(DEMO_STAFF)))
    for table, column in (("practitioner", "user_id"), ("plan_protocol", "owner_id")):
        pointing = Base.metadata.tables[table]
        connection.execute(update(pointing).where(pointing.c[column].in_(leaving)).values({column: None}))
    for table in SIGN_INS:
        pointing = Base.metadata.tables[table]
        connection.execute(delete(pointing).where(pointing.c.user_id.in_(leaving)))
    connection.execute(delete(User).where(User.id.in_(leaving)))


def _guards(*, stand: bool) -> None:
    """Ledgers refuse to forget: for the demo alone their guards step aside, inside this one transaction."""
    dialect = db.session.get_bind().dialect.name
    for table in append_only.TABLES:
        if stand:
            for statement in append_only.statements(table, dialect):
                db.session.execute(text(statement.replace(":", "\\:")))
        elif dialect == "sqlite":
            for act in ("update", "delete"):
                db.session.execute(text(f"DROP TRIGGER {table}_no_{act}"))
        else:
            db.session.execute(text(f"DROP TRIGGER {table}_append_only ON {table}"))
