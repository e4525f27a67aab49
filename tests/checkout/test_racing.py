"""The way back, Stripe's message and the sweep at the same moment; two windows, sixteen deliveries: one order, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shop.checkout import sweeping
from shop.checkout.settling import settle
from shop.payments import attempts as attempt_rows
from tests.payments.wiring import gateway_to
from tests.support.factories import make_package, make_treatment
from tests.support.journeys import checkout_form, come_back, fill_bag, go_to_pay
from tests.support.racing import together
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

MANY = 16


@pytest.fixture(autouse=True)
def at_noon(clock, app, standin):
    """Time stands still, and more may ask Stripe at once than in one process of a shop."""
    app.extensions["gateway"] = gateway_to(standin.app, max_concurrent=4 * MANY)


def test_the_way_back_the_message_and_the_sweep_at_once_place_one_order(app, guest, standin, clock):
    fill_bag(guest, package=make_package(make_treatment()).slug)
    back = standin.pay(go_to_pay(guest))
    clock.shift(timedelta(minutes=40))  # late enough for the sweep to look as well
    acts = [lambda: settle(page_id(back)), sweeping.work_inbox, sweeping.sweep, lambda: settle(page_id(back))]
    together(app, acts * 2)  # who of them placed it, and who says so, is chance
    assert the_order().state == "placed"
    assert [fact.kind for fact in facts()] == ["captured"]
    assert counters() == (5, 2, 0)
    assert_clean()


def test_sixteen_deliveries_at_once_have_one_effect(app, guest, standin, worker):
    standin.desk.hold()
    letters = letters_of(standin, lambda: standin.pay(go_to_pay(guest)))

    def deliver():
        stripe = app.test_client()
        return stripe.post("/stripe/webhook", data=letters[0][0], headers=letters[0][1], csrf=False).status_code

    assert together(app, [deliver] * MANY) == [200] * MANY
    assert len(inbox()) == 1
    together(app, [sweeping.work_inbox] * 4)
    assert the_order().state == "placed"
    assert [fact.kind for fact in facts()] == ["captured"]
    assert_clean()


def test_sixteen_settle_one_order_and_fifteen_say_again(app, guest, standin):
    back = standin.pay(go_to_pay(guest))
    answers = together(app, [lambda: settle(page_id(back))] * MANY)
    assert sorted(answers) == ["again"] * (MANY - 1) + ["placed"]
    assert counters() == (5, 2, 0)
    assert_clean()


def test_a_late_payment_is_honoured_once_by_eight_at_once(app, guest, standin):
    back = standin.pay(given_up(go_to_pay(guest)))
    answers = together(app, [lambda: settle(page_id(back))] * 8)
    assert sorted(answers) == ["again"] * 7 + ["placed"]
    assert counters() == (5, 2, 0)
    assert_clean()


def test_a_late_payment_for_what_is_gone_goes_back_once_by_eight_at_once(app, guest, standin, sku, worker):
    address = given_up(go_to_pay(guest))
    other = app.test_client()
    fill_bag(other, sku=sku, quantity=5)
    come_back(other, standin.pay(go_to_pay(other, email="other@example.com")))
    back = standin.pay(address)
    answers = together(app, [lambda: settle(page_id(back))] * 8)
    assert sorted(answers) == ["again"] * 7 + ["refunded"]
    worker()
    assert [refund.state for refund in refunds()] == ["succeeded"]
    assert taken_minor(standin) == orders()[1].total_minor
    assert_clean()


def test_eight_clicks_in_eight_windows_open_one_page(app, guest, standin):
    form = checkout_form(guest)
    cookies = dict(guest._cookies)

    def click():
        window = app.test_client()
        window._cookies.update(cookies)
        answer = window.post("/checkout", data=form.fields)
        return answer.headers.get("Location") or answer.status_code

    answers = together(app, [click] * 8)
    addresses = {answer for answer in answers if isinstance(answer, str)}
    assert len(addresses) == 1, answers
    assert set(answers) - addresses <= {503}, answers  # while the first still asks, Stripe may say "in progress"
    assert [page["status"] for page in pages(standin)] == ["open"]
    assert [order.state for order in orders()] == ["open"]
    assert counters() == (5, 0, 2)


def test_eight_different_clicks_at_once_leave_at_most_one_page_open(app, guest, standin):
    form = checkout_form(guest)
    cookies = dict(guest._cookies)

    def click(number):
        window = app.test_client()
        window._cookies.update(cookies)
        answer = window.post("/checkout", data=form.fields | {"name": f"Ada the {number}th"})
        return answer.headers.get("Location") or answer.status_code

    answers = together(app, [lambda n=n: click(n) for n in range(8)])
    assert set(answers) - {answer for answer in answers if isinstance(answer, str)} <= {409, 503}
    assert sum(page["status"] == "open" for page in pages(standin)) <= 1
    assert sum(order.state == "open" for order in orders()) <= 1
    assert counters()[2] in (0, 2)
    assert_clean()


def test_paying_while_the_sweep_gives_up_ends_paid_and_placed_or_neither(app, guest, standin, clock):
    address = go_to_pay(guest)
    clock.shift(timedelta(minutes=30))

    def pay():
        from shop.payments.standin.envelope import ApiError

        try:
            standin.desk.pay(page_id(address))
        except ApiError:
            return "too late"
        return settle(page_id(address))

    def give_up():
        from shop.checkout.resuming import close

        return close(attempt_of(address).order_number, page_id(address))

    together(app, [pay, give_up, give_up])
    assert (the_order().state, taken_minor(standin)) in (("placed", the_order().total_minor), ("lapsed", 0))
    assert counters() in ((5, 2, 0), (5, 0, 0))
    assert_clean()


def attempt_of(address):
    return next(attempt for attempt in attempts() if attempt.session_url == address)


def given_up(address):
    """The shop has forgotten the order although its page is open."""
    from shop.core.db import db
    from shop.orders import placing

    attempt = attempt_of(address)
    attempt_rows.move(attempt.id, "expired")
    placing.lapse(attempt.order_number)
    db.session.commit()
    return address


def letters_of(standin, act):
    """What the stand-in would send for this act, as (body, headers)."""
    letters = []
    postman = standin.desk._postman
    deliver, postman._deliver = postman._deliver, lambda body, headers: letters.append((body, headers)) or 200
    try:
        act()
        standin.desk.release()
    finally:
        postman._deliver = deliver
    return letters
