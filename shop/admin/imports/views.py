"""The desk for files: hand in, say which column is what, look at the difference, apply, take the rest back."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from io import StringIO, TextIOWrapper
from tempfile import TemporaryFile
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.clicks import cause_kept, cause_of, draw_cause
from shop.admin.imports.forms import PREFIX, FileForm, ReadForm, map_fields
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.core import clock
from shop.core.db import db
from shop.core.errors import NotFound, Refused, ShopError
from shop.core.history import actor
from shop.imports.exporting import export_products, guarded
from shop.imports.models import ImportRun
from shop.imports.moving.commands import KINDS as MOVING
from shop.imports.plain import FIELDS, column_map
from shop.imports.reading import open_table
from shop.imports.running import BUSY, apply_run, choose, get_run, lines_of, on_disk, rejected_rows, take_in

LARGEST_ID = 2**53
SHOWN = 30
STATES = {
    "new": ("Say how to read it", "open"),
    "checking": ("Being checked", "wait"),
    "checked": ("Waits for your word", "wait"),
    "applying": ("Being applied", "wait"),
    "applied": ("Applied", "good"),
    "broken": ("Stopped", "no"),
}
KINDS = {"shopify": "Shopify's export", "woo": "WooCommerce's export", "plain": "A table"}
KINDS |= {name: kind.words for name, kind in MOVING.items()}


@bp.get("/imports")
@right_needed("imports")
def imports() -> Any:
    return _list(FileForm(formdata=None))


@bp.post("/imports")
@right_needed("imports")
def hand_in_file() -> Any:
    form, given = FileForm(), request.files.get("file")
    try:
        if given is None or not given.filename:
            raise Refused("Choose a file first.", field="file")
        what = request.form.get("what", "")
        if what and what not in MOVING:
            raise Refused("Choose what is in the file.", field="what")
        about = {"cause": cause_of("file"), "by": actor(current_user), "what": what}
        run = take_in(given.filename[-120:], given.read(), **about)
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _list(form), error.status
    db.session.commit()
    return redirect(url_for("admin.import_file", id=run.id), 303)


@bp.get("/imports/<int:id>")
@right_needed("imports")
def import_file(id: int) -> Any:
    return _page(_get(id))


@bp.post("/imports/<int:id>/check")
@right_needed("imports")
def check_file(id: int) -> Any:
    run, form = _get(id), ReadForm()
    if not form.validate_on_submit():
        return _page(run, form, mapping=_chosen(run)), 422
    mapping, key = _chosen(run), [name.strip() for name in (form.key.data or "").split(",") if name.strip()]
    try:
        choose(run, mapping=mapping, stock=form.stock.data, key=key)
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(_get(id), form, mapping=mapping), error.status
    db.session.commit()
    return redirect(url_for("admin.import_file", id=id), 303)


@bp.post("/imports/<int:id>/apply")
@right_needed("imports")
def apply_file(id: int) -> Any:
    run = _get(id)
    if run.state not in ("applying", "applied"):  # the same click twice is one
        try:
            apply_run(run)
        except ShopError as error:
            db.session.rollback()
            flash(error.sentence, "error")
            return redirect(url_for("admin.import_file", id=id), 303)
    db.session.commit()
    return redirect(url_for("admin.import_file", id=id), 303)


@bp.get("/imports/<int:id>/errors.csv")
@right_needed("imports")
def import_errors(id: int) -> Any:
    return _csv(rejected_rows(_get(id)), f"errors-{id}.csv")


@bp.get("/imports/empty/<kind>.csv")
@right_needed("imports")
def empty_table(kind: str) -> Any:
    """The columns of a moving-in table and one row as an example."""
    if kind not in MOVING:
        raise NotFound("There is no such table.")
    return _csv([MOVING[kind].rows.COLUMNS, MOVING[kind].rows.EXAMPLE], f"{kind}.csv")


@bp.get("/imports/export.csv")
@right_needed("imports")
def export() -> Any:
    """The catalogue as a table that comes in again without changing anything."""
    kept = TemporaryFile()  # noqa: SIM115 (the answer reads it after this view, and closes it)
    text = TextIOWrapper(kept, encoding="utf-8-sig", newline="", write_through=True)
    export_products(text, currency=current_app.config["SHOP"].currency)
    text.detach()
    kept.seek(0)
    answer = send_file(kept, mimetype="text/csv", as_attachment=True, download_name=f"catalogue-{clock.today()}.csv")
    answer.call_on_close(kept.close)
    return answer


def _get(run_id: int) -> ImportRun:
    return get_run(min(run_id, LARGEST_ID))


def _chosen(run: ImportRun) -> dict[str, str]:
    """Field → column, as the selects say; only columns that the file has."""
    if run.kind != "plain":
        return {}
    given = {name: request.form.get(PREFIX + name, "") for name in FIELDS}
    return {name: column for name, column in given.items() if column in run.columns}


def _list(form: FileForm) -> str:
    rows = list(db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(SHOWN)))
    words = {"states": STATES, "kinds": KINDS, "moving": MOVING, "names": names_of(run.by for run in rows)}
    return render_template(
        "admin/imports/list.html", rows=rows, form=form, cause=cause_kept(), moving_cause=draw_cause(), **words
    )


def _page(run: ImportRun, form: ReadForm | None = None, *, mapping: dict[str, str] | None = None) -> str:
    form = form or ReadForm(formdata=None, stock=run.stock, key=", ".join(run.key))
    told = lines_of(run)
    asks = run.state in ("new", "checked", "broken")
    fields = map_fields(run.columns, mapping or _guessed(run)) if asks and run.kind == "plain" else []
    words = {
        "moves": run.kind in MOVING,
        "word": STATES[run.state],
        "kind": KINDS[run.kind],
        "busy": run.state in BUSY,
        "asks": asks,
    }
    return render_template("admin/imports/run.html", run=run, form=form, fields=fields, told=told, **words)


def _guessed(run: ImportRun) -> dict[str, str]:
    """What the map says, else what the columns' names say by themselves."""
    if run.mapping:
        return dict(run.mapping)
    with on_disk(run) as path:
        try:
            return column_map(open_table(path), {})
        except Refused:
            folded = {column.casefold(): column for column in run.columns}
            names = ((field, name) for field, others in FIELDS.items() for name in (field, *others)[::-1])
            return {field: folded[name] for field, name in names if name in folded}


def _csv(rows: Iterable[Iterable[str | int | date | None]], name: str) -> Response:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)
