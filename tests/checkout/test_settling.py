"""Whatever Stripe says, in whatever order and however often: an order is placed once, and only for its own money."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shop.checkout.settling import settle
from shop.core.db import db
from shop.payments.asking import LineParams
from shop.payments.models import PaymentAttempt
from shop.wallet.models import Credit
from tests.checkout.settled import assert_placed_once
from tests.payments.wiring import an_attempt
from tests.support.factories import make_package, make_product, make_stock, make_treatment
from tests.support.journeys import come_back, fill_bag, go_to_pay
from tests.support.tills import (
    assert_clean,
    attempts,
    counters,
    entries,
    facts,
    inbox,
    page_id,
    sku_of,
    the_order,
)

pytestmark = pytest.mark.usefixtures("at_noon")


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
