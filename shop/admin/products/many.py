"""Many products at once: what would change is shown first, and only what is still as it was shown is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from shop.catalog import indexing
from shop.catalog.changing_prices import refresh_cheapest, set_variant_price
from shop.catalog.models import Product, Variant
from shop.catalog.publishing import STATES, product_problems, set_product_state
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.money import money, parse_minor

MOST = 200
ACTS = {
    "live": "Make live",
    "archived": "Archive",
    "draft": "Make draft",
    "percent": "Change prices by per cent",
    "amount": "Set all prices to",
}


@dataclass(frozen=True)
class Change:
    """One line of the preview. `key` and `was` come back with the form; `problem` says why nothing will happen."""

    key: str
    name: str
    was: str
    now: str
    was_words: str
    now_words: str
    problem: str = ""


def plan(product_ids: Sequence[int], act: str, value: str, *, currency: str) -> list[Change]:
    """What the act would do to these products. Raises Refused for an act or a value that cannot be."""
    if act not in ACTS:
        raise Refused("Choose what to do.", field="act")
    if not product_ids:
        raise Refused("Choose at least one product.", field="ids")
    if len(product_ids) > MOST:
        raise Refused(f"At most {MOST} products at once.", field="ids")
    if act in STATES:
        return _states(product_ids, act)
    return _prices(product_ids, _repricing(act, value, currency), currency)


def carry_out(wanted: Sequence[tuple[str, str, str]], *, by: str) -> tuple[int, list[str]]:
    """Do each (key, was, now) whose thing is still as it was; says how many, and the sentences of those that were not."""
    done, left, touched = 0, list[str](), set[int]()
    for key, was, now in wanted:
        kind, _, number = key.partition(":")
        try:
            product_id = _one(kind, int(number), was, now, by=by)
        except Refused as refused:
            left.append(refused.sentence)
            continue
        done += 1
        touched.add(product_id)
    if touched:
        refresh_cheapest(touched)
        indexing.update(touched)
    return done, left


def _one(kind: str, row_id: int, was: str, now: str, *, by: str) -> int:
    if kind == "product":
        product = db.session.get(Product, row_id)
        if product is None or product.state != was or now not in STATES:
            raise Refused(f"{product.name if product else 'A product'} was changed by somebody else meanwhile.")
        set_product_state(product, now, by=by)
        return product.id
    variant = db.session.get(Variant, row_id)
    if variant is None or str(variant.price_minor) != was:
        raise Refused(f"{variant.sku if variant else 'A size'} was changed by somebody else meanwhile.")
    set_variant_price(variant, int(now), by=by)
    return variant.product_id


def _states(product_ids: Sequence[int], state: str) -> list[Change]:
    rows = db.session.scalars(select(Product).where(Product.id.in_(product_ids)).order_by(Product.name, Product.id))
    found = []
    for product in rows:
        problems = product_problems(product) if state == "live" and product.state != "live" else []
        same = "It is already." if product.state == state else ""
        words = (STATES[product.state], STATES[state])
        found.append(
            Change(f"product:{product.id}", product.name, product.state, state, *words, " ".join(problems) or same)
        )
    return found


def _prices(product_ids: Sequence[int], reprice: Callable[[int], int], currency: str) -> list[Change]:
    rows = (
        select(Variant, Product.name)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.product_id.in_(product_ids), Variant.is_sold)
        .order_by(Product.name, Product.id, Variant.position, Variant.id)
    )
    found = []
    for variant, name in db.session.execute(rows):
        was, now = variant.price_minor, reprice(variant.price_minor)
        problem = "It costs that already." if was == now else "" if now > 0 else "It would cost nothing."
        title = f"{name}, {variant.size}" if variant.size else name
        words = (money(was, currency), money(now, currency))
        found.append(Change(f"variant:{variant.id}", title, str(was), str(now), *words, problem))
    return found


def _repricing(act: str, value: str, currency: str) -> Callable[[int], int]:
    if act == "amount":
        minor = parse_minor(value, currency)
        return lambda _was: minor
    percent = _percent(value)
    return lambda was: (was * (10000 + percent) * 2 + 10000) // 20000  # half up, in hundredths of a per cent


def _percent(text: str) -> int:
    """ "-5" or "+2.5" as hundredths of a per cent. Raises Refused."""
    tidy = text.strip().removesuffix("%").strip().replace("−", "-")
    sign = -1 if tidy.startswith("-") else 1
    whole, _, part = tidy.lstrip("+-").partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) < 4) or (
        part and not (part.isascii() and part.isdecimal())
    ):
        raise Refused("Write the per cent in figures: 5 or -2.5.", field="value")
    hundredths = sign * (int(whole) * 100 + int((part + "00")[:2]))
    if not -9000 <= hundredths <= 90000:
        raise Refused("Between -90 and 900 per cent.", field="value")
    return hundredths
