"""The desk calls an order off with a preview; the same verbs as the client's own page, plus goodwill with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.rights import right_needed
from shop.admin.cancelling.forms import CallOffForm, goodwill_minor
from shop.admin.clicks import cause_kept, cause_of, draw_cause
from shop.admin.orders.showing import get_order
from shop.admin.pages import bp
from shop.core.db import db, one_or_404
from shop.core.errors import Refused, ShopError
from shop.core.history import actor
from shop.core.money import money
from shop.orders import paying_by_hand, returning
from shop.orders.models import Order, Withdrawal
from shop.orders.showing_withdrawals import shown_prospect
from shop.orders.withdrawing import pay, withdraw
from shop.payments.models import Refund


@bp.get("/orders/<number>/cancel")
@right_needed("refunds")
def order_cancel(number: str) -> Any:
    order = get_order(number)
    what = request.args.getlist("what") if "chosen" in request.args else None
    form = CallOffForm(formdata=None, data={"goodwill": request.args.get("goodwill", "")})
    return _page(order, what, form, cause=draw_cause())


@bp.post("/orders/<number>/cancel")
@right_needed("refunds")
def cancel_order(number: str) -> Any:
    order, form, what = get_order(number), CallOffForm(), request.form.getlist("what")
    try:
        if not form.validate():
            return _page(order, what, form, cause=cause_kept()), 422
        done = withdraw(
            order,
            what=what,
            by=actor(current_user),
            cause=cause_of("call-off"),
            seen_minor=form.seen.data,
            goodwill_minor=goodwill_minor(form.goodwill.data, currency=order.currency),
            reason=form.reason.data or "",
        )
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(get_order(number), what, form, cause=cause_kept()), error.status
    sentence = f"Called off. {money(done.refund_minor, done.currency)} goes back; the client has the receipt."
    return _done(number, sentence)


@bp.post("/orders/<number>/returns")
@right_needed("refunds")
def take_goods_back(number: str) -> Any:
    order, typed = get_order(number), request.form
    facts = {"code": typed.get("code", ""), "key": typed.get("key", ""), "state": typed.get("state", "")}
    to_shelf = bool(typed.get("to_shelf"))
    act = lambda: returning.come_back(order, **facts, to_shelf=to_shelf, by=actor(current_user))  # noqa: E731
    return _act(number, act, "Taken in. What is due for it is on its way.")


@bp.post("/orders/<number>/by-hand/<int:id>")
@right_needed("refunds")
def paid_by_hand(number: str, id: int) -> Any:
    order = get_order(number)
    refund = paying_by_hand.get_waiting(order.number, id)
    return _act(number, lambda: paying_by_hand.paid_back(refund.id, by=actor(current_user)), "Noted as paid back by hand.")


@bp.post("/orders/<number>/withdrawals/<code>/pay")
@right_needed("refunds")
def pay_withdrawal(number: str, code: str) -> Any:
    order = get_order(number)
    mine = select(Withdrawal).where(Withdrawal.order_id == order.id, Withdrawal.code == code)
    withdrawal = one_or_404(mine, "This withdrawal is not here.")
    return _act(number, lambda: pay(withdrawal, by=actor(current_user)), "Asked for, unless the bank still examines it.")


def _act(number: str, act: Callable[[], None], sentence: str) -> Any:
    try:
        act()
    except ShopError as error:
        db.session.rollback()
        form = CallOffForm(formdata=None)
        form.refuse(error)
        return _page(get_order(number), None, form, cause=draw_cause()), error.status
    return _done(number, sentence)


def _done(number: str, sentence: str) -> Any:
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("admin.order_cancel", number=number), 303)


def _page(order: Order, what: list[str] | None, form: CallOffForm, *, cause: str) -> str:
    """A goodwill that cannot be is left out of the preview and said beside its field."""
    try:
        extra = goodwill_minor(form.goodwill.data, currency=order.currency)
        prospect = shown_prospect(order, what, goodwill_minor=extra)
    except Refused as refused:
        if not form.goodwill.errors:
            form.refuse(refused)
        extra, prospect = 0, shown_prospect(order, what)
    form.seen.data = form.seen.raw_data = None
    form.seen.data = prospect.total_minor
    facts = {"waiting": returning.waiting_goods(order), "by_hand": _by_hand(order), "held": _held(order)}
    return render_template("admin/cancelling/order.html", order=prospect, form=form, cause=cause, goodwill=extra, **facts)


def _by_hand(order: Order) -> list[tuple[Refund, str]]:
    mine = select(Refund).where(Refund.order_number == order.number, Refund.tender != "stripe", Refund.state == "submitted")
    words = paying_by_hand.WORDS
    return [(refund, words.get(refund.tender, refund.tender)) for refund in db.session.scalars(mine.order_by(Refund.id))]


def _held(order: Order) -> list[Withdrawal]:
    """Called off while a bank examined the payment: its money was never asked for."""
    asked = select(Refund.id).where(Refund.cause.like("withdrawal:" + Withdrawal.code + ":%"))
    mine = select(Withdrawal).where(Withdrawal.order_id == order.id, Withdrawal.refund_minor > 0, ~asked.exists())
    return list(db.session.scalars(mine.order_by(Withdrawal.id)))
