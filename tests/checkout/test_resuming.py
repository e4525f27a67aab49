"""One bag has one open payment page, whatever is clicked, in how many windows, and however Stripe fails meanwhile."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from shop.catalog.models import Variant
from shop.core.db import db
from shop.inventory.models import Stock
from shop.payments import attempts as attempt_rows
from tests.checkout.pages_open import open_pages, send
from tests.support.journeys import checkout_form, come_back, fill_bag, go_to_pay
from tests.support.tills import (
    assert_clean,
    counters,
    orders,
    page_id,
    pages,
    taken_minor,
    the_order,
)

pytestmark = pytest.mark.usefixtures("at_noon")


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
