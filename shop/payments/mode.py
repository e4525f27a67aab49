"""Which money this shop moves is decided once per database: a shop that began with play money never turns real by accident."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import Connection, insert, inspect, select

from shop.core import clock
from shop.core.db import db, write_engine
from shop.core.settings import Setting
from shop.payments.locks import PaymentMode, check_payment_setup

KEY = "payments.mode"
TEST_HOSTS = ("127.0.0.1", "localhost", "::1", "standin.test", "stripe.standin")


def attach(app: Flask) -> None:
    """Sets PAYMENT_MODE. Raises PaymentLocked when a lock does not hold or the database belongs to another mode."""
    shop = app.config["SHOP"]
    hosts: dict[str, Any] = {"standin_hosts": TEST_HOSTS} if shop.testing else {}
    mode = check_payment_setup(shop, **hosts)
    app.config["PAYMENT_MODE"] = str(mode)
    if shop.testing:
        return
    with app.app_context():
        check_payment_setup(shop, stored_mode=stored_mode(mode), **hosts)


def stored_mode(mode: PaymentMode) -> str | None:
    """The mode in the database, written now if this is its first start; None while there are no tables yet."""
    with db.engines["read"].connect() as reading:
        if not inspect(reading).has_table(Setting.__tablename__):
            return None
        known = _read(reading)
    if known is not None:
        return known
    with write_engine().begin() as writing:
        known = _read(writing)
        if known is None:
            row = {"key": KEY, "value": {"is": str(mode)}, "changed_at": clock.now(), "changed_by": "system"}
            writing.execute(insert(Setting).values(**row))
    return known or str(mode)


def _read(connection: Connection) -> str | None:
    value = connection.execute(select(Setting.value).where(Setting.key == KEY)).scalar()
    return None if value is None else str(value["is"])
