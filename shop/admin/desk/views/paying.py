"""A sale is paid: by hand, in one or several means, or by a link that the client opens."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.models import Client
from shop.accounts.rights import right_needed
from shop.admin.desk.forms import PayForm
from shop.admin.desk.showing import page_facts, quote_of
from shop.admin.pages import bp
from shop.bag.models import Bag
from shop.bag.reading import BagView
from shop.checkout import selling
from shop.checkout.at_desk import TENDERS, shared
from shop.checkout.odd_money import key_is_wrong
from shop.checkout.paying import open_page
from shop.checkout.preparing import Buyer
from shop.checkout.quoting import Quote
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused, ShopError
from shop.core.history import actor
from shop.core.money import money
from shop.core.texts import current_versions
from shop.payments.errors import BadKey, PaymentProblem

WALK_IN = "Walk-in"
CHANGED = "The total has changed while this page was open. Please look at it once more; nothing was charged."


@bp.post("/desk/<int:id>/pay")
@right_needed("till")
def pay_sale(id: int) -> Any:
    sale = selling.get_sale(id)
    found, _ = selling.gated(sale)
    form = PayForm(has_goods=found.payable.has_goods, has_sessions=found.payable.has_sessions)
    if request.form.get("update"):
        return _page(id, form), 200
    if not form.validate():
        return _page(id, form), 422
    try:
        bag = selling.refuse_unready(sale, found)
        quoted = quote_of(bag, form)
        if quoted is None:
            return _page(id, form), 422
        if request.form.get("total") != str(quoted.total_minor):
            raise Conflict(CHANGED)
        g.screenings = found.screenings
        if request.form.get("how") == "link":
            return _by_link(sale, bag, quoted, form)
        return _by_hand(sale, bag, quoted, form)
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(id, form), error.status


def _by_hand(sale: Bag, bag: BagView, quoted: Quote, form: PayForm) -> Any:
    whole = request.form.get("how", "")
    typed = {f"{means}_minor": form[means].minor or 0 for means in TENDERS}
    if whole in TENDERS:
        typed = {f"{whole}_minor": quoted.due_minor}
    taken, change = shared(quoted.due_minor, currency=current_app.config["SHOP"].currency, **typed)
    hands_over = form.delivery.data == "now"
    facts = {"taken": taken, "notes": form.notes, "hands_over": hands_over, "by": actor(current_user)}
    order = selling.sell(quoted, sale, _buyer(sale, bag, form), **facts)
    number, currency = order.number, order.currency
    db.session.commit()
    said = f" Give {money(change, currency)} back." if change else ""
    flash(f"Paid: {money(quoted.total_minor, currency)}.{said}", "success")
    return redirect(url_for("admin.order", number=number), 303)


def _by_link(sale: Bag, bag: BagView, quoted: Quote, form: PayForm) -> Any:
    """The intent is committed before Stripe is asked, its answer after."""
    order, intent = selling.ask_to_pay(quoted, sale, _buyer(sale, bag, form))
    number = order.number
    if intent is None:
        raise Refused("There is nothing to pay. Press “Take the payment” without a sum.")
    db.session.commit()
    try:
        open_page(intent)
        db.session.commit()
    except PaymentProblem as problem:
        db.session.rollback()
        if isinstance(problem, BadKey):
            key_is_wrong()
            db.session.commit()
        flash(problem.sentence, "error")
    return redirect(url_for("admin.waiting_order", number=number), 303)


def _buyer(sale: Bag, bag: BagView, form: PayForm) -> Buyer:
    person = db.session.get(Client, sale.client_id) if sale.client_id else None
    name = person.name if person else WALK_IN
    agreed = ["consent-terms"] + (["consent-adult"] if bag.has_sessions else [])
    versions, now = current_versions(*agreed), clock.now().isoformat()
    ships = form.delivery.data == "ship"
    return Buyer(
        email=form.email.data or "",
        name=name,
        phone=person.phone if person else "",
        delivery="ship" if ships else "collect",
        address={"name": name} | form.address if ships else {},
        country=form.country.data,
        for_someone=None,
        consents=[
            {"kind": kind, "version": versions.get(kind, 0), "at": now, "told_by": actor(current_user)} for kind in agreed
        ],
        client_id=sale.client_id,
        screenings=g.screenings,
    )


def _page(id: int, form: PayForm) -> str:
    return render_template("admin/desk/sale.html", **page_facts(selling.get_sale(id), pay=form))
