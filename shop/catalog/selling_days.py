"""The law of a market may end the sale of goods on a day, by the day on which their batch was first placed on the market.

What the law says of a product is worked out when the product changes, and kept with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Text, cast, select

from shop.care.labels import Label
from shop.care.limits import WATCHED_DAYS, check_limits, limit_rules
from shop.care.parsing import read_label
from shop.catalog.models import Product
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.templating import day
from shop.terms.jurisdictions import EU

NEVER = ""  # the law of this market never allowed it
_LINE = re.compile(r"(.+?)[\s:=]+(\d{1,2}(?:[.,]\d{1,3})?)\s*%?", re.ASCII)


def market_of(country: str) -> str:
    """EU or GB; empty for a country whose limits we do not know."""
    return "EU" if country in EU else "GB" if country == "GB" else ""


def ends_by_law(label: Label, *, area: str, percents: Mapping[str, float]) -> list[list[str]]:
    """[market, what was placed there before this day is old stock, which is sold until this day] for each rule that is broken.

    A rule that knows no old stock, as a ban, has "" for its last day.
    """
    known = {rule.id: rule for rule in limit_rules()}
    broken = [
        known[one.rule]
        for market in sorted({rule.market for rule in known.values()})
        for one in check_limits(label, market=market, on=date.min, area=area, percents=percents)
        if one.state == "not sellable"
    ]
    return [
        [rule.market, *(day.isoformat() if day else "" for day in (rule.new_stock_from, rule.last_sale_day))]
        for rule in broken
    ]


def last_days(ends: Sequence[Sequence[str]], *, since: str | None) -> dict[str, str]:
    """market → the last day of sale as ISO, or NEVER, of goods placed on the market on `since`; a market without an end is absent.

    Without a day the goods are taken for new ones (Reg. (EU) 2024/996: placing is counted by the single batch).
    """
    found: dict[str, str] = {}
    for market, before, last in ends:
        this = last if since and (not before or since < before) else NEVER
        found[market] = min(found.get(market, this), this)
    return found


def keep_last_days(product: Product, label: Label | None = None) -> None:
    read, supplier = label if label is not None else read_label(product.inci), product.supplier or {}
    product.sale_ends = ends_by_law(read, area=product.area, percents=supplier.get("percents") or {})
    product.last_sale = last_days(product.sale_ends, since=supplier.get("on_market_since"))


def last_days_of_lot(last_sale: dict[str, str], sale_ends: Sequence[Sequence[str]], since: date | None) -> dict[str, str]:
    """Of goods in a lot: by the lot's own day on the market where one is known, else by the product's."""
    return last_sale if since is None or not sale_ends else last_days(sale_ends, since=since.isoformat())


def why_not_sold(last_sale: Mapping[str, str] | None, country: str) -> str:
    """A sentence when the law of that country ends the sale before today; empty otherwise."""
    ends = (last_sale or {}).get(market_of(country))
    if ends is None or (ends and date.fromisoformat(ends) >= clock.today()):
        return ""
    if not ends:
        return "may not be sold there"
    return f"may not be sold there any more; the last day was {day(date.fromisoformat(ends), year=True)}"


@dataclass(frozen=True)
class Ending:
    """A live product whose sale ends in one market; `last` is None where it was never allowed."""

    product_id: int
    name: str
    market: str
    last: date | None


def ending(*, within_days: int = WATCHED_DAYS) -> list[Ending]:
    """What ends within these days or has ended, the soonest first; one statement."""
    limit = clock.today() + timedelta(days=within_days)
    judged = select(Product.id, Product.name, Product.last_sale).where(cast(Product.last_sale, Text) != "{}")
    found = [
        Ending(row.id, row.name, market, date.fromisoformat(last) if last else None)
        for row in db.session.execute(judged.where(Product.state == "live"))
        for market, last in row.last_sale.items()
    ]
    return sorted((one for one in found if one.last is None or one.last <= limit), key=_when)


def _when(one: Ending) -> tuple[date, str, str]:
    return one.last or date.min, one.name, one.market


def read_percents(text: str) -> dict[str, float]:
    """ "RETINOL 1" on each line. Raises Refused for a line without a figure between 0 and 100."""
    found: dict[str, float] = {}
    for line in filter(None, (piece.strip() for piece in text.splitlines())):
        met = _LINE.fullmatch(line)
        if met is None:
            raise Refused(f"“{line[:60]}”: write the name and the figure, as in RETINOL 0.3.", field="percents")
        found[" ".join(met[1].upper().split())] = float(met[2].replace(",", "."))
    return found
