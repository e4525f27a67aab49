"""The checkout page: from what is in the bag to Stripe's payment page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, redirect, render_template, request, session, url_for
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from shop.accounts.addresses import default_address
from shop.bag.browser import bag_owner
from shop.bag.cards import CardEmpty
from shop.bag.code_uses import CodeSpent
from shop.bag.codes import take_out
from shop.bag.gating import Gate, gate
from shop.bag.reading import BagView, read_bag
from shop.bag.showing import shown
from shop.catalog import scheduling_prices
from shop.checkout.finishing import finish
from shop.checkout.forms import CheckoutForm, words_of
from shop.checkout.odd_money import key_is_wrong
from shop.checkout.paying import ELSEWHERE, open_page
from shop.checkout.preparing import prepare
from shop.checkout.promising import promise_for
from shop.checkout.quoting import Quote, fingerprint, quote
from shop.checkout.resuming import Resumed, resume
from shop.checkout.views import bp
from shop.checkout.views.returning import thank
from shop.core.db import db
from shop.core.errors import Conflict, Refused, ShopError
from shop.core.texts import current_versions
from shop.intake.browser import subject
from shop.inventory.holding import SoldOut
from shop.orders import placing
from shop.payments.attempts import Intent
from shop.payments.errors import BadKey, PaymentProblem

TEXTS = ("consent-terms", "consent-adult")


@bp.get("/checkout")
def page() -> Any:
    bag = read_bag(bag_owner())
    for_other = request.args.get("for") == "other"
    if not bag.items or bag.problems:
        return redirect(url_for("bag.show"), 303)
    gated = gate(bag, subject(), for_somebody_else=for_other)
    if gated.unanswered or not gated.payable.items:
        return _first_this(gated)
    facts = _known_facts() | ({"for_me": "no"} if for_other else {})
    form = CheckoutForm(has_goods=gated.payable.has_goods, has_sessions=gated.payable.has_sessions, data=facts)
    return _page(gated.payable, form, _quote_or_none(gated.payable, form))


@bp.post("/checkout")
def pay() -> Any:
    if scheduling_prices.is_due() and scheduling_prices.apply_due():
        db.session.commit()  # a moment has come that the worker has not seen: the total below is the new one
    bag = read_bag(bag_owner())
    if not bag.items or bag.problems or bag.bag_id is None:
        db.session.rollback()
        return redirect(url_for("bag.show"), 303)
    gated = gate(bag, subject(), for_somebody_else=request.form.get("for_me") == "no")
    if gated.unanswered or not gated.payable.items:
        db.session.rollback()
        return _first_this(gated)
    bag = gated.payable
    form = CheckoutForm(has_goods=bag.has_goods, has_sessions=bag.has_sessions)
    quoted = _quote_or_none(bag, form)
    if request.form.get("update") or not form.validate() or quoted is None:
        return _page(bag, form, quoted), 200 if request.form.get("update") else 422
    if form.total.data is not None and form.total.data != quoted.total_minor:
        form.form_errors.append("The total has changed since you saw it. Please look at it once more; nothing was charged.")
        return _page(bag, form, quoted), 409
    g.screenings = gated.screenings
    return _prepare_and_pay(bag, form, quoted)


def _prepare_and_pay(bag: BagView, form: CheckoutForm, quoted: Quote, *, again: bool = False) -> Any:
    bag_id = bag.bag_id or 0
    mark = fingerprint(quoted, form.mark())
    buyer = form.buyer(client_id=current_user.client_id, versions=current_versions(*TEXTS), screenings=g.screenings)
    try:
        order, intent = prepare(quoted, buyer, bag_id=bag_id, mark=mark)
        number = order.number
        if intent is None:
            _place_free(number)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        if again:
            form.form_errors.append(ELSEWHERE)
            return _page(bag, form, quoted), 409
        return _resume(bag, form, quoted, bag_id, mark)
    except SoldOut:
        db.session.rollback()
        return redirect(url_for("bag.show"), 303)
    except CodeSpent as spent:
        db.session.rollback()
        return _without(spent, form)
    except CardEmpty as empty:
        db.session.rollback()
        return _looked_again(form, f"{empty.sentence} What it holds now is taken off; nothing was charged.")
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(bag, form, quoted), error.status
    if intent is None:
        return thank(number, mine=True)
    return _to_stripe(bag, form, quoted, lambda: _opened(intent))


def _without(spent: CodeSpent, form: CheckoutForm) -> Any:
    """Somebody was quicker with the last use of a code: it leaves the bag, and the new total is looked at first."""
    owner = bag_owner()
    take_out(owner, spent.name, held=read_bag(owner).names)
    db.session.commit()
    return _looked_again(form, f"{spent.sentence} The total is now without it; nothing was charged.")


def _looked_again(form: CheckoutForm, sentence: str) -> Any:
    """The bag as it stands now, with what is to be paid for it now."""
    bag = gate(read_bag(bag_owner()), subject(), for_somebody_else=form.for_me.data == "no").payable
    form.form_errors.append(sentence)
    return _page(bag, form, _quote_or_none(bag, form)), 409


def _opened(intent: Intent) -> Resumed:
    page = open_page(intent)
    return Resumed("waiting", intent.order_number, page.id, page.url or "")


def _resume(bag: BagView, form: CheckoutForm, quoted: Quote, bag_id: int, mark: str) -> Any:
    """This bag has an open order: the same purchase goes to its page, another one replaces it."""
    found: list[Resumed] = []

    def look() -> Resumed:
        found.append(resume(bag_id, mark=mark))
        return found[0]

    answer = _to_stripe(bag, form, quoted, look)
    if not found or not found[0].is_free:
        return answer
    bag = gate(
        read_bag(bag_owner()), subject(), for_somebody_else=form.for_me.data == "no"
    ).payable  # its stock is free again
    if not bag.items or bag.problems:
        db.session.rollback()
        return redirect(url_for("bag.show"), 303)
    again = quote(bag, country=form.country.data, delivery=form.delivery.data)
    return _prepare_and_pay(bag, form, again, again=True)


def _to_stripe(bag: BagView, form: CheckoutForm, quoted: Quote, opened: Callable[[], Resumed]) -> Any:
    """On to the payment page; to the order where it is paid already. Nothing is lost when Stripe does not answer."""
    try:
        found = opened()
        db.session.commit()
    except (PaymentProblem, Conflict) as problem:
        db.session.rollback()
        if isinstance(problem, BadKey):
            key_is_wrong()
            db.session.commit()
        form.form_errors.append(problem.sentence)
        return _page(bag, form, quoted), problem.status
    if found.is_paid:
        return thank(found.number, mine=True)
    session["paying"], session["page"] = found.number, found.session_id
    if found.url and found.outcome == "waiting":
        return redirect(found.url, 303)
    if found.outcome == "slow":
        return redirect(url_for("checkout.come_back", session_id=found.session_id), 303)
    form.form_errors.append(ELSEWHERE)
    return _page(bag, form, quoted), 409


def _place_free(number: str) -> None:
    placed = placing.place_unpaid(number)
    if placed:
        finish(placed)


def _first_this(gated: Gate) -> Any:
    """The questions come before the payment; a bag in which everything waits says why."""
    if gated.unanswered:
        return redirect(url_for("intake.form", treatment=gated.unanswered, next=url_for("checkout.page")), 303)
    return redirect(url_for("bag.show"), 303)


def _quote_or_none(bag: BagView, form: CheckoutForm) -> Quote | None:
    try:
        return quote(bag, country=form.country.data, delivery=form.delivery.data)
    except Refused as error:
        form.refuse(error)
        return None


def _known_facts() -> dict[str, Any]:
    """Nothing is asked twice: what the account knows stands in the form already."""
    if not current_user.is_authenticated:
        return {}
    facts: dict[str, Any] = {"email": current_user.email, "name": current_user.name}
    address = default_address(current_user.client_id) if current_user.client_id else None
    if address:
        facts |= {name: getattr(address, name) for name in ("line1", "line2", "city", "postcode", "country", "phone")}
    return facts


def _page(bag: BagView, form: CheckoutForm, quoted: Quote | None) -> str:
    """The total that is shown travels with the form, so that nobody pays another one than was seen."""
    shown_bag = shown(bag, quoted.priced if quoted else None, delivery=form.delivery.data)
    form.total.raw_data = None
    form.total.data = shown_bag.total_minor  # type: ignore[assignment]
    facts = {
        "needs_recipient": bag.has_sessions,
        "needs_delivery": bag.has_goods,
        "needs_adult": bag.has_sessions,
        "refund": promise_for(quoted, country=form.country.data) if quoted else None,
    }
    return render_template("checkout/checkout.html", bag=shown_bag, form=form, **facts, **words_of(bag, form))
