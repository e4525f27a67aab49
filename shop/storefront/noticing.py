"""Somebody waits for an article that is sold out: one e-mail when it is there again, and one click to stop it before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import delete, select, update

from shop.catalog.models import Brand, Product, Variant
from shop.core import clock
from shop.core.db import changed, db, insert_once
from shop.core.errors import NotFound, Refused
from shop.core.mail import send
from shop.core.settings import setting
from shop.storefront.models import StockNotice

AT_ONCE = 200
KEPT = timedelta(days=365)


def ask_for(sku: str, *, email: str) -> str:
    """Write the wish down, once for each article and address; its token. Raises Refused while it is in stock."""
    row = db.session.execute(
        select(Variant.id, Variant.in_stock, Product.id.label("product_id"))
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.sku == sku, Variant.is_sold, Product.state == "live", Product.gated.is_(False))
    ).first()
    if row is None:
        raise NotFound("This product is not in the shop any more.")
    if row.in_stock:
        raise Refused("It is in stock: you can put it into your bag.", field="email")
    address = email.strip().casefold()
    wish = f"{row.id}:{address}"
    if not insert_once(
        StockNotice, unique="wish", wish=wish, variant_id=row.id, email=address, asked_at=clock.now(), round=1
    ):
        again = update(StockNotice).where(StockNotice.wish == wish, StockNotice.ended_at.is_not(None))
        changed(again.values(ended_at=None, asked_at=clock.now(), round=StockNotice.round + 1))
    return token_of(int(db.session.scalar(select(StockNotice.id).where(StockNotice.wish == wish)) or 0))


def sweep() -> int:
    """Write to everybody whose article can be bought again, each once; forget wishes of a year ago. The caller commits."""
    there = (
        select(StockNotice.id, StockNotice.email, StockNotice.round, Product.name, Product.slug, Brand.name.label("brand"))
        .join(Variant, Variant.id == StockNotice.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Brand, Brand.id == Product.brand_id)
        .where(StockNotice.ended_at.is_(None), Variant.in_stock, Variant.is_sold)
        .where(Product.state == "live", Product.gated.is_(False))
    )
    written = 0
    for row in db.session.execute(there.order_by(StockNotice.id).limit(AT_ONCE)).all():
        if _end(row.id):
            _tell(row, f"{row.brand} {row.name}")
            written += 1
    changed(delete(StockNotice).where(StockNotice.asked_at < clock.now() - KEPT))
    return written


def waiting(token: str) -> StockNotice:
    """The wish behind a link. Raises NotFound."""
    try:
        notice_id = _signer().loads(token)
    except BadData:
        notice_id = None
    notice = db.session.get(StockNotice, notice_id) if isinstance(notice_id, int) else None
    if notice is None:
        raise NotFound("This wish is not kept any more.")
    return notice


def stop(notice: StockNotice) -> None:
    """Nothing more is written to this address, whatever it waits for; twice is once."""
    mine = update(StockNotice).where(StockNotice.email == notice.email, StockNotice.ended_at.is_(None))
    changed(mine.values(ended_at=clock.now()))
    db.session.expire(notice)


def token_of(notice_id: int) -> str:
    """What the address of a wish carries."""
    token = _signer().dumps(notice_id)
    return token if isinstance(token, str) else token.decode()


def _end(notice_id: int) -> bool:
    open_one = update(StockNotice).where(StockNotice.id == notice_id, StockNotice.ended_at.is_(None))
    return bool(changed(open_one.values(ended_at=clock.now())))


def _tell(row: Any, name: str) -> None:
    send(
        "back_in_stock",
        to=row.email,
        subject=f"{name} is here again",
        key=f"back_in_stock:{row.id}:{row.round}",
        name=name,
        clinic_name=setting("clinic.name"),
        link=f"{current_app.config['SHOP'].site_url}/products/{row.slug}",
        stop=f"{current_app.config['SHOP'].site_url}/products/waiting/{token_of(row.id)}",
    )


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="stock-notice")
