"""Which lots may be sold: none past its date or below the clinic's minimum, fresh ones first, short-dated ones on a tick alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, or_

from shop.core import clock
from shop.core.settings import setting
from shop.inventory.models import Lot
from shop.inventory.outliving import SHORT_DATED, standing


def first_end() -> date:
    """A lot that ends before this day is not sold any more: delivery and the clinic's shortest use come after today."""
    days = setting("stock.delivery_days") + setting("stock.minimum_days")
    return clock.today() + timedelta(days=max(days, 1))


def is_short(expires_on: date | None, *, use_days: int | None) -> bool:
    """Whether it is sold only to somebody who has agreed to its date."""
    facts = {"delivery_days": setting("stock.delivery_days"), "minimum_days": setting("stock.minimum_days")}
    return standing(expires_on, today=clock.today(), use_days=use_days, **facts) == SHORT_DATED


def may_be_sold(first: Any) -> Any:
    """The condition on a lot; `first` is the day of `first_end`."""
    return and_(Lot.state == "open", or_(Lot.expires_on.is_(None), Lot.expires_on >= first))
