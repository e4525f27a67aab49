"""What a clinic needs before strangers pay: each line is done, or says what to do and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.admin.golive.clearing import is_demo
from shop.catalog.models import Package, Product, Treatment
from shop.core.db import db
from shop.core.settings import setting
from shop.core.texts import LEGAL_PAGES, TextVersion
from shop.intake.signing import is_up_to_date, signatures
from shop.visits.models import WorkingHours

FIRST_WORDS = ("system", "demo", "setup")


@dataclass(frozen=True)
class Line:
    """`advice` and `path` say what to do while it is not done; what is only good to have does not hold anybody up."""

    words: str
    done: bool
    advice: str = ""
    path: str = ""
    needed: bool = True


def lines() -> list[tuple[str, list[Line]]]:
    """By group, in the order one goes through them; a fixed number of statements."""
    groups = (
        ("The clinic", _clinic()),
        ("Words that bind", _texts()),
        ("What is offered", _offer()),
        ("Treating", _treating()),
        ("People", _people()),
        ("Money", _money()),
    )
    return [(words, list(found)) for words, found in groups]


def is_ready(groups: list[tuple[str, list[Line]]]) -> bool:
    return all(line.done or not line.needed for _, found in groups for line in found)


def _clinic() -> Iterator[Line]:
    demo, here = is_demo(), "/admin/settings/clinic"
    yield Line("The demo is cleared away", not demo, "Clear it below: its people and orders are not yours.")
    filled = all(setting(f"clinic.{name}") for name in ("name", "legal_name", "phone", "address", "hours"))
    yield Line("Name, address, phone and hours", filled and not demo, "They stand on every page and invoice.", here)
    own = not setting("clinic.email").endswith("@example.com")
    yield Line("Your own e-mail address", own, "Answers to the shop's e-mails go there.", here)
    ways = setting("delivery.collect") or setting("delivery.countries")
    yield Line(
        "A way to receive goods", bool(ways), "Collect at the clinic, or countries you send to.", "/admin/settings/delivery"
    )
    vat = not setting("vat.registered") or bool(setting("clinic.vat_number"))
    yield Line("VAT number, or not registered", vat, "An invoice with VAT needs the number.", "/admin/settings/clinic")


def _texts() -> Iterator[Line]:
    newest = select(func.max(TextVersion.id)).group_by(TextVersion.kind)
    found = db.session.execute(
        select(TextVersion.kind, TextVersion.title, TextVersion.published_by).where(TextVersion.id.in_(newest))
    )
    by = {row.kind: (row.title, row.published_by) for row in found}
    for kind in LEGAL_PAGES:
        title, published_by = by.get(kind, (kind.capitalize(), ""))
        own = bool(published_by) and published_by not in FIRST_WORDS
        yield Line(title, own, "Ours is a beginning: read it, make it yours, publish it.", f"/admin/texts/{kind}")


def _offer() -> Iterator[Line]:
    packages = db.session.scalar(select(func.count(Package.id)).where(Package.state == "live")) or 0
    yield Line("Packages on sale", packages > 0, "At least one series that can be bought.", "/admin/packages")
    live = func.count(Product.id)
    stocked = db.session.scalar(select(live).where(Product.state == "live", Product.in_stock.is_(True))) or 0
    yield Line(
        "Products in stock", stocked > 0, "Receive a delivery or bring your opening stock in.", "/admin/stock", needed=False
    )
    unread = db.session.scalar(select(live).where(Product.state == "live", Product.reading == "unknown")) or 0
    advice = f"{unread} product{'' if unread == 1 else 's'} without a readable ingredient list."
    yield Line("Every list of ingredients is read", not unread, advice, "/admin/products?reading=unknown", needed=False)


def _treating() -> Iterator[Line]:
    signed = signatures()
    sold = db.session.execute(select(Treatment.slug, Treatment.name).where(Treatment.sold_as != "unsold")).all()
    missing = [row.name for row in sold if not is_up_to_date(signed[row.slug].editions if row.slug in signed else None)]
    advice = f"The medical lead has not signed: {', '.join(missing[:4])}{' and more' if len(missing) > 4 else ''}."
    yield Line("Care rules signed for each treatment", not missing, advice, "/admin/rules")
    hours = db.session.scalar(select(func.count(WorkingHours.id))) or 0
    yield Line("Somebody's working hours", hours > 0, "Without hours there is no time to book.", "/admin/visits/team")


def _people() -> Iterator[Line]:
    roles = set(
        db.session.scalars(select(User.role).where(User.role.is_not(None), User.totp_secret.is_not(None)).distinct())
    )
    heads = bool(roles & {"owner", "admin"})
    yield Line("An owner or admin with a second factor", heads, "Scan the code at the first sign-in.", "/admin/staff")
    lead = "medical-lead" in roles
    yield Line("A medical lead", lead, "Reads answers, signs rules, is told of reactions.", "/admin/staff")


def _money() -> Iterator[Line]:
    shop, mode = current_app.config["SHOP"], current_app.config["PAYMENT_MODE"]
    advice = "Set Stripe's live keys in the environment and start the shop again; README, “Production”."
    yield Line("Stripe moves real money", mode == "live", advice)
    yield Line("The shop's own address with https", shop.is_https, "Set SITE_URL; Stripe and signed links need it.")
    yield Line("E-mails leave the machine", not shop.mail_url.startswith("file:"), "Set MAIL_URL to your provider.")
