"""Plain factories: each makes one row that is whole, with what the test names and nothing surprising beside it.

All of them need an application context and flush; the test client commits before its next request.
"""

from __future__ import annotations

from itertools import count
from typing import Any, TypeVar

from shop.accounts.models import Address, Client, User
from shop.catalog.models import (
    AddOn,
    Box,
    BoxItem,
    Brand,
    Concern,
    Package,
    Product,
    ProductConcern,
    TeamMember,
    Treatment,
    Variant,
)
from shop.core import clock
from shop.core.db import Base, db
from shop.inventory.models import Stock
from shop.inventory.receiving import receive

PASSWORD = "three quiet harbours"
_number = count(1)
Row = TypeVar("Row", bound=Base)


def make_user(**given: Any) -> User:
    """Somebody who can sign in with `PASSWORD`; `role` makes it a member of staff."""
    n = next(_number)
    facts = {"email": f"person{n}@example.com", "name": f"Person {n}", "made_at": clock.now(), "confirmed_at": clock.now()}
    return _keep(User(**facts | {"role": None, "password_hash": hashed_password()} | given))


def make_client(**given: Any) -> Client:
    """A person of the clinic; `user=None` makes one who cannot sign in."""
    n = next(_number)
    user = given.pop("user") if "user" in given else make_user(email=given.get("email", f"client{n}@example.com"))
    facts = {"name": f"Client {n}", "email": user.email if user else f"client{n}@example.com", "made_at": clock.now()}
    return _keep(Client(user=user, **facts | given))


def make_address(client: Client, **given: Any) -> Address:
    facts = {"name": client.name, "line1": "12 Linden Row", "city": "London", "postcode": "W1G 0AB", "country": "GB"}
    return _keep(Address(client_id=client.id, made_at=clock.now(), **facts | given))


def make_concern(slug: str = "", **given: Any) -> Concern:
    n = next(_number)
    facts = {
        "name": f"Concern {n}",
        "label": f"Look {n}",
        "blurb": "What bothers you.",
        "body_md": "In plain words.",
        "hue": 20,
    }
    return _keep(Concern(slug=slug or f"concern-{n}", **facts | {"drawing": "dropper"} | given))


def make_treatment(slug: str = "", *, concerns: list[Concern] | None = None, **given: Any) -> Treatment:
    n = next(_number)
    words = {name: f"About {name}." for name in ("intro", "body_md", "discomfort", "downtime", "upkeep")}
    lists: dict[str, list[Any]] = {name: [] for name in ("side_effects", "sets_apart", "doctor_first", "not_for")}
    facts = {
        "name": f"Treatment {n}",
        "sold_as": "online",
        "minutes": 45,
        "stages": [{"title": "Cleanse", "text": "Calm."}],
    }
    facts |= {"results_show": "after two weeks", "results_last": "six months", **words, **lists}
    return _keep(Treatment(slug=slug or f"treatment-{n}", concerns=concerns or [], **facts | given))


def make_package(treatment: Treatment | None = None, *, sessions: int = 6, **given: Any) -> Package:
    """A series with a week between two sessions, 90.00 a session."""
    n = next(_number)
    treatment = treatment or make_treatment()
    facts = {"slug": f"{treatment.slug}-{sessions}-{n}", "kind": "series" if sessions > 1 else "single", "area": "face"}
    facts |= {"name": f"{sessions} sessions", "statement_name": f"Skin sessions ({sessions})", "validity_days": 365}
    facts |= {"price_minor": 9000 * sessions, "single_minor": 11000, "gaps": [[7, 14]] * (sessions - 1)}
    return _keep(Package(treatment=treatment, sessions=sessions, **facts | given))


def make_addon(slug: str = "", *, treatments: list[Treatment] | None = None, **given: Any) -> AddOn:
    n = next(_number)
    facts = {"name": f"Add-on {n}", "blurb": "A little more.", "per_session_minor": 1500, "minutes": 15, "not_with": []}
    return _keep(AddOn(slug=slug or f"addon-{n}", treatments=treatments or [], **facts | given))


def make_brand(**given: Any) -> Brand:
    n = next(_number)
    return _keep(Brand(**{"slug": f"brand-{n}", "name": f"Brand {n}"} | given))


def make_product(*, variants: int = 1, stock: int = 0, **given: Any) -> Product:
    """A live product with `variants` sizes of 25.00 each and `stock` pieces of each on the shelf."""
    n = next(_number)
    facts = {"slug": f"product-{n}", "name": f"Product {n}", "step": "moisturise", "blurb": "Calm skin.", "state": "live"}
    facts |= {"inci": "Aqua, Glycerin, Niacinamide", "skin_types": [], "key_actives": ["Niacinamide"], "price_minor": 2500}
    facts |= {
        "drawing": {"shape": "tube", "colour": "#dfe7e3", "accent": "#6b8f83", "cap": "#ffffff"},
        "made_at": clock.now(),
    }
    brand = given.pop("brand", None) or make_brand()
    product = _keep(Product(brand=brand, **facts | given))
    for position in range(variants):
        make_variant(product, stock=stock, position=position)
    return product


def make_variant(product: Product | None = None, *, stock: int = 0, **given: Any) -> Variant:
    n = next(_number)
    product = product or make_product(variants=0)
    facts = {"sku": f"SKU-{n:05}", "price_minor": product.price_minor, "content_amount": 50, "weight_grams": 120}
    variant = _keep(Variant(product_id=product.id, **facts | given))
    if stock:
        make_stock(variant, stock)
    return variant


def make_stock(variant: Variant, units: int, **given: Any) -> Stock:
    """Goods counted in; `lot=` and `expires_on=` say which."""
    return receive(variant.id, units=units, cause=f"test:{next(_number)}", by="the tests", **given)


def make_link(product: Product, concern: Concern, **given: Any) -> ProductConcern:
    facts = {
        "phase": "between",
        "role": "essential",
        "active": "Niacinamide",
        "line": 3,
        "reason": "Niacinamide, third in the list.",
    }
    return _keep(ProductConcern(product_id=product.id, concern_id=concern.id, **facts | given))


def make_team_member(slug: str = "", **given: Any) -> TeamMember:
    n = next(_number)
    facts = {"name": f"Ada {n}", "role": "Practitioner", "bio": "Calm hands.", "portrait": {"skin": 3, "hair": "short"}}
    return _keep(TeamMember(slug=slug or f"member-{n}", **facts | given))


def make_box(*parts: Package | Variant, **given: Any) -> Box:
    """One of each part at one price."""
    n = next(_number)
    box = _keep(Box(**{"slug": f"box-{n}", "name": f"Box {n}", "blurb": "Together.", "price_minor": 50000} | given))
    for part in parts:
        of = {"package_id": part.id} if isinstance(part, Package) else {"variant_id": part.id}
        _keep(BoxItem(box_id=box.id, quantity=1, **of))
    return box


def hashed_password() -> str:
    """The hash of PASSWORD, made once: a slow hash is slow on purpose."""
    global _hash
    if not _hash:
        from argon2 import PasswordHasher

        _hash = PasswordHasher().hash(PASSWORD)
    return _hash


_hash = ""


def _keep(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row
