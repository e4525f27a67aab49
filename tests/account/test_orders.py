"""The history of orders, and buying again."""

import re

import pytest

from shop.catalog.models import Product, Variant
from shop.core.db import db
from tests.account.things import make_line, make_order
from tests.support.factories import make_box, make_client, make_package


def test_orders_stand_newest_first_with_their_lines(as_client):
    first, second = make_order(as_client.person, lines=2), make_order(as_client.person)
    text = as_client.get("/account/orders").text
    assert text.index(second.number) < text.index(first.number)
    assert text.count("Buy again") == 3


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"state": "open", "placed_at": None}, "Waiting for payment"),
        ({"fulfilment": "open"}, "Being packed"),
        ({"fulfilment": "done", "delivery": "collect"}, "Collected"),
        ({"state": "cancelled"}, "Cancelled"),
        ({"fulfilment": "none", "delivery": "none"}, "Paid"),
    ],
)
def test_where_an_order_is_is_said_in_words(as_client, given, words):
    make_order(as_client.person, **given)
    assert words in as_client.get("/account/orders").text


def test_what_was_never_paid_is_not_shown(as_client):
    order = make_order(as_client.person, state="lapsed")
    assert order.number not in as_client.get("/account/orders").text


def test_buying_again_puts_the_same_size_into_the_bag(as_client):
    order = make_order(as_client.person, lines=0)
    line = make_line(order, 0)
    db.session.get_one(Variant, line.variant_id).in_stock = True
    text = as_client.get("/account/orders").text
    sku = re.search(r'name="sku" value="([^"]+)"', text).group(1)
    assert sku == db.session.get_one(Variant, line.variant_id).sku


def test_packages_and_boxes_can_be_bought_again(as_client):
    order, package = make_order(as_client.person, lines=0), make_package()
    box = make_box(package)
    make_line(order, 0, kind="package", package_id=package.id, variant_id=None, details={"detail": "with light"})
    make_line(order, 1, kind="box", box_id=box.id, variant_id=None, details={})
    text = as_client.get("/account/orders").text
    assert f'name="package" value="{package.slug}"' in text
    assert f'name="box" value="{box.slug}"' in text
    assert "with light" in text


def test_what_is_sold_no_more_is_not_offered(as_client):
    order = make_order(as_client.person, lines=0)
    line = make_line(order, 0)
    variant = db.session.get_one(Variant, line.variant_id)
    db.session.get_one(Product, variant.product_id).state = "archived"
    text = as_client.get("/account/orders").text
    assert "Not sold any more" in text
    assert "Buy again" not in text


def test_older_orders_are_a_page_away(as_client):
    numbers = [make_order(as_client.person).number for _ in range(14)]
    text = as_client.get("/account/orders").text
    older = re.search(r'href="(/account/orders\?after=\d+)"', text).group(1)
    rest = as_client.get(older).text
    assert sum(number in text for number in numbers) == 12
    assert [number in rest for number in numbers] == [True, True] + [False] * 12


@pytest.mark.parametrize("after", ["0", "-1", "x", "9" * 40, "1e3"])
def test_a_nonsense_page_is_the_first_one(as_client, after):
    order = make_order(as_client.person)
    assert order.number in as_client.get(f"/account/orders?after={after}").text


def test_another_persons_orders_are_not_there(as_client):
    other = make_order(make_client())
    assert other.number not in as_client.get("/account/orders").text


def test_the_signed_link_of_a_guests_order_lets_it_be_kept(as_client):
    from shop.orders.access import link_token

    guest = make_client(user=None, email="other@example.com")
    order = make_order(guest)
    assert as_client.post(f"/account/orders/{order.number}/claim").status_code == 404
    as_client.get(f"/orders/{order.number}", query_string={"key": link_token(order.number)})
    assert as_client.post(f"/account/orders/{order.number}/claim").headers["Location"] == "/account/orders"
    assert order.number in as_client.get("/account/orders").text


def test_an_order_that_has_an_owner_cannot_be_claimed_by_its_link(as_client):
    from shop.orders.access import link_token

    order = make_order(make_client())
    as_client.get(f"/orders/{order.number}", query_string={"key": link_token(order.number)})
    assert as_client.post(f"/account/orders/{order.number}/claim").status_code == 409
    assert order.number not in as_client.get("/account/orders").text


def test_the_page_of_a_guests_order_offers_to_keep_it(as_client, client):
    from shop.orders.access import link_token

    order = make_order(make_client(user=None, email="other@example.com"))
    for browser in (as_client, client):
        browser.get(f"/orders/{order.number}", query_string={"key": link_token(order.number)})
    assert f"/account/orders/{order.number}/claim" in as_client.get(f"/orders/{order.number}").text
    assert f"/register?next=/orders/{order.number}" in client.get(f"/orders/{order.number}").text


def test_the_page_of_ones_own_or_anothers_order_offers_nothing(as_client):
    from shop.orders.access import link_token

    own, other = make_order(as_client.person), make_order(make_client())
    as_client.get(f"/orders/{other.number}", query_string={"key": link_token(other.number)})
    for order in (own, other):
        assert "/claim" not in as_client.get(f"/orders/{order.number}").text
