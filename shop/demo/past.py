"""A year of the demo clinic: what people bought, month by month, so that every list and report shows life.

Drawn with a fixed seed and written in few statements; every ledger adds up to its counters as after real sales.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select

from shop.accounts.models import Client
from shop.bag.pricing import Sold
from shop.catalog.models import Brand, Package, Product, Treatment, Variant
from shop.core import clock
from shop.core.db import db
from shop.demo.past_names import NAMES, STREETS
from shop.demo.past_sessions import SessionSale, write_sessions
from shop.demo.past_visits import Diary, open_diary
from shop.inventory.models import Lot, Stock, StockMovement
from shop.orders.invoicing import issue_invoice
from shop.orders.models import Order, OrderLine
from shop.orders.rows import order_rows
from shop.payments.models import PaymentEvent
from shop.terms.pricing import Priced, Wanted, price, with_delivery

BY = "demo"
ORDERS, DAYS = 150, 360
FROM_THE_DESK = 146  # goods alone, taken along about a week ago: they come back in the clinic's present
STILL_OPEN_DAYS = 4


@dataclass(frozen=True)
class Shelf:
    """What can be sold: a size with its stock row."""

    row: Any
    stock_id: int


def add_past(*, seed: int = 7) -> None:
    """Write the year; the caller commits. The demo client is one of the buyers."""
    dice = Random(seed)
    clients = _clients(dice)
    goods, packages = _goods(), _packages()
    movements: list[dict[str, Any]] = []
    diary = open_diary()
    for number in range(ORDERS):
        days_ago = int(DAYS * (1 - (number / ORDERS) ** 0.8))
        at = clock.at_local(clock.today() - timedelta(days=days_ago), time(9 + number % 9, dice.randrange(60)))
        if at < clock.now():
            _order(number, dice.choice(clients), at, days_ago, dice, goods, packages, movements, diary)
    db.session.execute(insert(StockMovement), movements)
    diary.write()


def _order(
    number: int,
    client: Client,
    at: datetime,
    days_ago: int,
    dice: Random,
    goods: list[Shelf],
    packages: list[Any],
    movements: list[dict[str, Any]],
    diary: Diary,
) -> None:
    wanted, sold = _choice(number, dice, goods, packages)
    has_goods = any(thing.variant_id for thing in sold.values())
    priced = price(wanted)
    ships = has_goods and dice.random() < 0.7 and number != FROM_THE_DESK
    if ships:
        priced = with_delivery(priced, 0 if priced.goods_minor >= 6000 else 395)
    is_done = days_ago > STILL_OPEN_DAYS
    order = Order(**_facts(client, priced, sold, at, dice, ships=ships, has_goods=has_goods, is_done=is_done))
    order.number = f"AG-D{number:03}{dice.choice('ABCDEFGHJK')}{dice.randrange(2, 9)}{dice.choice('MNPQRST')}2"
    db.session.add(order)
    db.session.flush()
    rows = [{"order_id": order.id, "called_off": 0, **row} for row in order_rows(priced, sold)]
    for row in rows:
        row["done"] = row["quantity"] if is_done and row["kind"] == "variant" else 0
    db.session.connection().execute(insert(OrderLine), rows)
    _pay(order, at, tender="stripe" if order.delivery != "collect" or order.has_sessions else "terminal")
    _move_stock(order, rows, at, movements, is_done=is_done)
    lines = select(OrderLine).where(OrderLine.order_id == order.id, OrderLine.kind == "package")
    for line in db.session.scalars(lines):
        write_sessions(SessionSale(order, line, client.id, at), dice, diary)
    issue_invoice(order, at=at)


def _choice(number: int, dice: Random, goods: list[Shelf], packages: list[Any]) -> tuple[list[Wanted], dict[str, Sold]]:
    wanted, sold = [], {}
    if dice.random() < 0.45 and number != FROM_THE_DESK:
        package = dice.choice(packages)
        key = f"line:{number}"
        units = {"list_minor": package.price_minor, "units": package.sessions, "vat_percent": package.vat_percent}
        wanted.append(Wanted(key=key, kind="package", what=package.name, slug=package.slug, **units))
        facts = {"sessions": package.sessions, "gaps": package.gaps, "validity_days": package.validity_days}
        facts |= {"treatment_id": package.treatment_id, "treatment": package.treatment_slug, "area": package.area}
        sold[key] = Sold(key, "package", package.name, package.statement_name, facts, package_id=package.id)
    for n, shelf in enumerate(dice.sample(goods, dice.randint(0 if wanted else 1, 3))):
        key, row, count = f"line:{number}:{n}", shelf.row, dice.choice((1, 1, 1, 2))
        wanted.append(
            Wanted(
                key=key,
                kind="variant",
                what=row.name,
                list_minor=row.price_minor,
                quantity=count,
                vat_percent=row.vat_percent,
            )
        )
        drawing = {**row.drawing, "brand": row.brand, "name": row.name}
        details = {"sku": row.sku, "detail": row.brand, "link": f"/products/{row.slug}", "drawing": drawing}
        thing = Sold(key, "variant", row.name, f"{row.brand} {row.name}", details, variant_id=row.id)
        thing.shelves = [(shelf.stock_id, count)]
        sold[key] = thing
    return wanted, sold


def _facts(
    client: Client,
    priced: Priced,
    sold: dict[str, Sold],
    at: datetime,
    dice: Random,
    *,
    ships: bool,
    has_goods: bool,
    is_done: bool,
) -> dict[str, Any]:
    line1, city, postcode = dice.choice(STREETS)
    address = {"name": client.name, "line1": line1, "line2": "", "city": city, "postcode": postcode}
    holds = sorted((stock_id, units) for thing in sold.values() for stock_id, units in thing.shelves)
    return {
        "client_id": client.id,
        "state": "placed",
        "fulfilment": "none" if not has_goods else "done" if is_done else "open",
        "email": client.email,
        "name": client.name,
        "delivery": "ship" if ships else "collect" if has_goods else "none",
        "address": address if ships else {},
        "country": "GB",
        "jurisdiction": "uk",
        "currency": "GBP",
        "goods_minor": priced.goods_minor,
        "sessions_minor": priced.sessions_minor,
        "delivery_minor": priced.delivery_minor,
        "total_minor": priced.total_minor,
        "vat_minor": priced.vat_minor,
        "has_sessions": any(thing.package_id for thing in sold.values()),
        "consents": [{"kind": "consent-terms", "version": 1, "at": at.isoformat()}],
        "promise": {"law": "uk", "on": clock.local(at).date().isoformat()},
        "holds": [list(hold) for hold in holds],
        "made_at": at,
        "placed_at": at,
    }


def _pay(order: Order, at: datetime, *, tender: str) -> None:
    fact = {"order_number": order.number, "kind": "captured", "tender": tender, "amount_minor": order.total_minor}
    reference = {"reference": f"captured:demo:{order.number}", "currency": "GBP", "at": at, "by": BY}
    values = {**fact, **reference, "payment_intent": f"pi_demo{order.id}"}
    db.session.execute(insert(PaymentEvent).values(**values))


def _move_stock(
    order: Order, rows: list[dict[str, Any]], at: datetime, movements: list[dict[str, Any]], *, is_done: bool
) -> None:
    """What has left came in before it left; what is still to leave is allocated now."""
    for row in rows:
        if not row["stock_id"]:
            continue
        units = row["quantity"]
        common = {"stock_id": row["stock_id"], "by": BY, "reason": None}
        line = f"{order.number}:{row['position']}"
        came = {"kind": "receive", "on_hand_change": units, "allocated_change": 0, "cause": f"demo:{line}:in"}
        movements.append(common | came | {"at": at - timedelta(days=3)})
        taken = {"kind": "allocate", "on_hand_change": 0, "allocated_change": units, "cause": f"allocate:order:{line}"}
        movements.append(common | taken | {"at": at})
        if is_done:
            left = {
                "kind": "dispatch",
                "on_hand_change": -units,
                "allocated_change": -units,
                "cause": f"dispatch:order:{line}",
            }
            movements.append(common | left | {"at": at + timedelta(hours=20)})
        else:
            stock = db.session.get_one(Stock, row["stock_id"])
            stock.on_hand += units
            stock.allocated += units
            db.session.flush()


def _clients(dice: Random) -> list[Client]:
    """Forty people without a sign-in, and the demo client twice as often as anybody."""
    made = clock.now() - timedelta(days=DAYS)
    people = [
        Client(
            name=name,
            email=f"{name.lower().replace(' ', '.')}@example.net",
            phone=f"020 7946 0{dice.randrange(200, 700)}",
            made_at=made,
        )
        for name in NAMES
    ]
    db.session.add_all(people)
    db.session.flush()
    known = list(db.session.scalars(select(Client).where(Client.user_id.is_not(None))))
    return [*people, *known, *known]


def _goods() -> list[Shelf]:
    rows = (
        select(Variant.id, Variant.sku, Variant.price_minor, Variant.vat_percent, Product.name, Product.slug)
        .add_columns(Product.drawing, Brand.name.label("brand"), Stock.id.label("stock_id"))
        .join(Product, Product.id == Variant.product_id)
        .join(Brand, Brand.id == Product.brand_id)
        .join(Stock, Stock.variant_id == Variant.id)
        .join(Lot, Lot.id == Stock.lot_id)
        .where(Product.state == "live", Product.gated.is_(False))
        .order_by(Variant.id, Lot.expires_on.desc())
    )
    newest = {row.id: Shelf(row, row.stock_id) for row in reversed(db.session.execute(rows).all())}
    return list(newest.values())


def _packages() -> list[Any]:
    rows = select(Package.__table__, Treatment.slug.label("treatment_slug")).join(
        Treatment, Treatment.id == Package.treatment_id
    )
    return list(db.session.execute(rows.where(Package.state == "live", Treatment.sold_as == "online").order_by(Package.id)))
