"""One series with everything its owner may do with it, and the sum that calling it off would pay back today."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from shop.account.seeing_sessions import Series, series_of
from shop.checkout.upgrading import Offer, offers
from shop.core.db import db
from shop.core.errors import NotFound
from shop.core.settings import setting
from shop.core.templating import day
from shop.orders.models import Order
from shop.orders.prospects import preview
from shop.wallet.models import Credit
from shop.wallet.periods import can_extend


@dataclass(frozen=True)
class OneSeries:
    """`back_minor` is none where somebody else paid, or another shop."""

    series: Series
    can_extend: bool
    extension_days: int
    can_pause: bool
    paused_since: str
    can_give: bool
    offers: tuple[Offer, ...]
    back_minor: int | None
    back_path: str


def shown_series(credit: Credit) -> OneSeries:
    """Raises NotFound for what is no series of its own: an add-on stands with its sessions."""
    series = next((one for one in series_of(credit.client_id) if one.code == credit.code), None)
    if series is None:
        raise NotFound("These sessions are not here.")
    is_open = not series.is_over
    back, path = _back(credit) if is_open else (None, "")
    return OneSeries(
        series=series,
        can_extend=is_open and can_extend(credit) and credit.frozen_on is None,
        extension_days=setting("wallet.extension_days"),
        can_pause=is_open and credit.frozen_on is None,
        paused_since=day(credit.frozen_on, year=True) if credit.frozen_on else "",
        can_give=is_open and credit.free > 0 and credit.frozen_on is None,
        offers=tuple(offers(credit)) if is_open else (),
        back_minor=back,
        back_path=path,
    )


def _back(credit: Credit) -> tuple[int | None, str]:
    """Only for whoever paid: what was given away is paid back to the giver."""
    mine = select(Order).where(Order.number == credit.order_number, Order.client_id == credit.client_id)
    order = db.session.scalars(mine).first() if credit.order_number else None
    if order is None or order.state != "placed":
        return None, ""
    key = f"credit:{credit.code}"
    return preview(order, what=[key]).total_minor, f"/orders/{order.number}/withdraw?chosen=1&what={key}"
