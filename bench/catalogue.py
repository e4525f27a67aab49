"""A catalogue of any size, the same for the same size: words and figures are drawn from a fixed seed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Table, insert

from shop.accounts.models import Client
from shop.catalog.models import Brand, Concern, Package, Product, ProductConcern, ProductFacet, Treatment, Variant
from shop.core.db import db
from shop.inventory.models import Location, Lot, Stock, StockMovement

ROOT = Path(__file__).resolve().parent.parent
BEGAN = datetime(2025, 11, 1, 9, 0, tzinfo=UTC)
BRANDS, CONCERNS, BATCH = 120, 9, 5000
STEPS = ("cleanse", "tone", "treat", "eye", "moisturise", "protect", "mask", "body", "scalp")
PHASES = ("prepare", "day-0-3", "recover", "between", "maintain")
KINDS = ("Serum", "Cream", "Cleanser", "Toner", "Mask", "Balm", "Oil", "Essence", "Lotion", "Gel", "Fluid", "Mist")
MOODS = (
    "Calm",
    "Clear",
    "Quiet",
    "Bright",
    "Soft",
    "Deep",
    "Daily",
    "Night",
    "Morning",
    "Velvet",
    "Pure",
    "Gentle",
    "Silk",
    "Dew",
)
ACTIVES = (
    "Retinol",
    "Niacinamide",
    "Panthenol",
    "Ascorbic Acid",
    "Glycolic Acid",
    "Salicylic Acid",
    "Ceramide NP",
    "Squalane",
)
ACTIVES += (
    "Sodium Hyaluronate",
    "Zinc Oxide",
    "Allantoin",
    "Bakuchiol",
    "Urea",
    "Azelaic Acid",
    "Copper Tripeptide-1",
    "Centella",
)
BASES = (
    "Aqua",
    "Glycerin",
    "Butylene Glycol",
    "Caprylic Triglyceride",
    "Cetearyl Alcohol",
    "Xanthan Gum",
    "Phenoxyethanol",
)
CLASSES = ("humectant", "retinoid", "aha", "bha", "ceramide", "peptide", "soothing", "mineral-filter")
SYLLABLES = ("la", "ve", "ro", "mi", "ka", "lu", "se", "no", "ta", "bri", "del", "fa", "or", "ni", "gal", "pe")
DRAWING = {"shape": "dropper", "colour": "#e8efe9", "accent": "#5f7f74", "cap": "#ffffff"}
RARE_WORD = "Zephyrine"  # one product alone is called so
BROAD_WORD = "serum"


def fill(connection: Connection, *, products: int) -> None:
    """Write concerns, one treatment and package, brands and `products` live products with stock for a long run."""
    drawn = Random(products)
    write(connection, Concern, _concerns())
    write(connection, Treatment, [_treatment()])
    write(connection, Package, [_package()])
    write(connection, Brand, ({"id": n, "slug": f"brand-{n}", "name": _name(drawn, n)} for n in range(1, BRANDS + 1)))
    write(connection, Location, [{"id": 1, "slug": "shop", "name": "Shop"}])
    for first in range(1, products + 1, BATCH):
        ids = range(first, min(first + BATCH, products + 1))
        rows = [_product(drawn, n) for n in ids]
        write(connection, Product, rows)
        write(connection, Variant, (_variant(row) for row in rows))
        write(connection, Lot, (_lot(n) for n in ids))
        write(connection, Stock, (_stock(n) for n in ids))
        write(connection, StockMovement, (_movement(n) for n in ids))
        write(connection, ProductConcern, (link for n in ids for link in _links(drawn, n)))
        write(connection, ProductFacet, (facet for row in rows for facet in _facets(drawn, row)))
    _restart_numbers(connection)


def fill_this_shop(*, products: int) -> None:
    """The same through the shop's own write engine, with the search index after it. Commits."""
    from shop.catalog.indexing import rebuild

    with db.engines[None].begin() as connection:
        fill(connection, products=products)
    rebuild()
    db.session.commit()


def _product(drawn: Random, n: int) -> dict[str, Any]:
    kind, mood, active = drawn.choice(KINDS), drawn.choice(MOODS), drawn.choice(ACTIVES)
    name = f"{mood} {RARE_WORD if n == 7 else active} {kind} {n}"
    others = drawn.sample(BASES, 5) + drawn.sample(ACTIVES, 3)
    return {
        "id": n,
        "slug": f"product-{n}",
        "name": name,
        "brand_id": drawn.randint(1, BRANDS),
        "step": STEPS[n % len(STEPS)],
        "area": "face",
        "texture": "cream",
        "blurb": f"{mood} {kind.lower()} with {active.lower()} for every day.",
        "body_md": f"A {kind.lower()} that sits lightly and leaves skin {mood.lower()}. " * 4,
        "how_to_use": "Two drops on clean skin, morning and evening.",
        "inci": ", ".join([active, *others]),
        "reading": "assessed",
        "skin_types": ["dry", "normal"],
        "key_actives": [active],
        "warnings": "Avoid contact with eyes.",
        "responsible_person": "Linden Row, London",
        "pao_months": 12,
        "drawing": DRAWING,
        "state": "live",
        "gated": False,
        "popularity": drawn.randint(0, 100_000),
        "price_minor": drawn.randint(9, 140) * 100 - 5,
        "in_stock": True,
        "made_at": BEGAN + timedelta(seconds=n),
    }


