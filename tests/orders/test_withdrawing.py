"""Calling off moves money, sessions and goods together, once; whatever then happens to the money, sessions follow it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.checking import all_differences
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.inventory.models import Stock
from shop.orders import fulfilling, paying_by_hand
from shop.orders.models import Invoice, Order, Withdrawal
from shop.orders.prospects import preview
from shop.orders.withdrawing import pay, withdraw
from shop.payments import ledger
from shop.payments.models import Refund
from shop.terms.discounts import Code
from shop.wallet import giving, moving
from tests.orders.buying import credits_of, place_order, use
from tests.support.factories import make_client, make_package, make_product, make_variant
from tests.support.journeys import buy
from tests.wallet.credits import counters


@pytest.fixture
def bought(clock, client, standin):
    """Six sessions for 540.00, paid through Stripe by a guest."""
    package = make_package(sessions=6, price_minor=54000)
    number = buy(client, standin, package=package.slug)
    return order_of(number)


def order_of(number):
    db.session.expire_all()
    return db.session.scalars(select(Order).where(Order.number == number)).one()


def call_off(order, cause="click:1", **options):
    withdrawal = withdraw(order, by="guest", cause=cause, **options)
    db.session.commit()
    return withdrawal


def refunds():
    db.session.expire_all()
    return [
        (refund.tender, refund.amount_minor, refund.state)
        for refund in db.session.scalars(select(Refund).order_by(Refund.id))
    ]


def entries(kind):
    return db.session.scalars(select(AttentionEntry.reason).where(AttentionEntry.kind == kind)).all()


def test_two_of_six_used_and_360_go_back_through_stripe_with_60_vat_on_the_credit_note(
    bought, clock, standin, run_worker, mailbox
):
    [credit] = credits_of(bought)
    use(credit, 2)
    clock.shift(timedelta(days=20))
    call_off(bought)
    assert counters(credit) == (0, 4, 2, 4)
    run_worker()
    assert refunds() == [("stripe", 36000, "succeeded")]
    assert counters(credit) == (0, 0, 2, 0)
    assert [refund["amount"] for refund in standin.desk.all("refund")] == [36000]
    note = db.session.scalars(select(Invoice).where(Invoice.kind == "credit_note")).one()
    assert (note.gross_minor, note.vat_minor) == (36000, 6000)
    assert order_of(bought.number).state == "cancelled"
    assert all_differences() == []


def test_the_receipt_names_what_was_called_off_with_date_and_time(bought, clock, mailbox):
    call_off(bought)
    [mail] = [mail for mail in mailbox.to(bought.email) if mail.subject.startswith("Receipt")]
    assert mail.subject == f"Receipt: you called off order {bought.number}"
    assert "Received on Monday 2 March 2026, 9:30:00 (GMT)" in mail.text
    assert "Skin sessions (6): 6 of 6 not used: £540.00" in mail.text
    assert "at the latest by Monday 16 March 2026" in mail.text


def test_the_same_click_twice_is_one_withdrawal_and_a_second_one_finds_nothing(bought, clock, run_worker):
    first = call_off(bought)
    assert call_off(bought).id == first.id
    with pytest.raises(Refused, match="Nothing of this order"):
        call_off(bought, cause="click:2")
    db.session.rollback()
    run_worker()
    assert refunds() == [("stripe", 54000, "succeeded")]


def test_a_sum_that_was_not_seen_is_not_paid(bought, clock):
    use(credits_of(bought)[0])
    clock.shift(timedelta(days=20))
    with pytest.raises(Conflict, match=r"£450\.00"):
        call_off(bought, seen_minor=54000)
    db.session.rollback()
    assert refunds() == []


def test_of_four_clicks_at_once_one_is_paid(app, clock):
    order = place_order(make_package(sessions=6, price_minor=54000), tenders=[("cash", 54000)])
    number = order.number
    db.session.commit()

    def click(n):
        with app.app_context():
            try:
                withdraw(order_of(number), by="guest", cause=f"click:{n}")
                db.session.commit()
            except (Refused, Conflict):
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(click, range(4))).count(True) == 1
    assert refunds() == [("cash", 54000, "submitted")]
    assert all_differences() == []


def test_booked_visits_are_let_go_and_their_sessions_paid(bought, clock, run_worker):
    [credit] = credits_of(bought)
    moving.book(credit.id, cause="visit:1", by="client")
    db.session.commit()
    call_off(bought)
    run_worker()
    assert counters(credit) == (0, 0, 0, 0)
    assert refunds() == [("stripe", 54000, "succeeded")]


def test_sessions_given_to_a_friend_go_too_and_the_money_goes_to_the_payer(bought, clock, run_worker):
    [credit] = credits_of(bought)
    friend = make_client(user=None)
    given = giving.give(credit.id, sessions=2, to_client_id=friend.id, cause="gift:1", by="client:1")
    db.session.commit()
    call_off(bought)
    run_worker()
    assert (counters(credit), counters(given)) == ((0, 0, 0, 0), (0, 0, 0, 0))
    assert refunds() == [("stripe", 54000, "succeeded")]
    assert all_differences() == []


def test_goods_that_have_not_left_are_on_the_shelf_again(app, clock):
    variant = make_variant(make_product(variants=0, price_minor=3000), stock=5)
    order = place_order((variant, 2), delivery_minor=395, tenders=[("cash", 6395)])
    call_off(order)
    stock = db.session.scalars(select(Stock)).one()
    assert (stock.on_hand, stock.allocated) == (5, 0)
    assert refunds() == [("cash", 6395, "submitted")]
    assert (order_of(order.number).state, order_of(order.number).fulfilment) == ("cancelled", "cancelled")
    assert all_differences() == []


def test_one_line_called_off_leaves_the_rest_to_be_sent(app, clock):
    one, two = (make_variant(make_product(variants=0, price_minor=3000), stock=5) for _ in range(2))
    order = place_order(one, two, tenders=[("cash", 6000)])
    [first, _] = [entry.key for entry in preview(order).content.entries]
    call_off(order, what=[first])
    assert order_of(order.number).state == "placed"
    fulfilling.mark_shipped(order_of(order.number), carrier="DPD", tracking="", cause="click", by="user:9")
    db.session.commit()
    assert db.session.scalar(select(func.sum(Stock.on_hand))) == 9
    assert preview(order_of(order.number)).total_minor == 3000
    assert all_differences() == []


def test_cash_and_terminal_get_back_133_33_and_226_67(app, clock, run_worker):
    order = place_order(make_package(sessions=6, price_minor=54000), tenders=[("cash", 20000), ("terminal", 34000)])
    [credit] = credits_of(order)
    use(credit, 2)
    clock.shift(timedelta(days=20))
    call_off(order)
    run_worker()
    assert refunds() == [("cash", 13333, "submitted"), ("terminal", 22667, "submitted")]
    assert counters(credit) == (0, 0, 2, 0)
    assert entries("refund") == [
        "£133.33 were paid in cash and are to go back the same way.",
        "£226.67 were paid by card at the terminal and are to go back the same way.",
    ]
    for refund_id in db.session.scalars(select(Refund.id)).all():
        paying_by_hand.paid_back(refund_id, by="user:9")
    db.session.commit()
    run_worker()
    assert ledger.paid_minor(order.number) == 18000
    notes = db.session.scalars(select(Invoice).where(Invoice.kind == "credit_note").order_by(Invoice.gross_minor)).all()
    assert [note.gross_minor for note in notes] == [13333, 22667]
    assert sum(note.vat_minor for note in notes) == 6000
    with pytest.raises(Conflict):
        paying_by_hand.paid_back(db.session.scalars(select(Refund.id)).first(), by="user:9")


def test_while_a_bank_examines_the_payment_nothing_is_sent_twice_and_a_person_decides(bought, clock, standin, run_worker):
    intent = standin.desk.all("payment_intent")[0]["id"]
    db.session.commit()
    dispute = standin.desk.open_dispute(intent)
    run_worker()
    withdrawal = call_off(bought)
    run_worker()
    assert refunds() == []
    [credit] = credits_of(bought)
    assert counters(credit) == (0, 6, 0, 6)
    assert any("due £540.00" in reason for reason in entries("withdrawal"))
    db.session.commit()
    standin.desk.close_dispute(dispute["id"], won=True)
    run_worker()
    for _ in range(2):
        pay(db.session.get_one(Withdrawal, withdrawal.id), by="user:9")
        db.session.commit()
    assert refunds() == [("stripe", 54000, "requested")]
    assert all_differences() == []


def test_a_refund_that_fails_later_asks_for_a_person(bought, clock, standin, run_worker):
    call_off(bought)
    run_worker()
    db.session.commit()
    standin.desk.settle_refund(standin.desk.all("refund")[0]["id"], ok=False)
    run_worker()
    assert refunds() == [("stripe", 54000, "failed")]
    assert entries("refund") == ["The bank sent this refund back."]
    [credit] = credits_of(bought)
    assert counters(credit) == (0, 0, 0, 0)
    assert all_differences() == []


def test_a_refund_that_stripe_does_not_take_leaves_the_sessions_set_aside(bought, clock, standin, run_worker):
    db.session.commit()
    standin.desk.refund_in_dashboard(standin.desk.all("payment_intent")[0]["id"], amount=54000)
    call_off(bought)  # the shop has not heard of it yet
    run_worker()
    [credit] = credits_of(bought)
    assert [state for _, _, state in refunds()] == ["failed"]
    assert counters(credit) == (0, 6, 0, 6)
    assert entries("refund")


def test_goodwill_goes_with_it_and_never_above_what_was_paid(bought, clock, run_worker):
    use(credits_of(bought)[0], 2)
    clock.shift(timedelta(days=30))
    with pytest.raises(Refused):
        call_off(bought, goodwill_minor=18001, reason="a long wait")
    db.session.rollback()
    call_off(bought, goodwill_minor=18000, reason="a long wait")
    run_worker()
    assert refunds() == [("stripe", 54000, "succeeded")]


def test_an_order_that_was_not_paid_cannot_be_called_off(bought, clock):
    bought.state = "lapsed"
    with pytest.raises(Refused):
        call_off(bought)
    db.session.rollback()


def test_what_cost_nothing_is_called_off_without_money(app, clock):
    order = place_order(make_package(sessions=6), codes=[Code(name="GIFT", percent="100")])
    [credit] = credits_of(order)
    call_off(order)
    assert counters(credit) == (0, 0, 0, 0)
    assert refunds() == []
    assert all_differences() == []
