"""A code in the bag: what it covers, why it is refused, and one total to the penny from the bag to the refund."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from shop.bag.code_uses import claim
from shop.bag.making_codes import FACTS, end_code, make_code
from shop.bag.models import CodeUse, DiscountCode
from shop.checking import all_differences
from shop.core.db import db
from shop.core.errors import Refused
from shop.orders import placing
from shop.orders.models import Invoice, OrderLine
from shop.orders.prospects import preview
from shop.working import sweep_all
from tests.support.factories import (
    make_box,
    make_brand,
    make_concern,
    make_link,
    make_package,
    make_product,
    make_treatment,
    make_variant,
)
from tests.support.forms import forms
from tests.support.journeys import checkout_form, come_back, fill_bag, go_to_pay
from tests.support.racing import together
from tests.support.tills import pages, sku_of, the_order

NOTHING = dict.fromkeys(FACTS) | {"note": "", "kinds": [], "concerns": [], "brands": [], "packages": [], "least_minor": 0}


def a_code(name="SPRING10", **facts):
    code = make_code(name, NOTHING | facts, by="user:1")
    db.session.commit()
    return code


def use(browser, text):
    return browser.post("/bag/codes", data={"code": text})


@pytest.fixture
def guest(clock, client):
    """Two serums at 37.50 and a series of three at 270.00: 345.00."""
    fill_bag(client, sku=sku_of(make_product(stock=9, price_minor=3750)), quantity=2)
    fill_bag(client, package=make_package(sessions=3).slug)
    return client


def test_a_share_is_rounded_once_and_every_page_says_the_same_total(guest, standin, clock, mailbox):
    a_code(percent="12.5")
    assert use(guest, " spring10 ").status_code == 303
    bag = guest.get("/bag").text
    # 12.5 % of 345.00 = 43.125, half up: 43.13
    assert "£301.87" in bag
    assert "£43.13" in bag
    assert "£270.00" in bag
    assert "£75.00" in bag
    form = checkout_form(guest)
    assert form.fields["total"] == "30187"  # delivery is free above 60.00 of products
    come_back(guest, standin.pay(go_to_pay(guest)))
    order = the_order()
    assert (order.total_minor, order.discount_minor, order.codes) == (30187, 4313, [["SPRING10", 4313]])
    [page] = pages(standin)
    assert page["amount_total"] == 30187
    letter = mailbox.to("guest@example.com")[-1].text
    invoice = db.session.scalars(select(Invoice)).one()
    assert (invoice.gross_minor, invoice.content["codes"]) == (30187, [["SPRING10", 4313]])
    assert "301.87" in letter
    assert "43.13" in letter
    assert "270.00" in letter
    assert "£43.13" in guest.get(f"/orders/{order.number}").text
    assert all_differences() == []


def test_a_refund_pays_the_stored_shares_after_the_code(guest, standin, clock):
    a_code(amount_minor=1000)
    use(guest, "SPRING10")
    come_back(guest, standin.pay(go_to_pay(guest)))
    order = the_order()
    lines = select(OrderLine.unit_gross).where(OrderLine.order_id == order.id, OrderLine.kind == "package")
    # 10.00 over 270.00 and 75.00: 7.83 and 2.17, three sessions of 87.39
    assert db.session.scalar(lines) == [8739, 8739, 8739]
    assert preview(order).total_minor == order.total_minor == 33500


@pytest.mark.parametrize("reach", ["concerns", "brands", "packages", "kinds"])
def test_a_code_for_certain_things_leaves_the_others_alone(clock, client, reach):
    concern, brand = make_concern("calm"), make_brand(slug="solenne")
    product = make_product(stock=3, price_minor=4000, brand=brand)
    make_link(product, concern)
    other = make_product(stock=3, price_minor=1000)
    package = make_package(make_treatment(concerns=[concern]), sessions=3, slug="three")
    fill_bag(client, sku=sku_of(product))
    fill_bag(client, package=package.slug)
    fill_bag(client, sku=sku_of(other))
    values = {"concerns": ["calm"], "brands": ["solenne"], "packages": ["three"], "kinds": ["package", "addon"]}
    a_code(percent="10", **{reach: values[reach]})
    assert use(client, "SPRING10").status_code == 303
    off = {"concerns": "£31.00", "brands": "£4.00", "packages": "£27.00", "kinds": "£27.00"}[reach]
    assert f"-{off}" in client.get("/bag").text or f"−{off}" in client.get("/bag").text


def test_a_code_that_covers_nothing_here_says_so(guest, clock):
    make_brand(slug="elsewhere")
    a_code(percent="10", brands=["elsewhere"])
    answer = use(guest, "SPRING10")
    assert answer.status_code == 422
    assert "The code SPRING10 does not apply to anything in your bag." in answer.text
    assert 'value="SPRING10"' in answer.text


@pytest.mark.parametrize(("facts", "sentence"), [
    ({"starts_on": date(2026, 3, 9)}, "is valid from Monday 9 March"),
    ({"ends_on": date(2026, 3, 1)}, "was valid until Sunday 1 March"),
    ({"least_minor": 50000}, "needs £500 of what it applies to"),
])  # fmt: skip
def test_a_refused_code_says_why(guest, clock, facts, sentence):
    a_code(percent="10", **facts)
    answer = use(guest, "SPRING10")
    assert answer.status_code == 422
    assert sentence in answer.text


def test_an_unknown_code_an_ended_one_and_a_second_one_are_refused(guest, clock):
    assert "not known here" in use(guest, "NO-SUCH").text
    end_code(a_code("OLD", percent="5"), by="user:1")
    db.session.commit()
    assert "has ended" in use(guest, "old").text
    a_code("ONE", percent="5")
    a_code("TWO", percent="5")
    assert use(guest, "one").status_code == 303
    assert "One code at a time" in use(guest, "two").text
    assert guest.post("/bag/codes", data={"remove": "ONE"}).status_code == 303
    assert use(guest, "two").status_code == 303


def test_a_code_that_ends_while_it_lies_in_a_bag_is_named_and_not_counted(guest, clock):
    code = a_code(percent="10")
    use(guest, "SPRING10")
    end_code(code, by="user:1")
    db.session.commit()
    page = guest.get("/bag").text
    assert "The code SPRING10 has ended." in page
    assert "£345.00" in page


def test_a_limit_per_person_counts_the_address_and_a_limit_in_all_counts_everybody(app, standin, clock):
    a_code(percent="10", limit_each=1, limit_all=2)
    sku = sku_of(make_product(stock=9))
    for person, status in (("ann", 303), ("Ann", 409), ("bea", 303), ("cee", 422)):
        browser = app.test_client()
        fill_bag(browser, sku=sku)
        answer = use(browser, "SPRING10")
        if answer.status_code == 303:
            form = checkout_form(browser, email=f"{person}@example.com")
            answer = browser.post("/checkout", data=form.fields)
        assert answer.status_code == status, person
    assert db.session.scalars(select(DiscountCode.uses)).one() == 2


def test_who_is_refused_at_the_checkout_sees_the_total_without_the_code(app, standin, clock):
    a_code(percent="10", limit_each=1)
    sku = sku_of(make_product(stock=9))
    for _ in range(2):
        browser = app.test_client()
        fill_bag(browser, sku=sku)
        use(browser, "SPRING10")
        answer = browser.post("/checkout", data=checkout_form(browser).fields)
    assert answer.status_code == 409
    assert "can be used once per person" in answer.text
    form = next(form for form in forms(answer.text, here="/checkout") if "email" in form.names)
    assert form.fields["total"] == str(2500 + 395)


def test_the_use_of_an_unpaid_order_is_given_back_when_its_hold_lapses(guest, standin, clock):
    a_code(percent="10", limit_all=1)
    use(guest, "SPRING10")
    go_to_pay(guest)
    assert db.session.scalars(select(DiscountCode.uses)).one() == 1
    clock.shift(timedelta(hours=3))
    sweep_all()
    assert the_order().state == "lapsed"
    assert db.session.scalars(select(DiscountCode.uses)).one() == 0
    assert use(guest, "SPRING10").status_code == 422  # it lies in this bag already
    assert all_differences() == []


def test_money_that_comes_late_takes_the_use_again_whatever_the_limit_says(guest, standin, clock):
    a_code(percent="10", limit_all=1)
    use(guest, "SPRING10")
    address = go_to_pay(guest)
    number = the_order().number
    assert placing.lapse(number)
    claim([("SPRING10", 100)], order_number="AG-OTHER", email="quick@example.com", client_id=None)
    db.session.commit()
    come_back(guest, standin.pay(address))
    assert the_order().state == "placed"
    assert db.session.scalars(select(DiscountCode.uses)).one() == 2
    assert all_differences() == []


@pytest.mark.parametrize(("name", "facts", "field"), [
    ("x", {"percent": "10"}, "name"), ("OK-1", {}, "percent"), ("OK-1", {"percent": "0"}, "percent"),
    ("OK-1", {"percent": "101"}, "percent"), ("OK-1", {"percent": "ten"}, "percent"), ("OK-1", {"amount_minor": 0}, "amount"),
    ("OK-1", {"percent": "5", "amount_minor": 5}, "percent"), ("HAIR-THINNING10", {"percent": "5"}, "name"),
    ("OK-1", {"percent": "5", "starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 1)}, "ends_on"),
])  # fmt: skip
def test_a_code_that_cannot_be_is_refused_beside_its_field(app, clock, name, facts, field):
    make_concern("hair-thinning")
    with pytest.raises(Refused) as refused:
        make_code(name, NOTHING | facts, by="user:1")
    assert refused.value.field == field


@pytest.mark.slow
def test_twelve_at_once_never_go_over_a_limit(app, clock):
    a_code("ALL", percent="10", limit_all=5)
    a_code("EACH", percent="10", limit_each=1)

    def taking(name, number, email):
        return lambda: claim([(name, 100)], order_number=f"AG-{name}-{number}", email=email, client_id=None)

    answers = together(app, [taking("ALL", n, f"{n}@example.com") for n in range(12)])
    assert sorted(answers) == ["CodeSpent"] * 7 + ["done"] * 5
    answers = together(app, [taking("EACH", n, "same@example.com") for n in range(12)])
    assert sorted(answers) == ["CodeSpent"] * 11 + ["done"]
    assert db.session.scalars(select(CodeUse.order_number).where(CodeUse.released_at.is_(None))).all().__len__() == 6
    assert all_differences() == []


def test_a_box_is_not_covered_by_a_code_for_a_brand(clock, client):
    brand = make_brand(slug="solenne")
    box = make_box(make_variant(make_product(brand=brand, variants=0), stock=3), price_minor=2000)
    db.session.commit()
    fill_bag(client, box=box.slug)
    a_code(percent="10", brands=["solenne"])
    assert use(client, "SPRING10").status_code == 422
