"""The package desk."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.acting import carry_out
from shop.admin.fingerprints import fingerprint, refuse_older
from shop.admin.packages.editing import FACTS, change_package, duplicate, set_package_state, shown_gaps
from shop.admin.packages.forms import PackageForm
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.admin.prices.views import WrittenPriceForm, stop_price, write_price, written_facts
from shop.admin.products.words import STATES
from shop.catalog.changing_prices import price_history
from shop.catalog.models import Package, Treatment
from shop.core.db import db, one_or_404
from shop.core.errors import ShopError
from shop.core.history import actor
from shop.wallet.series import needs_days, read_gaps, suggested_days

LARGEST_ID = 2**53


@bp.get("/packages")
@right_needed("catalogue")
def packages() -> Any:
    state = request.args.get("state", "")
    rows = (
        select(Package, Treatment.name)
        .join(Treatment, Treatment.id == Package.treatment_id)
        .where(Package.state.in_(STATES))
    )
    if state in STATES:
        rows = rows.where(Package.state == state)
    ordered = rows.order_by(Treatment.position, Treatment.id, Package.position, Package.id)
    found = [(package, name, shown_gaps(package.gaps)) for package, name in db.session.execute(ordered)]
    return render_template("admin/packages/list.html", rows=found, states=STATES, chosen=state)


@bp.get("/packages/<int:id>")
@right_needed("catalogue")
def package(id: int) -> Any:
    return _page(_get(id))


@bp.post("/packages/<int:id>")
@right_needed("catalogue")
def change(id: int) -> Any:
    package, form = _get(id), PackageForm()
    if not form.validate_on_submit():
        return _page(package, form), 422

    def change_it() -> None:
        refuse_older(_seen(package))
        change_package(package, _typed(form), price_minor=form.price.minor or 0, by=actor(current_user))

    said, to = "Saved. What was sold stays as it was sold.", url_for("admin.package", id=id)
    return carry_out(change_it, form=form, again=lambda: _page(_get(id), form), said=said, to=to)


@bp.post("/packages/<int:id>/state")
@right_needed("catalogue")
def package_state(id: int) -> Any:
    try:
        set_package_state(_get(id), request.form.get("state", ""), by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        return _page(_get(id), problem=error.sentence), error.status
    db.session.commit()
    flash("Done.", "success")
    return redirect(url_for("admin.package", id=id), 303)


@bp.post("/packages/<int:id>/duplicate")
@right_needed("catalogue")
def duplicate_package(id: int) -> Any:
    copy = duplicate(_get(id), by=actor(current_user))
    db.session.commit()
    flash("This is the copy, as a draft.", "success")
    return redirect(url_for("admin.package", id=copy.id), 303)


@bp.post("/packages/<int:id>/prices")
@right_needed("catalogue")
def write_package_price(id: int) -> Any:
    back = url_for("admin.package", id=id)
    return write_price(_get(id), back=back, page=lambda form: _page(_get(id), written=form))


@bp.post("/packages/<int:id>/prices/stop")
@right_needed("catalogue")
def stop_package_price(id: int) -> Any:
    return stop_price(_get(id), back=url_for("admin.package", id=id))


def _get(package_id: int) -> Package:
    wanted = select(Package).where(Package.id == min(package_id, LARGEST_ID), Package.state.in_(STATES))
    return one_or_404(wanted, "There is no such package.")


def _seen(package: Package) -> dict[str, Any]:
    return {name: getattr(package, name) for name in (*FACTS, "price_minor")}


def _typed(form: PackageForm) -> dict[str, Any]:
    names = ("name", "statement_name", "area", "sessions", "validity_days", "vat_percent")
    facts = {name: getattr(form, name).data for name in names}
    return facts | {"gaps": form.gaps.data or "", "single_minor": form.single.minor or 0}


def _page(
    package: Package, form: PackageForm | None = None, problem: str = "", *, written: WrittenPriceForm | None = None
) -> str:
    if form is None:
        form = PackageForm(formdata=None, obj=package)
        form.gaps.data = shown_gaps(package.gaps)
        form.price.process_data(package.price_minor)
        form.single.process_data(package.single_minor)
    subject, gaps = f"package:{package.id}", read_gaps(package.gaps)
    changes = price_history([subject])[subject]
    days = {"needs": needs_days(gaps), "suggested": suggested_days(gaps)}
    words = {"form": form, "problem": problem, "changes": changes, "names": names_of(c.by for c in changes), "days": days}
    words |= written_facts(package, written)
    treatment = db.session.get_one(Treatment, package.treatment_id)
    seen = fingerprint(_seen(package))
    return render_template(
        "admin/packages/package.html", package=package, treatment=treatment, states=STATES, seen=seen, **words
    )
