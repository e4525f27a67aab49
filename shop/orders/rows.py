"""Priced lines become rows of an order: boxes before what is in them, packages before their add-ons, delivery last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from shop.bag.pricing import Sold
from shop.core.templating import day
from shop.terms.pricing import Line, Priced

DELIVERY = Sold("delivery", "shipping", "Delivery", "Delivery", {})


def order_rows(priced: Priced, sold: dict[str, Sold]) -> Iterator[dict[str, Any]]:
    """One row per line, or per line and stock row; what money a box brought stands on its parts alone."""
    begins: dict[str, int] = {}
    position = 0
    rates = _delivery_rates(priced)
    for line in _in_order(priced):
        thing = sold.get(line.key, DELIVERY)
        begins[line.key] = position
        for share in _shares(line, thing):
            parent = begins[thing.parent] if thing.parent else None
            yield (
                _row(line, thing, rates if thing is DELIVERY else None)
                | share
                | {"position": position, "parent_position": parent}
            )
            position += 1


def _in_order(priced: Priced) -> Iterator[Line]:
    for line in priced.lines:
        yield line
        yield from line.parts
    if priced.delivery is not None:
        yield priced.delivery


def _delivery_rates(priced: Priced) -> list[list[Any]] | None:
    """Delivery over goods of several VAT rates: [percent, gross, VAT] of each, as an invoice has to show them."""
    if priced.delivery is None or priced.delivery.vat_percent:
        return None
    sums: dict[str, list[int]] = {}
    shares = zip(priced.goods, priced.delivery.unit_gross, priced.delivery.unit_vat, strict=True)
    for goods, gross, vat in shares:
        had = sums.setdefault(goods.vat_percent, [0, 0])
        had[0], had[1] = had[0] + gross, had[1] + vat
    return [[percent, *had] for percent, had in sorted(sums.items())]


def _row(line: Line, thing: Sold, rates: list[list[Any]] | None) -> dict[str, Any]:
    return {
        "kind": thing.kind,
        "variant_id": thing.variant_id,
        "package_id": thing.package_id,
        "addon_id": thing.addon_id,
        "box_id": thing.box_id,
        "name": thing.name,
        "statement_name": thing.statement_name,
        "details": thing.details if rates is None else {**thing.details, "rates": rates},
        "list_minor": line.list_minor,
        "vat_percent": line.vat_percent or "0",
        "done": 0,
    }


def _shares(line: Line, thing: Sold) -> Iterator[dict[str, Any]]:
    if line.parts:
        yield {
            "quantity": line.quantity,
            "gross_minor": 0,
            "vat_minor": 0,
            "unit_gross": [],
            "unit_vat": [],
            "stock_id": None,
        }
        return
    if not thing.shelves:
        yield _share(line, 0, len(line.unit_gross), line.quantity, None)
        return
    start = 0
    for stock_id, units in thing.shelves:
        yield _share(line, start, start + units, units, stock_id) | _dated(thing, stock_id)
        start += units


def _share(line: Line, start: int, end: int, quantity: int, stock_id: int | None) -> dict[str, Any]:
    gross, vat = list(line.unit_gross[start:end]), list(line.unit_vat[start:end])
    # a delivery at no cost has no shares, but still its line
    whole = {"gross_minor": sum(gross), "vat_minor": sum(vat), "unit_gross": gross, "unit_vat": vat}
    return {"quantity": quantity, "stock_id": stock_id, **whole}


def _dated(thing: Sold, stock_id: int) -> dict[str, Any]:
    """Units of a short-dated lot say so, with the date to which the buyer has agreed, wherever the line is shown."""
    ends = thing.short.get(stock_id)
    if ends is None:
        return {}
    said = f"short-dated: use by {day(date.fromisoformat(ends), weekday=False, year=True)}"
    detail = " · ".join(part for part in (thing.details.get("detail", ""), said) if part)
    return {"details": {**thing.details, "detail": detail, "short_dated": ends}}
