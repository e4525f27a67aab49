"""Beside a reduced price stands the lowest one of the thirty days before it.

Source: Directive 98/6/EC, Article 6a (as Directive (EU) 2019/2161 added it); in the UK the CTSI's guidance for traders on
pricing practices asks that a price before was a genuine one. Both are kept by the stricter rule of the two.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from shop.core.db import db
from shop.core.history import HistoryRow

LOOKED_BACK = timedelta(days=30)


def lowest_before(subject: str, *, price_minor: int, at: datetime) -> int:
    """The lowest price of the thirty days that end at `at`, of which `price_minor` was the last; in minor units.

    A price of one minute counts, and so does the one with which those days began.
    """
    rows = select(HistoryRow.was, HistoryRow.now).where(
        HistoryRow.subject == subject, HistoryRow.axis == "price", HistoryRow.at >= at - LOOKED_BACK, HistoryRow.at <= at
    )
    prices = [int(text) for row in db.session.execute(rows) for text in row if text]
    return min([price_minor, *prices])
