"""Contracts of 1 June 2026, for the tests of cancelling them."""

from __future__ import annotations

from datetime import date, timedelta

from shop.core.money import vat_inside
from shop.core.units import units
from shop.terms.cancellation import cancel
from shop.terms.contracts import Facts, Item
from shop.terms.jurisdictions import law_of

BOUGHT = date(2026, 6, 1)


def sessions(price=54000, count=6, used=0, **options):
    shares = units(price, vat_inside(price, 20), count, charge="line:1")
    return Item(**{"key": "sessions", "kind": "sessions", "what": "Hair", "units": shares, "used": used, **options})


def goods(price, key="goods", state="sealed", count=1, **options):
    shares = units(price, vat_inside(price, 20), count, charge=f"line:{key}")
    return Item(key=key, kind="goods", what=key, units=shares, state=state, **options)


def delivery(price=395, **options):
    shares = units(price, vat_inside(price, 20), 1, charge="line:delivery")
    return Item(key="delivery", kind="delivery", what="Delivery", units=shares, **options)


def facts(days=10, jurisdiction="uk", *, asked=True, **options):
    law = law_of(jurisdiction, on=BOUGHT)
    return Facts(
        law=law, bought_on=BOUGHT, cancelled_on=BOUGHT + timedelta(days=days), has_express_request=asked, **options
    )  # fmt: skip


def refund(items, about):
    return cancel(items, about).refund_minor


def box(used=2, state="sealed"):
    return [sessions(52800, used=used), goods(2400, "SPF", state), goods(4800, "Serum", state)]
