"""Gift cards: bought for somebody, spent in parts beside a card, never spent twice, paid back onto the card that paid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from shop.bag import cards
from shop.bag.card_codes import ALPHABET, spelt, tidy
from shop.bag.models import GiftCard, GiftCardMove
from shop.checking import all_differences
from shop.core import settings
from shop.core.db import db
from shop.core.errors import Conflict
from shop.orders import placing
from shop.orders.models import Invoice, Order
from shop.orders.prospects import preview
from shop.orders.withdrawing import withdraw
from shop.payments import ledger
from shop.payments.models import Refund
from shop.reports.owing_on_cards import owed_on_cards
from shop.reports.spans import this_month
from tests.orders.buying import credits_of, use
from tests.support.factories import make_package, make_product
from tests.support.forms import forms
from tests.support.journeys import checkout_form, come_back, fill_bag, go_to_pay
from tests.support.racing import together
from tests.support.tills import pages, refunds, sku_of, the_order


@pytest.fixture
def sold(clock, app):
    settings.change_setting("gift_cards.on", True, by="user:1")
    db.session.commit()


def a_card(minor=20000):
    card = cards.issue(
        minor, currency="GBP", cause=f"test:{minor}:{len(db.session.scalars(select(GiftCard)).all())}", by="user:1"
    )
    db.session.commit()
    return card


def code_of(card):
    return spelt(card.code)


@pytest.fixture
def guest(clock, client):
    """A series of six, 540.00."""
    fill_bag(client, package=make_package(sessions=6).slug)
    return client


def test_a_card_pays_its_part_and_stripe_is_asked_for_the_rest(guest, standin):
    card = a_card()
    assert guest.post("/bag/codes", data={"code": code_of(card).lower()}).status_code == 303
    bag = guest.get("/bag").text
    assert "£340.00" in bag
    come_back(guest, standin.pay(go_to_pay(guest)))
    order = the_order()
    assert (order.total_minor, order.card_minor, order.vat_minor, order.state) == (54000, 20000, 9000, "placed")
    assert pages(standin)[0]["amount_total"] == 34000
    taken = [(event.tender, event.amount_minor) for event in ledger.events_of(order.number)]
    assert sorted(taken) == [("gift_card", 20000), ("stripe", 34000)]
    db.session.refresh(card)
    assert card.balance_minor == 0
    assert all_differences() == []


def test_a_refund_goes_back_by_the_same_means_in_proportion(guest, standin, clock, run_worker):
    card = a_card()
    guest.post("/bag/codes", data={"code": code_of(card)})
    come_back(guest, standin.pay(go_to_pay(guest)))
    order = db.session.scalars(select(Order)).one()
    use(credits_of(order)[0], 2)
    clock.shift(timedelta(days=20))
    assert preview(order).total_minor == 36000
    withdraw(order, by="client", cause="test")
    db.session.commit()
    run_worker()
    assert sorted((refund.tender, refund.amount_minor, refund.state) for refund in refunds()) == [
        ("gift_card", 13333, "succeeded"),
        ("stripe", 22667, "succeeded"),
    ]
    db.session.refresh(card)
    assert card.balance_minor == 13333
    assert all_differences() == []


def test_a_card_that_covers_everything_needs_no_stripe(guest, standin):
    card = a_card(60000)
    guest.post("/bag/codes", data={"code": code_of(card)})
    form = checkout_form(guest)
    answer = guest.post("/checkout", data=form.fields)
    assert answer.headers["Location"].startswith("/orders/")
    assert pages(standin) == []
    assert the_order().state == "placed"
    db.session.refresh(card)
    assert card.balance_minor == 6000
    assert all_differences() == []


def test_pennies_that_no_card_company_takes_are_left_on_the_card(guest, standin):
    card = a_card(53990)  # 0.10 would be left to pay
    guest.post("/bag/codes", data={"code": code_of(card)})
    come_back(guest, standin.pay(go_to_pay(guest)))
    assert pages(standin)[0]["amount_total"] == 30
    db.session.refresh(card)
    assert card.balance_minor == 20


def test_what_an_unpaid_order_held_is_on_the_card_again(guest, standin):
    card = a_card()
    guest.post("/bag/codes", data={"code": code_of(card)})
    address = go_to_pay(guest)
    number = the_order().number
    db.session.refresh(card)
    assert card.balance_minor == 0
    placing.lapse(number)
    db.session.commit()
    db.session.refresh(card)
    assert card.balance_minor == 20000
    come_back(guest, standin.pay(address))  # late, but everything is still there
    assert the_order().state == "placed"
    db.session.refresh(card)
    assert card.balance_minor == 0
    assert all_differences() == []


def test_late_money_goes_back_when_the_card_was_spent_meanwhile(guest, standin, run_worker):
    card = a_card()
    guest.post("/bag/codes", data={"code": code_of(card)})
    address = go_to_pay(guest)
    placing.lapse(the_order().number)
    cards.spend(card.id, 15000, order_number="AG-OTHER")
    db.session.commit()
    come_back(guest, standin.pay(address))
    run_worker()
    assert the_order().state == "lapsed"
    assert [(refund.tender, refund.amount_minor) for refund in refunds()] == [("stripe", 34000)]


def test_a_card_that_holds_less_than_was_seen_is_looked_at_again(guest, standin):
    card = a_card()
    guest.post("/bag/codes", data={"code": code_of(card)})
    form = checkout_form(guest)
    cards.spend(card.id, 12000, order_number="AG-OTHER")
    db.session.commit()
    answer = guest.post("/checkout", data=form.fields)
    assert answer.status_code in (303, 409)
    order = [order for order in db.session.scalars(select(Order)) if order.state == "open"]
    assert [one.due_minor for one in order] == [46000]
    assert all_differences() == []


@pytest.mark.parametrize("text", ["ABCD-EFGH-JKMN-PQRS", "not a card", "A" * 16])
def test_an_unknown_card_is_refused_like_an_unknown_code(guest, text):
    answer = guest.post("/bag/codes", data={"code": text})
    assert answer.status_code == 422
    assert "not known here" in answer.text


def test_empty_and_blocked_cards_say_so(guest):
    card = a_card()
    cards.set_blocked(card, blocked=True, by="user:1", reason="lost")
    db.session.commit()
    assert "has been blocked" in guest.post("/bag/codes", data={"code": code_of(card)}).text
    spent = a_card(100)
    cards.spend(spent.id, 100, order_number="AG-1")
    db.session.commit()
    assert "Nothing is left" in guest.post("/bag/codes", data={"code": code_of(spent)}).text


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


def test_the_ledger_never_changes(app, clock):
    card = a_card()
    move = db.session.scalars(select(GiftCardMove).where(GiftCardMove.card_id == card.id)).one()
    move.amount_minor = 1
    with pytest.raises(DatabaseError):
        db.session.flush()
    db.session.rollback()


def test_a_code_is_read_however_it_is_typed():
    assert not set("0O1IL") & set(ALPHABET)
    code = "ABCDEFGHJKMNPQRS"
    assert tidy(" abcd-efgh jkmn-pqrs ") == code
    assert tidy("ABCD") == tidy("ABCDEFGHJKMNPQR0") == ""


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


@pytest.mark.slow
def test_of_twelve_who_spend_the_last_pounds_one_succeeds(app, clock):
    card_id = a_card(5000).id
    acts = [lambda n=n: cards.spend(card_id, 5000, order_number=f"AG-{n}") for n in range(12)]
    assert sorted(together(app, acts)) == ["CardEmpty"] * 11 + ["done"]
    assert all_differences() == []
