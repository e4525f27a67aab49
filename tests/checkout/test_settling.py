"""Whatever Stripe says, in whatever order and however often: an order is placed once, and only for its own money."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from shop.checkout.settling import settle
from shop.core.db import db
from shop.inventory.models import Stock
from shop.payments.asking import LineParams
from shop.payments.models import PaymentAttempt
from shop.wallet.models import Credit
from tests.payments.wiring import an_attempt
from tests.support.factories import make_package, make_product, make_stock, make_treatment
from tests.support.journeys import come_back, fill_bag, go_to_pay
from tests.support.tills import (
    assert_clean,
    attempts,
    counters,
    entries,
    facts,
    forge,
    inbox,
    orders,
    page_id,
    pages,
    refunds,
    sku_of,
    taken_minor,
    the_order,
)


@pytest.fixture(autouse=True)
def at_noon(clock):
    """Time stands still: what is due is due because a test moved it."""


def assert_placed_once(units=2):
    assert the_order().state == "placed"
    assert [attempt.state for attempt in attempts()] == ["paid"]
    assert [event.kind for event in facts()] == ["captured"]
    assert counters() == (5, units, 0)
    assert_clean()


def test_the_same_event_ten_times_places_one_order(guest, standin, worker):
    standin.desk.send_copies(10)
    standin.pay(go_to_pay(guest))
    worker()
    assert standin.statuses == [200] * 10
    assert len(inbox()) == 1
    worker()
    assert_placed_once()


def test_the_message_may_come_before_the_client_comes_back(guest, standin, worker):
    back = standin.pay(go_to_pay(guest))
    worker()
    assert_placed_once()
    assert come_back(guest, back).status_code == 200
    assert_placed_once()


def test_the_message_may_come_after_the_client_came_back(guest, standin, worker):
    standin.desk.hold()
    back = standin.pay(go_to_pay(guest))
    assert come_back(guest, back).status_code == 200
    assert_placed_once()
    standin.desk.release()
    worker()
    assert_placed_once()
    assert [event.outcome for event in inbox()] == ["again"]


def test_coming_back_twice_shows_the_same_order(guest, standin):
    back = standin.pay(go_to_pay(guest))
    first, second = come_back(guest, back), come_back(guest, back)
    assert first.request.path == second.request.path == f"/orders/{the_order().number}"
    assert_placed_once()


def test_a_message_that_overtakes_our_own_commit_finds_its_attempt(guest, standin, worker):
    address = go_to_pay(guest)
    unknown = {"state": "made", "session_id": None, "session_url": None}  # Stripe's answer is not stored yet
    db.session.execute(update(PaymentAttempt).values(**unknown))
    db.session.commit()
    standin.pay(address)
    worker()
    assert_placed_once()
    assert attempts()[0].session_id == page_id(address)


def test_a_slow_bank_is_waited_for_and_then_the_order_is_placed(guest, standin, worker, sweep_later):
    back = standin.pay_slowly(go_to_pay(guest))
    answer = guest.get(back)
    assert answer.status_code == 202
    assert "few days" in answer.text
    worker()
    sweep_later(days=2)
    assert the_order().state == "open"
    assert counters() == (5, 0, 2)
    standin.desk.settle_slow(page_id(back), ok=True)
    worker()
    assert_placed_once()


def test_a_slow_bank_that_refuses_lets_the_order_lapse(guest, standin, worker):
    back = standin.pay_slowly(go_to_pay(guest))
    worker()
    standin.desk.settle_slow(page_id(back), ok=False)
    worker()
    assert the_order().state == "lapsed"
    assert [attempt.state for attempt in attempts()] == ["failed"]
    assert counters() == (5, 0, 0)
    assert facts() == []
    assert_clean()


def test_a_slow_bank_whose_refusal_was_lost_is_asked_by_the_sweep(guest, standin, worker, sweep_later):
    back = standin.pay_slowly(go_to_pay(guest))
    worker()
    standin.desk.drop_next(1)
    standin.desk.settle_slow(page_id(back), ok=False)
    sweep_later(days=1)
    assert the_order().state == "lapsed"
    assert counters() == (5, 0, 0)


def test_success_that_arrives_before_completed_places_the_order_once(guest, standin, worker):
    standin.desk.hold()
    back = standin.pay_slowly(go_to_pay(guest))
    standin.desk.settle_slow(page_id(back), ok=True)
    standin.desk.release(order="reversed")
    worker()
    assert_placed_once()
    assert {event.outcome for event in inbox()} == {"placed", "again"}


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


def test_one_penny_less_grants_nothing_and_asks_for_a_person(guest, standin, worker, sweep_later):
    address = go_to_pay(guest)
    forge(standin, page_id(address), lambda page: page.update(amount_total=page["amount_total"] - 1))
    back = standin.pay(address)
    assert guest.get(back).status_code == 202
    worker()
    assert_nothing_granted("comes to")
    sweep_later()
    assert the_order().state == "lapsed"  # the goods do not wait for ever
    assert counters() == (5, 0, 0)
    assert_clean()


def test_another_currency_grants_nothing(guest, standin, worker):
    address = go_to_pay(guest)
    forge(standin, page_id(address), lambda page: page.update(currency="usd"))
    standin.pay(address)
    worker()
    assert_nothing_granted("USD")


def test_another_order_s_reference_grants_nothing(guest, standin, worker, app, sku):
    cheap = go_to_pay(guest)
    other = app.test_client()
    fill_bag(other, sku=sku, quantity=1)
    go_to_pay(other, email="other@example.com")
    dear = orders()[1]
    forge(standin, page_id(cheap), lambda page: page.update(client_reference_id=dear.number))
    standin.pay(cheap)
    worker()
    assert {order.state for order in orders()} == {"open"}
    assert "was begun for the order" in entries("payment")[0].reason


def test_the_mark_of_another_attempt_grants_nothing(guest, standin, worker, app, sku):
    cheap = go_to_pay(guest)
    other = app.test_client()
    fill_bag(other, sku=sku, quantity=1)
    go_to_pay(other, email="other@example.com")
    number = orders()[1].number
    metadata = {"order": number, "attempt": f"{number}-1"}
    forge(standin, page_id(cheap), lambda page: page.update(metadata=metadata))
    standin.pay(cheap)
    worker()
    assert {order.state for order in orders()} == {"open"}
    assert len(entries("payment")) == 1


def test_another_page_than_the_one_we_opened_grants_nothing(guest, standin, worker, app):
    go_to_pay(guest)
    again = app.extensions["gateway"].create_session(attempt=params_of(the_order()), idempotency_key="somebody-else")
    standin.pay(again.url)
    worker()
    assert_nothing_granted("not the one that was opened")


def test_a_live_payment_in_a_test_shop_grants_nothing(guest, standin):
    address = go_to_pay(guest)
    standin.desk.hold()
    standin.pay(address)
    forge(standin, page_id(address), lambda page: page.update(livemode=True))
    assert settle(page_id(address)) == "odd"
    assert_nothing_granted("another mode", attempt="open")


def test_a_cheap_paid_page_on_a_dear_order_s_way_back_pays_the_cheap_one_alone(guest, standin, app, sku):
    back = standin.pay(go_to_pay(guest))
    other = app.test_client()
    fill_bag(other, sku=sku, quantity=3)
    go_to_pay(other, email="other@example.com")
    answer = other.get(back)  # somebody else's address, pasted
    assert answer.status_code == 200
    assert orders()[0].number not in answer.text
    assert "guest@example.com" not in answer.text
    assert [order.state for order in orders()] == ["placed", "open"]
    assert other.get(f"/orders/{orders()[0].number}").status_code == 404


def test_an_unknown_page_is_not_asked_of_stripe(guest, standin, app):
    del app.extensions["gateway"]
    for session_id in ("", "cs_test_unknown", "x" * 5000, "cs_test_%27", "../../etc"):
        assert guest.get("/checkout/return", query_string={"session_id": session_id}).status_code == 404


def test_money_that_nobody_here_knows_waits_and_raises_an_alarm(standin, worker, app, clock):
    page = app.extensions["gateway"].create_session(attempt=an_attempt(), idempotency_key="not-ours")
    standin.pay(page.url)
    worker()
    assert [event.done_at for event in inbox()] == [None]
    assert entries() == []
    for _ in range(8):
        clock.shift(timedelta(hours=1))
        worker()
    assert [event.done_at for event in inbox()] == [None]
    assert [entry.kind for entry in entries()] == ["payment-event"]


def test_a_failure_half_way_undoes_everything_and_is_tried_again(guest, standin, worker, monkeypatch, clock):
    from shop.checkout import settling

    whole = settling.finish

    def broken(placed):
        whole(placed)
        raise RuntimeError("the power supply coughed")

    monkeypatch.setattr(settling, "finish", broken)
    standin.pay(go_to_pay(guest))
    worker()
    assert the_order().state == "open"
    assert facts() == []
    assert counters() == (5, 0, 2)
    assert [entry.kind for entry in entries()] == ["payment"]
    monkeypatch.setattr(settling, "finish", whole)
    clock.shift(timedelta(minutes=1))
    worker()
    assert_placed_once()


def test_sessions_are_granted_once_however_often_it_is_settled(client, standin, worker):
    package = make_package(make_treatment(), sessions=6)
    fill_bag(client, package=package.slug)
    back = standin.pay(go_to_pay(client))
    come_back(client, back)
    worker()
    assert [settle(page_id(back)) for _ in range(3)] == ["again"] * 3
    credit = db.session.scalars(select(Credit)).one()
    assert (credit.granted, credit.free) == (6, 6)
    assert the_order().fulfilment == "none"
    assert_clean()


def test_an_odd_event_does_not_keep_the_others_waiting(guest, standin, worker, app):
    go_to_pay(guest)
    standin.desk.hold()
    gateway = app.extensions["gateway"]
    stranger = gateway.create_session(attempt=an_attempt(lines=(LineParams("Nothing of ours", 100),)), idempotency_key="x")
    standin.pay(stranger.url)
    standin.pay(attempts()[0].session_url)
    standin.desk.release()
    worker()
    assert_placed_once()


def assert_nothing_granted(reason, *, attempt="odd"):
    assert the_order().state == "open"
    assert [each.state for each in attempts()] == [attempt]
    assert facts() == []
    assert counters()[1] == 0
    found = entries("payment")
    assert len(found) == 1
    assert reason in found[0].reason
    assert found[0].what_to_do


def params_of(order):
    from shop.payments.attempts import intent_of, newest_of

    params = intent_of(newest_of(order.number)).params
    db.session.rollback()
    return params


def lapse_behind_stripe_s_back(address):
    """The shop has given the order up although Stripe's page is still open: it was too slow, or too forgetful."""
    from shop.orders import placing

    attempt = next(each for each in attempts() if each.session_url == address)
    db.session.execute(update(PaymentAttempt).where(PaymentAttempt.id == attempt.id).values(state="expired"))
    placing.lapse(attempt.order_number)
    db.session.commit()


def test_a_product_in_two_lots_is_taken_from_both(client, standin):
    product = make_product(stock=1)
    variant = product_variant(product)
    make_stock(variant, 4, lot="B")
    fill_bag(client, sku=sku_of(product), quantity=3)
    come_back(client, standin.pay(go_to_pay(client)))
    assert counters() == (5, 3, 0)
    assert_clean()


def product_variant(product):
    from shop.catalog.models import Variant

    return db.session.scalars(select(Variant).where(Variant.product_id == product.id)).one()
