"""Stock is promised through one conditional UPDATE per row: whoever comes too late changes nothing and is told.

Races, once and for all. Every change of the counters runs in order of the stock row's id, so that two buyers of the
same two things never wait for each other crosswise; the WHERE clause re-checks what is available on the row as it is
after waiting; the number of changed rows decides. A CHECK in the database stands behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, Update, bindparam, exists, insert, select, update

from shop.catalog.models import Product, Variant
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict
from shop.inventory.models import Lot, Stock, StockMovement
from shop.inventory.selling import first_end, may_be_sold

Promise = tuple[int, int]  # (stock row, units)
_stock: Any = Stock.__table__
_WANTED: Any = bindparam("units")


class SoldOut(Conflict):
    """Somebody was quicker; nothing was changed by the statement that found out."""


def hold(promises: Sequence[Promise]) -> None:
    """Set units aside while somebody pays. Raises SoldOut (roll back) when one row has too few left."""
    _change(_HOLD, promises)


def release(promises: Sequence[Promise]) -> None:
    """Give held units back: the payment lapsed."""
    _change(_one_row().where(_stock.c.held >= _WANTED).values(held=_stock.c.held - _WANTED), promises)


def allocate(promises: Sequence[Promise], *, cause: str, by: str) -> None:
    """Turn held units into allocated ones: the order is placed."""
    _change(_ALLOCATE, promises)
    _write_down("allocate", promises, allocated=1, cause=cause, by=by)


def allocate_unheld(promises: Sequence[Promise], *, cause: str, by: str) -> None:
    """Allocate for somebody who paid after the hold had lapsed. Raises SoldOut when it is gone."""
    enough = _stock.c.on_hand - _stock.c.allocated - _stock.c.held >= _WANTED
    _change(_one_row().where(enough).values(allocated=_stock.c.allocated + _WANTED), promises)
    _write_down("allocate", promises, allocated=1, cause=cause, by=by)


def deallocate(promises: Sequence[Promise], *, cause: str, by: str, reason: str | None = None) -> None:
    """The order was cancelled before it left."""
    back = _one_row().where(_stock.c.allocated >= _WANTED).values(allocated=_stock.c.allocated - _WANTED)
    _change(back, promises)
    _write_down("deallocate", promises, allocated=-1, cause=cause, by=by, reason=reason)


def dispatch(promises: Sequence[Promise], *, cause: str, by: str) -> None:
    """Allocated units leave the shelf: shipped, or handed over."""
    left = {"on_hand": _stock.c.on_hand - _WANTED, "allocated": _stock.c.allocated - _WANTED}
    _change(_one_row().where(_stock.c.allocated >= _WANTED).values(**left), promises)
    _write_down("dispatch", promises, on_hand=-1, allocated=-1, cause=cause, by=by)


def lock(stock_ids: Iterable[int]) -> None:
    """Take several rows in order of their ids, for an act that changes them one after the other."""
    rows = select(Stock.id).where(Stock.id.in_(sorted(set(stock_ids)))).order_by(Stock.id)
    db.session.execute(rows.with_for_update(key_share=True))


def summed(promises: Iterable[Promise]) -> list[Promise]:
    """Demand added up per stock row and sorted by row: the order in which every writer takes its locks."""
    total: dict[int, int] = {}
    for stock_id, units in promises:
        total[stock_id] = total.get(stock_id, 0) + units
    return sorted(total.items())


def refresh_in_stock(variant_ids: Iterable[int]) -> None:
    """Recompute the "can be bought" marks of these variants and their products from the counters.

    The rows are locked first, in order of id: whoever had to wait counts, in the statement after, what others changed.
    """
    ids = sorted(set(variant_ids))
    if not ids:
        return
    left = exists().where(
        Stock.variant_id == Variant.id,
        Stock.lot_id == Lot.id,
        may_be_sold(first_end()),
        Stock.on_hand - Stock.allocated - Stock.held > 0,
    )
    quiet = {"synchronize_session": False}
    products = set(db.session.scalars(_locked(select(Variant.product_id).where(Variant.id.in_(ids)), Variant.id)))
    db.session.execute(update(Variant).where(Variant.id.in_(ids)).values(in_stock=left), execution_options=quiet)
    some = exists().where(Variant.product_id == Product.id, Variant.in_stock, Variant.is_sold)
    db.session.execute(_locked(select(Product.id).where(Product.id.in_(products)), Product.id))
    db.session.execute(update(Product).where(Product.id.in_(products)).values(in_stock=some), execution_options=quiet)


def _locked(rows: Select[Any], order: Any) -> Select[Any]:
    """With the lock that an UPDATE takes; rows that point here may still be written."""
    return rows.order_by(order).with_for_update(key_share=True)


def _one_row() -> Update:
    return update(_stock).where(_stock.c.id == bindparam("stock"))


# What each purchase does is written once: making a statement costs more than SQLite needs to answer it.
_LEFT = _stock.c.on_hand - _stock.c.allocated - _stock.c.held
_HOLD = _one_row().where(_LEFT >= _WANTED).values(held=_stock.c.held + _WANTED)
_ALLOCATE = (
    _one_row().where(_stock.c.held >= _WANTED).values(held=_stock.c.held - _WANTED, allocated=_stock.c.allocated + _WANTED)
)


def _change(statement: Update, promises: Sequence[Promise]) -> None:
    rows = [{"stock": stock_id, "units": units} for stock_id, units in summed(promises)]
    if not rows:
        return
    done = db.session.connection().execute(statement, rows).rowcount
    if done != len(rows):
        raise SoldOut("Somebody was quicker: not enough of it is left.")


def _write_down(
    kind: str,
    promises: Sequence[Promise],
    *,
    on_hand: int = 0,
    allocated: int = 0,
    cause: str,
    by: str,
    reason: str | None = None,
) -> None:
    now = clock.now()
    rows = [
        {
            "stock_id": stock_id,
            "kind": kind,
            "on_hand_change": on_hand * units,
            "allocated_change": allocated * units,
            "cause": f"{kind}:{cause}",
            "by": by,
            "reason": reason,
            "at": now,
        }
        for stock_id, units in summed(promises)
    ]
    if rows:
        db.session.execute(insert(StockMovement), rows)
