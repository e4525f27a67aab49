"""Gift cards are bought for somebody, at the desk or online, and given back while nothing was spent."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.bag import cards
from shop.bag.card_codes import spelt
from shop.bag.models import GiftCard
from shop.checking import all_differences
from shop.core.db import db
from shop.core.errors import Conflict
from shop.orders.models import Invoice, Order
from shop.orders.prospects import preview
from shop.orders.withdrawing import withdraw
from shop.payments import ledger
from shop.payments.models import Refund
from shop.reports.owing_on_cards import owed_on_cards
from shop.reports.spans import this_month
from tests.bag.cards_at_hand import a_card, code_of
from tests.support.factories import make_product
from tests.support.forms import forms
from tests.support.journeys import come_back, fill_bag, go_to_pay
from tests.support.tills import sku_of, the_order


def test_gift_cards_are_hidden_until_they_are_switched_on(clock, client, as_admin):
    assert client.get("/gift-cards").status_code == 404
    assert "/gift-cards" not in client.get("/contact").text
    assert "/admin/gift-cards" not in as_admin.get("/admin/orders").text


def buy_one(browser, standin, **typed):
    form = next(form for form in forms(browser.get("/gift-cards").text, here="/gift-cards") if "for_name" in form.names)
    sent = form.fields | {"amount": "5000", "for_name": "Bea", "for_email": "bea@example.com", "from_name": "Ann"} | typed
    assert browser.post("/gift-cards", data=sent).status_code == 303
    come_back(browser, standin.pay(go_to_pay(browser)))
    return db.session.scalars(select(Order).order_by(Order.id.desc())).first()


def test_a_card_is_bought_for_somebody_who_gets_it_by_mail(sold, client, standin, mailbox):
    order = buy_one(client, standin, message="For the winter")
    letter = mailbox.to("bea@example.com")[-1]
    assert "For the winter" in letter.text
    card = db.session.scalars(select(GiftCard)).one()
    assert (card.amount_minor, card.balance_minor, card.for_name, card.order_number) == (5000, 5000, "Bea", order.number)
    page = client.get(letter.link("/gift-cards/")).text
    assert spelt(card.code) in page
    assert card.code not in db.session.connection().exec_driver_sql("select code from gift_card").scalar()
    # money for money: no VAT on the card, all of it on what is bought with it
    invoice = db.session.scalars(select(Invoice)).one()
    assert (invoice.gross_minor, invoice.vat_minor) == (5000, 0)
    owed = owed_on_cards(this_month())
    assert (owed.opening_minor, owed.moved, owed.closing_minor) == (0, {"issue": 5000}, 5000)
    assert all_differences() == []


def test_another_sum_is_read_and_kept_within_bounds(sold, client):
    form = next(form for form in forms(client.get("/gift-cards").text, here="/gift-cards") if "for_name" in form.names)
    sent = form.fields | {"for_name": "Bea", "from_name": "Ann"}
    assert "Please choose one" in client.post("/gift-cards", data=sent).text
    assert "from £10 to £1,000" in client.post("/gift-cards", data=sent | {"other": "5"}).text
    assert client.post("/gift-cards", data=sent | {"other": "5,00"}).status_code == 422
    assert client.post("/gift-cards", data=sent | {"other": "75"}).status_code == 303
    assert "£75.00" in client.get("/bag").text


def test_a_card_of_which_nothing_was_spent_is_given_back_within_the_days(sold, client, standin, run_worker):
    order = buy_one(client, standin)
    run_worker()
    order = db.session.scalars(select(Order)).one()
    assert preview(order).total_minor == 5000
    withdraw(order, by="client", cause="test")
    db.session.commit()
    run_worker()
    card = db.session.scalars(select(GiftCard)).one()
    assert card.balance_minor == 0
    assert [refund.amount_minor for refund in db.session.scalars(select(Refund))] == [5000]
    assert owed_on_cards(this_month()).closing_minor == 0
    assert all_differences() == []


def test_a_card_of_which_something_was_spent_stays(sold, client, standin, run_worker):
    order = buy_one(client, standin)
    run_worker()
    card = db.session.scalars(select(GiftCard)).one()
    cards.spend(card.id, 1, order_number="AG-1")
    db.session.commit()
    assert preview(db.session.get_one(Order, order.id)).total_minor == 0
    with pytest.raises(Conflict):
        cards.void(card, cause="x", by="user:1")
    db.session.rollback()


def test_a_gift_card_never_buys_a_gift_card(sold, client, standin):
    card = a_card(10000)
    form = next(form for form in forms(client.get("/gift-cards").text, here="/gift-cards") if "for_name" in form.names)
    client.post("/gift-cards", data=form.fields | {"amount": "5000", "for_name": "Bea", "from_name": "Ann"})
    fill_bag(client, sku=sku_of(make_product(stock=2, price_minor=8000)))
    client.post("/bag/codes", data={"code": code_of(card)})
    come_back(client, standin.pay(go_to_pay(client)))
    order = the_order()
    assert (order.total_minor, order.card_minor) == (13000, 8000)


def test_a_card_is_sold_and_spent_at_the_desk(sold, as_role, run_worker):
    desk = as_role("desk")
    path = desk.post("/admin/desk").headers["Location"]
    assert desk.post(f"{path}/gift-card", data={"amount": "5"}).status_code == 422
    assert desk.post(f"{path}/gift-card", data={"amount": "50", "for_name": "Bea"}).status_code == 303
    form = next(form for form in forms(desk.get(path).text, here=path) if "total" in form.names)
    assert desk.post(f"{path}/pay", data=form.fields | {"told": "y", "how": "cash"}).status_code == 303
    run_worker()
    card = db.session.scalars(select(GiftCard)).one()
    assert f"ending {card.tail}" in desk.get("/admin/gift-cards").text
    path = desk.post("/admin/desk").headers["Location"]
    desk.post(f"{path}/lines", data={"sku": sku_of(make_product(stock=2, price_minor=8000))})
    assert desk.post(f"{path}/codes", data={"code": card.code}).status_code == 303
    form = next(form for form in forms(desk.get(path).text, here=path) if "total" in form.names)
    assert desk.post(f"{path}/pay", data=form.fields | {"told": "y", "how": "terminal"}).status_code == 303
    order = db.session.scalars(select(Order).order_by(Order.id.desc())).first()
    assert sorted((e.tender, e.amount_minor) for e in ledger.events_of(order.number)) == [
        ("gift_card", 5000),
        ("terminal", 3000),
    ]
    page = f"/admin/gift-cards/{card.id}"
    assert "Spent" in desk.get(page).text
    assert desk.post(f"{page}/state", data={"state": "blocked", "reason": ""}).status_code == 422
    assert desk.post(f"{page}/state", data={"state": "blocked", "reason": "lost"}).status_code == 303
    assert all_differences() == []
