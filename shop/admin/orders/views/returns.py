"""A parcel comes back: scan what is in it, or the order's number, and find who waits for its money."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.core.db import db
from shop.core.settings import setting
from shop.inventory.finding import find_article
from shop.inventory.reading_codes import read_code
from shop.orders.models import Order, OrderLine, Withdrawal
from shop.orders.returning import Waiting, waiting_goods

MOST_ORDERS = 20


@bp.get("/orders/returns")
@right_needed("refunds")
def goods_back() -> Any:
    q = request.args.get("q", "").strip()[:120]
    return render_template("admin/orders/returns.html", q=q, found=_found(q))


def _found(q: str) -> list[tuple[Order, Waiting]]:
    """Goods that were called off and may come back; the newest hundred or so without a question."""
    orders = select(Order).join(Withdrawal, Withdrawal.order_id == Order.id).where(Withdrawal.waiting_minor > 0)
    read = read_code(q)
    variant = find_article(read.article) if q else None
    if variant is not None:
        orders = orders.join(OrderLine, OrderLine.order_id == Order.id).where(OrderLine.variant_id == variant.id)
    elif q:
        orders = orders.where(Order.number.in_((q.upper(), setting("orders.number_prefix") + q.upper())))
    newest = orders.distinct().order_by(Order.id.desc()).limit(MOST_ORDERS)
    rows = [(order, goods) for order in db.session.scalars(newest).all() for goods in waiting_goods(order)]
    if variant is None:
        return rows
    mine = set(db.session.scalars(select(OrderLine.id).where(OrderLine.variant_id == variant.id)))
    return [(order, goods) for order, goods in rows if int(goods.key.split(":")[1]) in mine]
