"""Each ingredient list is read once by each process, and judged many times."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from hashlib import blake2b

from flask import current_app
from sqlalchemy import bindparam, select

from shop.care.labels import Label
from shop.care.loading import dictionary
from shop.care.parsing import read_label
from shop.catalog.models import Product, Variant
from shop.core.db import db
from shop.core.reading import Question

MOST, PAGE = 8192, 24


def label_of(inci: str) -> Label:
    """The list, read by the clinic's dictionary; a larger dictionary reads it anew."""
    words = dictionary()
    known: OrderedDict[bytes, Label]
    by, known = current_app.extensions.get("labels-read") or (None, OrderedDict())
    if by is not words:
        known = OrderedDict()
        current_app.extensions["labels-read"] = (words, known)
    key = blake2b(inci.encode(), digest_size=16).digest()
    label = known.get(key)
    if label is None:
        label = known[key] = read_label(inci, dictionary=words)
        while len(known) > MOST:
            known.popitem(last=False)
    return label


def labels_of_products(product_ids: Iterable[int]) -> dict[int, Label]:
    """product id → its list, in one statement for a page of products."""
    ids = list(dict.fromkeys(product_ids))
    found: dict[int, Label] = {}
    for start in range(0, len(ids), PAGE):
        part = ids[start : start + PAGE]
        places = dict(zip(_PLACES, part + [None] * (PAGE - len(part)), strict=True))
        found |= {row.id: label_of(row.inci) for row in _PRODUCTS.ask(**places)}
    return found


def labels_of_variants(variant_ids: Iterable[int]) -> dict[int, Label]:
    """variant id → its product's list, in one statement."""
    ids = list(dict.fromkeys(variant_ids))
    if not ids:
        return {}
    rows = db.session.execute(select(Variant.id, Product.inci).join(Product).where(Variant.id.in_(ids)))
    return {row.id: label_of(row.inci) for row in rows}


# a fixed number of places, so that the question is written once
_PLACES = [f"p{n}" for n in range(PAGE)]
_PRODUCTS = Question(select(Product.id, Product.inci).where(Product.id.in_([bindparam(place) for place in _PLACES])))
