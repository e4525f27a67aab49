"""Files for the carrier: the parcels that wait, out; the tracking numbers, in, with a look before anything changes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.orders.forms import TRACKING_SIGNS
from shop.admin.pages import bp
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused, ShopError
from shop.core.history import actor
from shop.imports.exporting import guarded
from shop.imports.reading import open_table
from shop.orders import carrying
from shop.orders.carrying import CARRIER, COLUMNS, REFERENCE, TRACKING, Tracked


@bp.get("/orders/carrier")
@right_needed("fulfilment")
def carrier() -> Any:
    return _page()


@bp.get("/orders/carrier/parcels.csv")
@right_needed("fulfilment")
def carrier_parcels() -> Any:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in carrying.to_carry():
        writer.writerow([guarded(cell) for cell in row])
    headers = {"Content-Disposition": f'attachment; filename="parcels-{clock.today().isoformat()}.csv"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


@bp.post("/orders/carrier")
@right_needed("fulfilment")
def carrier_tracking() -> Any:
    given = request.files.get("file")
    try:
        if given is None or not given.filename:
            raise Refused("Choose a file first.")
        rows = carrying.look(_read(given.read()))
        if not rows:
            raise Refused("No row of this file has an order number.")
    except ShopError as error:
        return _page(problem=error.sentence), error.status
    return _page(rows=rows)


@bp.post("/orders/carrier/apply")
@right_needed("fulfilment")
def apply_tracking() -> Any:
    """What the preview showed; an order that has changed since is left out and named."""
    kept = [text.split("\t") for text in request.form.getlist("row")[: carrying.MOST]]
    whole = [parts for parts in kept if len(parts) == 3 and TRACKING_SIGNS.fullmatch(parts[1])]
    rows = [(row, number, tracking, _tidy(carrier)) for row, (number, tracking, carrier) in enumerate(whole, 2)]
    if not rows:
        return _page(problem="Nothing of this file can be marked as sent."), 422
    sent, refused = carrying.apply(carrying.look(rows), by=actor(current_user))
    db.session.commit()
    if sent:
        flash(f"{sent} {'order is' if sent == 1 else 'orders are'} marked as sent; each client gets an e-mail.", "success")
    if refused:
        return _page(rows=refused, problem="These rows have changed nothing."), 409 if not sent else 200
    return redirect(url_for("admin.orders"), 303)


def _read(body: bytes) -> Iterator[tuple[int, str, str, str]]:
    """(row, order, tracking, carrier) by the names of the columns. Raises Refused when the two that count are missing."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tracking.csv"
        path.write_bytes(body)
        table = open_table(path)
        names = {column.casefold() for column in table.columns}
        if not names & set(REFERENCE) or not names & set(TRACKING):
            raise Refused("The file needs a column “Order reference” and a column “Tracking number”.")
        for line in table.lines():
            number, tracking = line.get(*REFERENCE)[:40], line.get(*TRACKING)[:60].replace(" ", "")
            if number:
                yield line.row, number, _tidy(tracking), _tidy(line.get(*CARRIER)[:60])


def _tidy(text: str) -> str:
    """Signs that no tracking number and no carrier has mean that there is none."""
    return text if not text or TRACKING_SIGNS.fullmatch(text) else ""


def _page(*, rows: list[Tracked] | None = None, problem: str = "") -> str:
    waiting = sum(1 for _ in carrying.to_carry())
    return render_template("admin/orders/carrier.html", waiting=waiting, rows=rows or [], problem=problem)
