"""Parcels go out to the carrier as a table that says nothing of what is inside; its tracking numbers come back in."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.core.settings import change_setting
from shop.core.templating import day
from shop.inventory.leaving import leaving_day, leaving_words
from shop.orders.models import OrderLine, Parcel
from tests.admin.orders_at_hand import make_order
from tests.support.forms import forms

PATH = "/admin/orders/carrier"


def hand_in(browser, text):
    return browser.post(PATH, data={"file": (io.BytesIO(text.encode()), "t.csv")}, content_type="multipart/form-data")


def confirm(browser, page):
    form = next(f for f in forms(page.text, here=PATH) if f.action.endswith("/apply"))
    rows = [value for name, value in form.pairs if name == "row"] if hasattr(form, "pairs") else None
    return browser.post(form.action, data={**form.fields, "row": rows or form.fields["row"]})


def test_the_file_out_has_the_carriers_columns_and_no_word_of_the_goods(as_role):
    desk = as_role("desk")
    order, _ = make_order(units=2, phone="=cmd"), make_order(delivery="collect")
    make_order(state="open")
    db.session.commit()
    text = desk.get(f"{PATH}/parcels.csv").data.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["Order reference"], row["Full name"], row["Postcode"]) == (order.number, "Ada Guest", "N1 9GU")
    assert (row["Weight"], row["Sub-total"], row["Country"]) == ("0.390", "50.00", "United Kingdom")
    assert row["Phone"] == "'=cmd"
    name = db.session.scalars(select(OrderLine.name)).first()
    assert name not in text


def test_the_file_in_is_shown_first_and_marks_each_order_once(as_admin, mailbox):
    first, gone, collect = make_order(), make_order(fulfilment="done"), make_order(delivery="collect")
    db.session.commit()
    text = "Order reference;Tracking number;Carrier\r\n"
    text += f"{first.number};AB 123 456 7GB;DPD\r\n{gone.number};X1;\r\n{collect.number};X2;\r\nAG-NONE;X3;\r\n{first.number};X4;\r\n"
    page = hand_in(as_admin, text)
    assert page.status_code == 200
    for words in ("will be marked as sent", "It has left already", "not sent by post", "No order has this number", "twice"):
        assert words in page.text
    assert db.session.scalars(select(Parcel.id)).all() == []
    for status in (303, 409):
        assert confirm(as_admin, page).status_code == status
    assert db.session.execute(select(Parcel.carrier, Parcel.tracking)).all() == [("DPD", "AB1234567GB")]
    assert "AB1234567GB" in mailbox.last(first.email).text


@pytest.mark.parametrize(("text", "words"), [
    ("", "is empty"), ("Name,Town\na,b\n", "needs a column"), ("Order reference,Tracking number\n,\n", "No row"),
    ('Order reference,Tracking number\n"AG-1,X\n', ""),
])  # fmt: skip
def test_a_file_that_is_none_changes_nothing(as_admin, text, words):
    answer = hand_in(as_admin, text)
    assert answer.status_code in (200, 422)
    assert words in answer.text
    assert as_admin.post(PATH).status_code == 422
    assert as_admin.post(f"{PATH}/apply", data={"row": "AG-1\t<b>\tDPD"}).status_code == 422
    assert db.session.scalars(select(Parcel.id)).all() == []


def test_the_clinic_says_when_a_parcel_leaves(app, clock):
    clock.move_to(datetime.fromisoformat("2027-03-10T09:00:00+00:00"))
    assert leaving_words() == "Order before 2 pm and it leaves today."
    clock.move_to(datetime.fromisoformat("2027-03-12T15:00:00+00:00"))
    assert leaving_words() == "What you order now leaves on Monday 15 March."
    change_setting("delivery.away_until", "2027-03-20", by="the tests")
    db.session.commit()
    assert leaving_words() == "We are away until Saturday 20 March: what you order now leaves on Monday 22 March."


def test_an_order_that_should_have_left_is_late(as_admin):
    order = make_order()
    db.session.commit()
    due = leaving_day(order.placed_at)
    assert f"by {day(due, weekday=False)}" in as_admin.get("/admin/orders").text
    order.placed_at -= timedelta(days=30)
    db.session.commit()
    due = leaving_day(order.placed_at)
    assert f"late since {day(due, weekday=False)}" in as_admin.get("/admin/orders").text
