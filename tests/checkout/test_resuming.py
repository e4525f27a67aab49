"""One bag has one open payment page, whatever is clicked, in how many windows, and however Stripe fails meanwhile."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from shop.catalog.models import Variant
from shop.core.db import db
from shop.inventory.models import Stock
from shop.payments import attempts as attempt_rows
from shop.payments.errors import IdempotencyMismatch
from shop.payments.models import PaymentAttempt
from tests.payments.wiring import gateway_to
from tests.support.factories import make_product
from tests.support.journeys import checkout_form, come_back, fill_bag, go_to_pay
from tests.support.tills import (
    assert_clean,
    attempts,
    counters,
    entries,
    facts,
    orders,
    page_id,
    pages,
    sku_of,
    taken_minor,
    the_order,
)


@pytest.fixture(autouse=True)
def at_noon(clock):
    """Time stands still."""


def open_pages(standin):
    return [page["id"] for page in pages(standin) if page["status"] == "open"]


def send(browser, form):
    return browser.post("/checkout", data=form.fields)


def test_two_clicks_lead_to_one_page(guest, standin):
    form = checkout_form(guest)
    first, second = send(guest, form), send(guest, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(pages(standin)) == 1
    assert the_order().state == "open"
    assert counters() == (5, 0, 2)


def test_the_second_click_s_answer_alone_still_leads_to_the_order(guest, standin, app):
    """A browser keeps the cookies of the last answer only; the first one was thrown away with its page."""
    form = checkout_form(guest)
    before = dict(guest._cookies)
    send(guest, form)
    guest._cookies.clear()
    guest._cookies.update(before)
    address = send(guest, form).headers["Location"]
    thanks = come_back(guest, standin.pay(address))
    assert thanks.request.path == f"/orders/{the_order().number}"


def test_a_changed_bag_gets_a_new_page_and_the_old_one_is_closed(guest, standin, sku):
    first = go_to_pay(guest)
    fill_bag(guest, sku=sku, quantity=1)
    second = go_to_pay(guest)
    assert open_pages(standin) == [page_id(second)]
    assert [order.state for order in orders()] == ["lapsed", "open"]
    assert counters() == (5, 0, 3)
    assert first != second


def test_another_address_gets_a_new_page_too(guest, standin):
    go_to_pay(guest)
    second = go_to_pay(guest, postcode="SW1A 1AA")
    assert open_pages(standin) == [page_id(second)]
    assert [order.state for order in orders()] == ["lapsed", "open"]


def test_a_second_click_after_the_payment_leads_to_the_order(guest, standin):
    """The message has not come and nobody came back yet, but Stripe knows."""
    form = checkout_form(guest)
    address = send(guest, form).headers["Location"]
    standin.desk.hold()
    standin.pay(address)
    answer = send(guest, form)
    assert urlsplit(answer.headers["Location"]).path == f"/orders/{the_order().number}"
    assert the_order().state == "placed"
    assert len(pages(standin)) == 1
    assert taken_minor(standin) == the_order().total_minor


def test_a_second_click_while_a_slow_bank_decides_says_so(guest, standin):
    form = checkout_form(guest)
    standin.desk.hold()
    standin.pay_slowly(send(guest, form).headers["Location"])
    answer = guest.get(send(guest, form).headers["Location"])
    assert answer.status_code == 202
    assert "few days" in answer.text
    assert len(pages(standin)) == 1


def test_a_page_that_was_closed_at_stripe_is_replaced(guest, standin):
    form = checkout_form(guest)
    first = send(guest, form).headers["Location"]
    standin.desk.hold()
    standin.desk.expire(page_id(first))
    second = send(guest, form).headers["Location"]
    assert page_id(second) != page_id(first)
    assert [order.state for order in orders()] == ["lapsed", "open"]
    assert come_back(guest, standin.pay(second)).status_code == 200
    assert_clean()


def test_a_page_that_is_about_to_close_is_replaced(guest, standin, clock):
    form = checkout_form(guest)
    first = send(guest, form).headers["Location"]
    clock.shift(timedelta(minutes=30))
    second = send(guest, form).headers["Location"]
    assert open_pages(standin) == [page_id(second)]
    assert page_id(second) != page_id(first)


def test_a_price_that_rose_after_the_page_opened_does_not_change_what_is_paid(guest, standin):
    address = go_to_pay(guest)
    total = the_order().total_minor
    db.session.execute(update(Variant).values(price_minor=9900))
    db.session.commit()
    come_back(guest, standin.pay(address))
    assert the_order().state == "placed"
    assert (the_order().total_minor, taken_minor(standin)) == (total, total)
    assert_clean()


def test_a_price_that_rose_before_the_click_is_shown_first(guest, standin):
    form = checkout_form(guest)
    db.session.execute(update(Variant).values(price_minor=9900))
    db.session.commit()
    answer = send(guest, form)
    assert answer.status_code == 409
    assert "total has changed" in answer.text
    assert "£198.00" in answer.text
    assert (orders(), pages(standin)) == ([], [])


def test_a_price_that_changed_between_two_clicks_opens_a_new_page_after_it_was_seen(guest, standin):
    form = checkout_form(guest)
    first = send(guest, form).headers["Location"]
    db.session.execute(update(Variant).values(price_minor=100))
    db.session.commit()
    assert send(guest, form).status_code == 409
    second = go_to_pay(guest)
    assert open_pages(standin) == [page_id(second)]
    assert page_id(first) != page_id(second)


def test_stock_that_is_counted_away_after_the_page_opened_stays_promised(guest, standin):
    """A count cannot take what an open payment holds."""
    from shop.core.errors import Refused
    from shop.inventory.receiving import adjust

    address = go_to_pay(guest)
    shelf = db.session.query(Stock).one()
    with pytest.raises(Refused):
        adjust(shelf, units=-4, cause="count:1", by="the tests", reason="counted")
    db.session.rollback()
    adjust(db.session.query(Stock).one(), units=-3, cause="count:2", by="the tests", reason="counted")
    db.session.commit()
    come_back(guest, standin.pay(address))
    assert counters() == (2, 2, 0)
    assert_clean()


def test_a_product_that_left_the_shop_after_the_page_opened_is_still_delivered(guest, standin):
    address = go_to_pay(guest)
    db.session.execute(update(Variant).values(is_sold=False))
    db.session.commit()
    come_back(guest, standin.pay(address))
    assert the_order().state == "placed"


def test_a_lost_answer_is_asked_for_again_under_the_same_key(guest, standin):
    form = checkout_form(guest)
    standin.desk.fail_next("timeout")
    answer = send(guest, form)
    assert answer.status_code == 503
    assert "not answering" in answer.text
    assert (the_order().state, counters()) == ("open", (5, 0, 2))
    address = send(guest, form).headers["Location"]
    assert len(pages(standin)) == 1
    come_back(guest, standin.pay(address))
    assert the_order().state == "placed"
    assert_clean()


def test_a_lost_answer_and_a_changed_bag_leave_one_open_page(guest, standin, sku):
    standin.desk.fail_next("timeout")
    send(guest, checkout_form(guest))
    fill_bag(guest, sku=sku, quantity=1)
    address = go_to_pay(guest)
    assert open_pages(standin) == [page_id(address)]
    assert [order.state for order in orders()] == ["lapsed", "open"]
    assert counters() == (5, 0, 3)


@pytest.mark.parametrize("fault", ["reset", "503", "409", "429", "timeout"])
def test_a_client_nobody_sees_again_frees_the_stock(guest, standin, fault, sweep_later):
    standin.desk.fail_next(fault)
    assert send(guest, checkout_form(guest)).status_code == 503
    standin.desk.expire_due()
    sweep_later(hours=1)
    standin.desk.expire_due()
    assert the_order().state == "lapsed"
    assert counters() == (5, 0, 0)
    assert open_pages(standin) == []
    assert_clean()


@pytest.mark.parametrize("fault", ["reset", "503", "409", "429"])
def test_another_try_after_a_short_outage_goes_on(guest, standin, fault):
    form = checkout_form(guest)
    standin.desk.fail_next(fault, times=3)
    assert [send(guest, form).status_code for _ in range(3)] == [503] * 3
    address = send(guest, form).headers["Location"]
    come_back(guest, standin.pay(address))
    assert the_order().state == "placed"
    assert_clean()


def test_another_try_after_a_long_outage_gets_a_page_with_a_new_last_hour(guest, standin, clock):
    """Stripe opens no page that would close in less than half an hour: the stored intent is too old to be asked again."""
    form = checkout_form(guest)
    standin.desk.fail_next("reset")
    assert send(guest, form).status_code == 503
    clock.shift(timedelta(minutes=10))
    come_back(guest, standin.pay(send(guest, form).headers["Location"]))
    assert [order.state for order in orders()] == ["lapsed", "placed"]
    assert [attempt.state for attempt in attempts()] == ["failed", "paid"]
    assert counters() == (5, 2, 0)
    assert_clean()


def test_an_error_that_stripe_replays_for_ever_is_left_behind(guest, standin):
    form = checkout_form(guest)
    standin.desk.fail_next("500")
    assert send(guest, form).status_code == 503
    come_back(guest, standin.pay(send(guest, form).headers["Location"]))
    assert [order.state for order in orders()] == ["lapsed", "placed"]
    assert counters() == (5, 2, 0)
    assert_clean()


def test_the_sdk_s_own_retries_ask_under_one_key(guest, standin, app):
    app.extensions["gateway"] = gateway_to(standin.app, max_network_retries=2)
    standin.desk.fail_next("409", times=2)
    address = go_to_pay(guest)
    assert open_pages(standin) == [page_id(address)]


def test_other_words_under_a_known_key_are_a_bug_and_look_like_one(guest, standin, sweep_later):
    form = checkout_form(guest)
    standin.desk.fail_next("timeout")
    send(guest, form)
    asked = attempts()[0].asked | {"email": "somebody@example.com"}
    db.session.execute(update(PaymentAttempt).values(asked=asked))
    db.session.commit()
    assert send(guest, form).status_code == 500
    assert the_order().state == "open"
    sweep_later(minutes=20)
    assert facts() == []


def test_a_bug_in_one_attempt_is_shown_to_a_person_and_keeps_no_other_waiting(app, guest, standin, clock, monkeypatch):
    from shop.checkout import sweeping

    address = go_to_pay(guest)
    other = app.test_client()
    fill_bag(other, sku=sku_of(make_product(stock=2)), quantity=1)
    go_to_pay(other, email="other@example.com")
    first = orders()[0].number
    whole = sweeping.close

    def close(number, session_id):
        if number == first:
            raise IdempotencyMismatch("on purpose")
        return whole(number, session_id)

    monkeypatch.setattr(sweeping, "close", close)
    clock.shift(timedelta(hours=1))
    sweeping.sweep()
    assert [order.state for order in orders()] == ["open", "lapsed"]
    assert [entry.subject for entry in entries("payment")] == [first]
    assert page_id(address)


def test_a_wrong_key_is_said_kindly_and_told_to_a_person_once(guest, standin, app, monkeypatch):
    monkeypatch.setattr("tests.payments.wiring.KEY", "sk_test_somebody_elses")
    app.extensions["gateway"] = gateway_to(standin.app)
    form = checkout_form(guest)
    for _ in range(2):
        answer = send(guest, form)
        assert answer.status_code == 503
        assert "Nothing was charged" in answer.text
    assert [entry.kind for entry in entries()] == ["payment"]
    assert "STRIPE_API_KEY" in entries()[0].what_to_do
    assert "sk_test" not in answer.text + entries()[0].reason


def test_a_key_without_the_right_to_open_pages_is_told_to_a_person_and_the_next_try_goes_on(guest, standin):
    form = checkout_form(guest)
    standin.desk.fail_next("403")
    assert send(guest, form).status_code == 503
    assert [entry.kind for entry in entries()] == ["payment"]
    assert "STRIPE_API_KEY" in entries()[0].what_to_do
    again = send(guest, form)
    assert again.status_code == 303, again.text[:500]
    assert come_back(guest, standin.pay(again.headers["Location"])).status_code == 200
    assert len(orders()) == 1


def test_a_wrong_key_on_the_way_back_is_waiting_not_an_error(guest, standin, app, monkeypatch, worker):
    standin.desk.hold()
    back = standin.pay(go_to_pay(guest))
    good = app.extensions["gateway"]
    monkeypatch.setattr("tests.payments.wiring.KEY", "sk_test_somebody_elses")
    app.extensions["gateway"] = gateway_to(standin.app)
    assert guest.get(back).status_code == 202
    standin.desk.release()
    worker()
    assert len(entries()) == 1
    app.extensions["gateway"] = good
    assert come_back(guest, back).status_code == 200


def test_somebody_else_s_bag_does_not_meet_this_one(guest, standin, app, sku):
    other = app.test_client()
    fill_bag(other, sku=sku, quantity=2)
    addresses = {go_to_pay(guest), go_to_pay(other, email="other@example.com")}
    assert len(addresses) == 2
    assert counters() == (5, 0, 4)


def test_the_last_one_is_sold_once_and_the_other_reads_it_in_the_bag(guest, standin, app, sku):
    other = app.test_client()
    fill_bag(other, sku=sku, quantity=4)
    form = checkout_form(other)
    go_to_pay(guest)
    answer = send(other, form)
    assert answer.status_code == 303
    bag = other.get(answer.headers["Location"])
    assert "Only 3 of" in bag.text
    assert len(orders()) == 1


def test_an_attempt_given_up_while_stripe_was_asked_sends_nobody_to_its_page(guest, standin, app):
    """Two windows: the slower one finds its order closed when Stripe's answer comes, and its page is closed too."""
    gateway = app.extensions["gateway"]
    ask = gateway.create_session

    def slowly(**facts):
        page = ask(**facts)
        attempt = attempt_rows.newest_of(orders()[0].number)
        attempt_rows.move(attempt.id, "failed")
        db.session.commit()
        return page

    gateway.create_session = slowly
    answer = send(guest, checkout_form(guest))
    assert answer.status_code == 409
    assert "another window" in answer.text
    assert open_pages(standin) == []
