"""A form that somebody has changed by hand pays what the shop asks, or gets a sentence; never another price or another bag."""

import pytest
from sqlalchemy import select

from shop.bag.models import BagLine
from shop.core.db import db
from tests.support.factories import make_addon, make_package, make_treatment
from tests.support.journeys import BUYER, checkout_form, come_back, fill_bag, go_to_pay
from tests.support.tills import assert_clean, counters, orders, pages, the_order

ODD_NUMBERS = ["-1", "1.5", "1000000000", "1e3", "０", "²", "٣", "NaN", "", " ", "1;2", "0x10", "null", "9" * 400]


def lines():
    db.session.rollback()
    found = [(line.id, line.quantity) for line in db.session.scalars(select(BagLine).order_by(BagLine.id))]
    db.session.rollback()
    return found


@pytest.mark.parametrize("quantity", ODD_NUMBERS)
def test_an_odd_number_puts_nothing_into_the_bag(client, sku, quantity):
    answer = client.post("/bag/lines", data={"sku": sku, "quantity": quantity})
    assert answer.status_code in (303, 422)
    assert [number for _, number in lines()] == ([1] if answer.status_code == 303 else [])


@pytest.mark.parametrize("quantity", [number for number in ODD_NUMBERS if number.strip()])
def test_an_odd_number_changes_no_line(guest, quantity):
    before = lines()
    answer = guest.post(f"/bag/lines/{before[0][0]}", data={"quantity": quantity})
    assert answer.status_code == 422
    assert lines() == before


def test_one_hundred_of_a_thing_is_too_many(client, sku):
    assert client.post("/bag/lines", data={"sku": sku, "quantity": "100"}).status_code == 422
    fill_bag(client, sku=sku, quantity=99)
    fill_bag(client, sku=sku, quantity=99)
    assert [number for _, number in lines()] == [99]


def test_more_than_there_is_cannot_be_paid_for(client, sku):
    fill_bag(client, sku=sku, quantity=99)
    answer = client.post("/checkout", data=BUYER)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/bag"
    assert orders() == []


@pytest.mark.parametrize(
    "field", ["price", "price_minor", "unit_minor", "amount", "gross_minor", "total_minor", "currency"]
)
def test_a_price_in_the_form_is_not_read(client, standin, sku, field):
    client.post("/bag/lines", data={"sku": sku, "quantity": "1", field: "1"})
    form = checkout_form(client, delivery="collect")
    del form.fields["total"]  # of the parcel that the page had proposed
    client.post("/checkout", data=form.fields | {field: "1", "vat_minor": "0", "delivery_minor": "0", "discount": "2400"})
    assert the_order().total_minor == 2500
    assert pages(standin)[0]["amount_total"] == 2500


@pytest.mark.parametrize("total", ["1", "0", "-2500", "4999", "999999999999999"])
def test_a_changed_total_is_answered_with_the_real_one(guest, standin, total):
    form = checkout_form(guest, delivery="collect")
    answer = guest.post("/checkout", data=form.fields | {"total": total})
    assert answer.status_code == 409
    assert "total has changed" in answer.text
    assert "£50.00" in answer.text
    assert (orders(), pages(standin)) == ([], [])
    assert counters() == (5, 0, 0)


@pytest.mark.parametrize("total", ["abc", "50.00", "5000 ", "٥٠٠٠", "9" * 400])
def test_a_total_that_is_no_number_changes_nothing_that_is_charged(guest, standin, total):
    form = checkout_form(guest, delivery="collect")
    answer = guest.post("/checkout", data=form.fields | {"total": total})
    assert answer.status_code in (303, 409, 422)
    assert [page["amount_total"] for page in pages(standin)] in ([], [5000])


def test_delivery_cannot_be_had_for_nothing_by_another_word(guest, standin):
    for word in ("none", "free", "", "ship ", "COLLECT"):
        form = checkout_form(guest)
        answer = guest.post("/checkout", data=form.fields | {"delivery": word})
        assert answer.status_code in (303, 409, 422), word
    assert {order.delivery for order in orders()} <= {"ship", "collect"}
    assert all(order.delivery_minor > 0 for order in orders() if order.delivery == "ship")


def test_another_country_s_price_of_delivery_is_the_one_charged(guest, standin):
    form = checkout_form(guest)
    answer = guest.post("/checkout", data=form.fields | {"country": "FR", "postcode": "75001"})
    assert answer.status_code == 409  # the total that was seen was Britain's
    assert orders() == []


@pytest.mark.parametrize("country", ["XX", "gb", "", "GB'--", "US"])
def test_a_country_we_do_not_deliver_to_is_refused(guest, standin, country):
    form = checkout_form(guest)
    answer = guest.post("/checkout", data=form.fields | {"country": country})
    assert answer.status_code in (303, 409, 422)
    assert {order.country for order in orders()} <= {"GB"}


def test_somebody_else_s_line_is_not_there(guest, app):
    (line, quantity), stranger = lines()[0], app.test_client()
    for number in ("0", "1", "9"):
        assert stranger.post(f"/bag/lines/{line}", data={"quantity": number}).status_code == 404
    fill_bag(stranger, sku=_any_sku(), quantity=1)
    assert stranger.post(f"/bag/lines/{line}", data={"quantity": "0"}).status_code == 404
    assert (line, quantity) in lines()


def test_a_line_that_never_was_is_not_there(guest):
    for line in ("0", "999999", "9" * 30, "-1", "abc"):
        assert guest.post(f"/bag/lines/{line}", data={"quantity": "1"}).status_code == 404


def test_somebody_else_s_order_is_not_there(guest, standin, app):
    come_back(guest, standin.pay(go_to_pay(guest)))
    number, stranger = the_order().number, app.test_client()
    for path in (f"/orders/{number}", f"/orders/{number}/invoice", f"/orders/{number}?key=guess"):
        answer = stranger.get(path)
        assert answer.status_code == 404
        assert "Ada" not in answer.text


def test_add_ons_are_limited_to_the_sessions_and_to_the_treatment(client):
    treatment = make_treatment()
    package = make_package(treatment, sessions=3)
    good, foreign = make_addon(treatments=[treatment]), make_addon(treatments=[make_treatment()])
    for addon in (
        f"{good.slug}:4",
        f"{good.slug}:-1",
        f"{good.slug}:1e1",
        f"{foreign.slug}:1",
        "led' or 1=1:1",
        ":",
        "x:²",
    ):
        answer = client.post("/bag/lines", data={"package": package.slug, "addon": [addon]})
        assert answer.status_code == 422, addon
    assert lines() == []


def test_consents_cannot_be_left_out(client):
    package = make_package(make_treatment())
    fill_bag(client, package=package.slug)
    form = checkout_form(client)
    for missing in ("terms", "adult"):
        answer = client.post("/checkout", data={name: value for name, value in form.fields.items() if name != missing})
        assert answer.status_code == 422, missing
    assert orders() == []


def test_a_form_without_its_token_changes_nothing(guest):
    assert guest.post("/checkout", data=BUYER, csrf=False).status_code == 400
    assert guest.post("/bag/lines", data={"sku": "x"}, csrf=False).status_code == 400
    assert orders() == []


def test_everything_that_was_tried_leaves_the_books_whole(guest, standin):
    form = checkout_form(guest)
    guest.post("/checkout", data=form.fields | {"total": "1"})
    come_back(guest, standin.pay(go_to_pay(guest)))
    assert_clean()


def _any_sku():
    from shop.catalog.models import Variant

    return db.session.scalars(select(Variant.sku).limit(1)).one()
