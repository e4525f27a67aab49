"""Every amount is exact in the currency's own smallest unit, or it is refused before anything is written."""

from dataclasses import replace

import pytest

from tests.support.factories import make_product
from tests.support.journeys import checkout_form, come_back, fill_bag
from tests.support.tills import assert_clean, attempts, facts, orders, pages, sku_of, the_order


@pytest.fixture
def selling_in(app, config):
    """The shop in another currency."""

    def change(currency):
        app.config["SHOP"] = replace(config, currency=currency)

    yield change
    app.config["SHOP"] = config


def check_out(browser, price_minor, *, quantity=1):
    product = make_product(price_minor=price_minor, stock=9)
    fill_bag(browser, sku=sku_of(product), quantity=quantity)
    form = checkout_form(browser, delivery="collect")
    del form.fields["total"]  # of the parcel that the page had proposed
    return browser.post("/checkout", data=form.fields)


@pytest.mark.parametrize(
    ("currency", "price_minor"), [("GBP", 3333), ("EUR", 99_999), ("JPY", 5000), ("KRW", 12_345), ("KWD", 12_340)]
)
def test_what_is_charged_is_what_was_shown(client, standin, selling_in, currency, price_minor):
    selling_in(currency)
    answer = check_out(client, price_minor, quantity=3)
    page = pages(standin)[0]
    assert (page["amount_total"], page["currency"]) == (3 * price_minor, currency.lower())
    come_back(client, standin.pay(answer.headers["Location"]))
    assert (the_order().state, the_order().currency) == ("placed", currency)
    assert [(fact.amount_minor, fact.currency) for fact in facts()] == [(3 * price_minor, currency)]
    assert_clean()


@pytest.mark.parametrize(
    ("currency", "price_minor", "why"),
    [
        ("KWD", 12_345, "ends in zero"),
        ("ISK", 5000, "not possible"),
        ("UGX", 5000, "not possible"),
        ("GBP", 29, "under £0.30"),
        ("JPY", 49, "¥50"),
        ("HUF", 17_499, "175"),
        ("GBP", 100_000_000, "largest card payment"),
    ],
)
def test_what_stripe_would_count_otherwise_or_not_take_is_said_before(
    client, standin, selling_in, currency, price_minor, why
):
    selling_in(currency)
    answer = check_out(client, price_minor)
    assert answer.status_code == 422
    assert why in answer.text.replace("\xa0", " ")
    assert (orders(), attempts(), pages(standin)) == ([], [], [])


def test_an_order_that_costs_nothing_never_meets_stripe(client, app, worker, mailbox):
    app.extensions.pop("gateway", None)  # whoever asked Stripe now would fail
    answer = check_out(client, 0, quantity=2)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/orders/{the_order().number}"
    assert (the_order().state, the_order().total_minor) == ("placed", 0)
    assert (attempts(), facts()) == ([], [])
    worker()
    assert mailbox.last("guest@example.com").subject.endswith(the_order().number)
    assert_clean()


def test_delivery_of_free_goods_is_paid_alone(client, standin):
    fill_bag(client, sku=sku_of(make_product(price_minor=0, stock=3)), quantity=1)
    form = checkout_form(client)
    answer = client.post("/checkout", data=form.fields)
    assert pages(standin)[0]["amount_total"] == the_order().delivery_minor > 0
    come_back(client, standin.pay(answer.headers["Location"]))
    assert the_order().state == "placed"
    assert_clean()


def test_more_lines_than_stripe_takes_are_refused_before_anything_is_written(client, standin, monkeypatch):
    monkeypatch.setattr("shop.payments.asking.MOST_LINES", 2)
    for _ in range(2):
        fill_bag(client, sku=sku_of(make_product(stock=1)), quantity=1)
    answer = check_out(client, 2500)
    assert answer.status_code == 422
    assert "split the order" in answer.text
    assert orders() == []