def _variant(product: dict[str, Any]) -> dict[str, Any]:
    n = product["id"]
    same = {"name": "", "content_amount": 50, "content_unit": "ml", "weight_grams": 140, "vat_percent": "20", "position": 0}
    flags = {"in_stock": True, "is_sold": True}
    return {
        "id": n,
        "product_id": n,
        "sku": f"AG-{n:06}",
        "barcode": None,
        "price_minor": product["price_minor"],
        **same,
        **flags,
    }


def _lot(n: int) -> dict[str, Any]:
    return {"id": n, "variant_id": n, "code": f"L{n:06}", "expires_on": date(2029, 6, 30), "state": "open"}


def _stock(n: int) -> dict[str, Any]:
    return {"id": n, "variant_id": n, "location_id": 1, "lot_id": n, "on_hand": 100_000, "allocated": 0, "held": 0}


def _movement(n: int) -> dict[str, Any]:
    row = {"id": n, "stock_id": n, "kind": "receive", "on_hand_change": 100_000, "allocated_change": 0}
    return {**row, "cause": f"bench:{n}", "by": "bench", "reason": None, "at": BEGAN}


def _links(drawn: Random, n: int) -> Iterator[dict[str, Any]]:
    for concern in drawn.sample(range(1, CONCERNS + 1), 2):
        yield {
            "product_id": n,
            "concern_id": concern,
            "phase": PHASES[n % len(PHASES)],
            "role": "helpful",
            "active": "Niacinamide",
            "line": 3,
            "reason": "Niacinamide stands third in its ingredient list.",
            "origin": "rule",
        }


def _facets(drawn: Random, product: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for active in {product["key_actives"][0], *drawn.sample(ACTIVES, 2)}:
        yield {"product_id": product["id"], "kind": "active", "value": active}
    for name in drawn.sample(CLASSES, 2):
        yield {"product_id": product["id"], "kind": "class", "value": name}


def _concerns() -> Iterator[dict[str, Any]]:
    words = {"blurb": "What bothers you, in your words.", "body_md": "In plain words.", "drawing": "dropper"}
    for n in range(1, CONCERNS + 1):
        yield {
            "id": n,
            "slug": f"concern-{n}",
            "name": f"Concern {n}",
            "label": f"Look {n}",
            "hue": 40 * n % 360,
            "position": n,
            **words,
        }


def _treatment() -> dict[str, Any]:
    words = dict.fromkeys(
        ("intro", "body_md", "discomfort", "downtime", "upkeep", "results_show", "results_last"), "In plain words."
    )
    lists = {"stages": [], "side_effects": [], "sets_apart": [], "doctor_first": [], "not_for": []}
    return {
        "id": 1,
        "slug": "treatment",
        "name": "Treatment",
        "sold_as": "online",
        "minutes": 45,
        "position": 1,
        **words,
        **lists,
    }


def _package() -> dict[str, Any]:
    names = {
        "slug": "treatment-6",
        "name": "Six sessions",
        "statement_name": "Skin sessions (6)",
        "kind": "series",
        "area": "face",
    }
    prices = {"price_minor": 54000, "single_minor": 11000, "vat_percent": "20", "validity_days": 365, "state": "live"}
    return {"id": 1, "treatment_id": 1, "sessions": 6, "gaps": [[7, 14]] * 5, "position": 1, **names, **prices}


def _name(drawn: Random, n: int) -> str:
    return "".join(drawn.sample(SYLLABLES, 3)).capitalize() + f" {n}"


def write(connection: Connection, model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Many rows at once: executemany on SQLite, COPY on PostgreSQL (ten times quicker there)."""
    table: Table = model.__table__
    batch = list(rows)
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table), batch)
        return
    missing = [column for column in table.c if column.name not in batch[0] and column.default is not None]
    defaults = {column.name: column.default.arg for column in missing if column.default.is_scalar}  # COPY knows none
    batch = [row | defaults for row in batch]
    names = [name for name in batch[0] if name in table.c]
    with connection.connection.driver_connection.cursor() as cursor:
        columns = ", ".join(f'"{name}"' for name in names)
        with cursor.copy(f'copy "{table.name}" ({columns}) from stdin') as copy:
            for row in batch:
                copy.write_row([_plain(row[name]) for name in names])


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


def _restart_numbers(connection: Connection) -> None:
    """After explicit ids PostgreSQL's sequences must go on behind them."""
    if connection.dialect.name == "sqlite":
        return
    for model in (Concern, Treatment, Package, Brand, Location, Product, Variant, Lot, Stock, StockMovement, Client):
        name = model.__tablename__
        connection.exec_driver_sql(
            f"select setval(pg_get_serial_sequence('{name}', 'id'), (select coalesce(max(id), 0) + 1 from \"{name}\"), false)"
        )


def drawn_lists(count: int) -> Iterator[str]:
    """Ingredient lists alone."""
    drawn = Random(count)
    return (str(_product(drawn, n)["inci"]) for n in range(1, count + 1))
