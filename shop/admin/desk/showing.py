"""One sale as the desk sees it: its lines, who it is for, and what there is to pay."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from shop.accounts.models import Client
from shop.admin.clicks import cause_kept
from shop.admin.clients.finding import find_clients
from shop.admin.desk.finding import search
from shop.admin.desk.forms import ClientForm, PayForm
from shop.bag.models import Bag
from shop.bag.reading import BagView, read_bag
from shop.bag.showing import shown
from shop.bag.unlocking import unlocked_of
from shop.checkout.changing import order_before
from shop.checkout.promising import promise_for
from shop.checkout.quoting import Quote, quote
from shop.checkout.selling import gated, open_order, owner_of
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.settings import setting
from shop.intake.unlocking import NOTHING
from shop.orders.models import Order

MOST_CLIENTS = 8


def quote_of(bag: BagView, form: PayForm) -> Quote | None:
    """None when nothing can be delivered there; the form then says so."""
    try:
        return quote(bag, country=form.country.data, delivery="ship" if form.delivery.data == "ship" else "collect")
    except Refused as error:
        form.refuse(error)
        return None


def page_facts(
    sale: Bag, *, pay: PayForm | None = None, client: ClientForm | None = None, problem: str = ""
) -> dict[str, Any]:
    """Everything templates/admin/desk/sale.html speaks of."""
    found, waiting = gated(sale)
    bag = found.payable
    person = db.session.get(Client, sale.client_id) if sale.client_id else None
    if pay is None:
        kept = ({"email": person.email} if person else {}) | _kept_from(order_before(sale))
        pay = PayForm(has_goods=bag.has_goods, has_sessions=bag.has_sessions, formdata=None, data=kept)
    whole = shown(bag.only([*bag.items, *(item for item in _rest(sale, bag))]), waiting=waiting)
    quoted = quote_of(bag, pay) if bag.items else None
    q, who = request.args.get("q", "").strip()[:120], request.args.get("who", "").strip()[:120]
    return {
        "sale": sale,
        "lines": whole.lines,
        "codes": bag.names,
        "code_problems": bag.refused_codes,
        "sums": shown(bag, quoted.priced if quoted else None, delivery=pay.delivery.data),
        "refund": promise_for(quoted, country=pay.country.data) if quoted and bag.has_sessions else None,
        "bag": bag,
        "person": person,
        "people": find_clients(who, limit=MOST_CLIENTS).rows if who else [],
        "who": who,
        "q": q,
        "found": search(q, unlocked_of(owner_of(sale)) if q else NOTHING),
        "pay": pay,
        "client_form": client or ClientForm(formdata=None, data={"name": who}),
        "waits_for": open_order(sale),
        "unanswered": found.unanswered,
        "problem": problem,
        "cause": cause_kept(),
        "sells_cards": setting("gift_cards.on"),
        "currency": current_app.config["SHOP"].currency,
    }


def _kept_from(order: Order | None) -> dict[str, Any]:
    """Where the order before it should have gone, so that nobody types it again."""
    if order is None:
        return {}
    address = {name: order.address.get(name, "") for name in ("line1", "line2", "city", "postcode")}
    delivery = {"delivery": order.delivery} if order.delivery in ("ship", "collect") else {}
    return {"email": order.email, "country": order.country} | address | delivery


def _rest(sale: Bag, payable: BagView) -> list[Any]:
    """Lines that wait, so that the desk sees them too."""
    known = {item.id for item in payable.items}
    every = read_bag(owner_of(sale)).items
    return [item for item in every if item.id not in known]
