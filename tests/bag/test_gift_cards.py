"""Gift cards are spent in parts beside a card, never twice, and paid back onto the card that paid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from shop.bag import cards
from shop.bag.card_codes import ALPHABET, tidy
from shop.bag.models import GiftCardMove
from shop.checking import all_differences
from shop.core.db import db
from shop.orders import placing
from shop.orders.models import Order
from shop.orders.prospects import preview
from shop.orders.withdrawing import withdraw
from shop.payments import ledger
from tests.bag.cards_at_hand import a_card, code_of
from tests.orders.buying import credits_of, use
from tests.support.journeys import checkout_form, come_back, go_to_pay
from tests.support.racing import together
from tests.support.tills import pages, refunds, the_order


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


@pytest.mark.slow
def test_of_twelve_who_spend_the_last_pounds_one_succeeds(app, clock):
    card_id = a_card(5000).id
    acts = [lambda n=n: cards.spend(card_id, 5000, order_number=f"AG-{n}") for n in range(12)]
    assert sorted(together(app, acts)) == ["CardEmpty"] * 11 + ["done"]
    assert all_differences() == []
