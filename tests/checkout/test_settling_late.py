"""Money that comes late, twice, or while the page is being closed."""

from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from shop.checkout.settling import settle
from shop.core.db import db
from shop.inventory.models import Stock
from shop.payments.models import PaymentAttempt
from tests.checkout.settled import assert_placed_once, params_of
from tests.support.journeys import come_back, fill_bag, go_to_pay
from tests.support.tills import (
    assert_clean,
    attempts,
    counters,
    facts,
    inbox,
    orders,
    page_id,
    pages,
    refunds,
    taken_minor,
    the_order,
)

pytestmark = pytest.mark.usefixtures("at_noon")


def test_an_expired_message_after_the_payment_is_only_written_down(guest, standin, worker):
    address = go_to_pay(guest)
    back = standin.pay(address)
    come_back(guest, back)
    with standin.desk._store.unit() as unit:
        from shop.payments.standin.recording import record

        record(unit, "checkout.session.expired", unit.find("checkout.session", page_id(address)))
    standin.desk.send_due()
    worker()
    assert "checkout.session.expired" in [event.type for event in inbox()]
    assert all(event.done_at for event in inbox())
    assert_placed_once()


def test_the_first_try_ends_after_the_second_was_paid(guest, standin, worker, sku):
    standin.desk.hold()
    first = go_to_pay(guest)
    fill_bag(guest, sku=sku, quantity=1)  # the bag changes, so the next click replaces the order
    come_back(guest, standin.pay(go_to_pay(guest)))
    standin.desk.release(order="shuffled")
    worker()
    assert [order.state for order in orders()] == ["lapsed", "placed"]
    assert [attempt.state for attempt in attempts()] == ["expired", "paid"]
    assert {page["id"]: page["status"] for page in pages(standin)}[page_id(first)] == "expired"
    assert counters() == (5, 3, 0)
    assert_clean()


def test_paid_while_we_close_the_page_is_placed(guest, standin, sku, worker):
    """The client pays on the old page at the moment in which a changed bag wants to replace it."""
    address = go_to_pay(guest)
    fill_bag(guest, sku=sku, quantity=1)
    standin.desk.hold()
    standin.pay(address)
    form = {"email": "guest@example.com", "name": "Ada Guest", "delivery": "collect", "country": "GB", "terms": "y"}
    answer = guest.post("/checkout", data=form)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).path == f"/orders/{the_order().number}"
    standin.desk.release()
    worker()
    assert_placed_once()


def test_paid_after_the_page_was_given_up_is_honoured_while_stock_lasts(guest, standin, worker):
    address = go_to_pay(guest)
    lapse_behind_stripe_s_back(address)
    standin.pay(address)
    worker()
    assert the_order().state == "placed"
    assert counters() == (5, 2, 0)
    assert taken_minor(standin) == the_order().total_minor
    assert refunds() == []
    assert_clean()


def test_paid_after_the_page_was_given_up_goes_back_when_it_is_sold_out(guest, standin, worker, mailbox):
    address = go_to_pay(guest)
    lapse_behind_stripe_s_back(address)
    db.session.execute(update(Stock).values(on_hand=0, allocated=0))
    db.session.commit()
    back = standin.pay(address)
    answer = guest.get(back)
    assert answer.status_code == 202
    assert "goes back to you in full" in answer.text
    worker()
    assert the_order().state == "lapsed"
    assert [event.kind for event in facts()] == ["captured", "refunded"]
    assert [refund.state for refund in refunds()] == ["succeeded"]
    assert taken_minor(standin) == 0
    assert "way back" in mailbox.last("guest@example.com").subject


def test_a_late_payment_goes_back_when_the_bag_was_bought_again_meanwhile(guest, standin, worker, app):
    first = go_to_pay(guest)
    lapse_behind_stripe_s_back(first)
    come_back(guest, standin.pay(go_to_pay(guest)))
    standin.pay(first)
    worker()
    worker()
    assert [order.state for order in orders()] == ["lapsed", "placed"]
    assert taken_minor(standin) == orders()[1].total_minor
    assert [refund.amount_minor for refund in refunds()] == [orders()[0].total_minor]
    assert counters() == (5, 2, 0)
    assert_clean()


def test_a_second_payment_of_one_order_goes_back_once(guest, standin, worker, app):
    come_back(guest, standin.pay(go_to_pay(guest)))
    order = the_order()
    again = app.extensions["gateway"].create_session(attempt=params_of(order), idempotency_key="somebody-else")
    standin.desk.send_copies(3)
    standin.pay(again.url)
    worker()
    worker()
    assert settle(again.id) == "again"
    assert [refund.state for refund in refunds()] == ["succeeded"]
    assert taken_minor(standin) == order.total_minor
    assert counters() == (5, 2, 0)
    assert_clean()


def lapse_behind_stripe_s_back(address):
    """The shop has given the order up although Stripe's page is still open: it was too slow, or too forgetful."""
    from shop.orders import placing

    attempt = next(each for each in attempts() if each.session_url == address)
    db.session.execute(update(PaymentAttempt).where(PaymentAttempt.id == attempt.id).values(state="expired"))
    placing.lapse(attempt.order_number)
    db.session.commit()
