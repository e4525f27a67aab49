"""The withdrawal function: one visible button, a second that confirms, a receipt with date and time; for guests too."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.orders import fulfilling
from shop.orders.access import link_token
from shop.orders.models import Withdrawal
from shop.payments.models import Refund
from tests.orders.buying import credits_of, place_order, use
from tests.support.factories import make_package, make_product, make_variant
from tests.support.forms import forms

SIX = {"sessions": 6, "price_minor": 54000}


def opened(browser, order):
    """The browser of whoever holds the signed link."""
    browser.get(f"/orders/{order.number}?key={link_token(order.number)}")
    return f"/orders/{order.number}/withdraw"


def fields_of(browser, path):
    """What the second button sends: several lines of the same name."""
    page = browser.get(path).text
    form = next(form for form in forms(page, here=path) if "seen" in form.names)
    return form.fields | {"what": re.findall(r'type="hidden" name="what" value="([^"]+)"', page)}


def confirm(browser, path, **changes):
    return browser.post(path.partition("?")[0], data=fields_of(browser, path) | changes)


def test_a_guest_presses_two_buttons_and_holds_a_receipt(client, clock, mailbox):
    order = place_order(make_package(**SIX))
    path = opened(client, order)
    page = client.get(f"/orders/{order.number}").text
    assert "Withdraw from the contract here" in page
    assert "Until Monday 16 March you get everything back, less £90 for each session" in page

    asked = client.get(path).text
    assert "You can withdraw until Monday 16 March 2026, midnight. You need give no reason." in asked
    assert "None of £540.00 has been used." in asked
    assert "Confirm withdrawal" in asked

    done = confirm(client, path)
    assert done.status_code == 303
    receipt = client.get(done.headers["Location"]).text
    assert "We received it on Monday 2 March 2026, 9:30:00 (GMT)." in receipt
    assert "£540.00" in receipt
    assert "at the latest by Monday 16 March 2026" in receipt
    assert any("Skin sessions (6): 6 of 6 not used" in mail.text for mail in mailbox.to(order.email))
    after = client.get(f"/orders/{order.number}").text
    assert "Called off on Monday 2 March, 9:30 am: the receipt" in after
    assert "Withdraw from the contract here" not in after


def test_the_buyer_chooses_lines_and_sees_the_sum_before_confirming(clock, client):
    spf = make_variant(make_product(variants=0, name="Quiet shield", price_minor=3000), stock=5)
    order = place_order(make_package(**SIX), spf, delivery="collect")
    fulfilling.mark_collected(order, cause="click", by="user:9")
    use(credits_of(order)[0], 2)
    clock.shift(timedelta(days=16))
    code = credits_of(order)[0].code

    everything = client.get(opened(client, order)).text
    assert "The days of withdrawal ended on Monday 16 March 2026." in everything
    assert "£540.00 × 4/6 = £360.00." in everything
    assert "It could be sent back until Monday 16 March 2026." in everything

    path = f"/orders/{order.number}/withdraw?chosen=1&what=credit:{code}"
    assert confirm(client, path).status_code == 303
    withdrawal = db.session.scalars(select(Withdrawal)).one()
    assert (withdrawal.refund_minor, withdrawal.chosen) == (36000, [f"credit:{code}"])


def test_the_owner_needs_no_link(clock, as_client):
    order = place_order(make_package(**SIX), client=as_client.person)
    assert confirm(as_client, f"/orders/{order.number}/withdraw").status_code == 303
    assert db.session.scalars(select(Withdrawal.by)).one() == f"user:{as_client.user.id}"


def test_products_on_their_way_are_paid_when_they_are_back(client, clock):
    spf = make_variant(make_product(variants=0, price_minor=3000), stock=5)
    order = place_order(make_package(**SIX), spf, delivery_minor=395)
    fulfilling.mark_shipped(order, carrier="DPD", tracking="", cause="click", by="user:9")
    path = opened(client, order)
    page = client.get(path).text
    assert "You can withdraw until 14 days after your products have arrived." in page
    assert "When the products have come back unopened" in page
    receipt = client.get(confirm(client, path).headers["Location"]).text
    assert "£33.95" in receipt
    assert "Please send the products within 14 days" in receipt


def test_a_second_click_shows_the_same_receipt(client, clock):
    order = place_order(make_package(**SIX))
    path = opened(client, order)
    fields = fields_of(client, path)
    places = {client.post(path, data=fields).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    assert len(db.session.scalars(select(Refund)).all()) == 1


def test_an_amount_that_changed_meanwhile_is_shown_again_and_nothing_is_done(client, clock):
    order = place_order(make_package(**SIX))
    path = opened(client, order)
    answer = confirm(client, path, seen="53999")
    assert answer.status_code == 409
    assert "The amount has changed since you saw it" in answer.text
    assert "None of £540.00 has been used." in answer.text
    assert not db.session.scalars(select(Withdrawal)).all()


def test_nothing_ticked_is_nothing_called_off(client, clock):
    order = place_order(make_package(**SIX))
    path = opened(client, order)
    assert "Choose at least one line." in client.get(f"{path}?chosen=1").text
    fields = fields_of(client, path) | {"what": [], "seen": "0"}
    assert client.post(path, data=fields).status_code == 422
    assert not db.session.scalars(select(Withdrawal)).all()


@pytest.mark.parametrize("path", ["withdraw", "withdrawn/ABC"])
def test_another_person_s_order_is_not_there(clock, as_client, path):
    order = place_order(make_package(**SIX))
    assert as_client.get(f"/orders/{order.number}/{path}").status_code == 404
    assert as_client.post(f"/orders/{order.number}/withdraw", data={}).status_code == 404


def test_a_receipt_of_another_order_is_not_there(client, clock):
    mine, theirs = place_order(make_package(**SIX)), place_order(make_package(**SIX))
    opened(client, theirs)
    done = confirm(client, opened(client, theirs)).headers["Location"]
    opened(client, mine)
    code = done.rsplit("/", 1)[1]
    assert client.get(f"/orders/{mine.number}/withdrawn/{code}").status_code == 404


def test_a_page_without_its_mark_is_shown_again(client, clock):
    order = place_order(make_package(**SIX))
    path = opened(client, order)
    assert client.post(path, data={"what": "x"}).status_code == 422


def test_an_order_that_is_over_says_so(client, clock):
    order = place_order(make_package(**SIX))
    path = opened(client, order)
    confirm(client, path)
    page = client.get(path).text
    assert "Nothing of this order is left to be called off." in page
    assert "Receipt of Monday 2 March, 9:30 am" in page
