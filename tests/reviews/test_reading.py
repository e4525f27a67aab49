"""A product's page shows approved reviews, their number and average, at a fixed price in statements, and none when it is off."""

from __future__ import annotations

import json
import re

import pytest

from tests.reviews.things import make_product, make_review, open_reviews

PAGE = "/products/calm-serum"


@pytest.fixture
def product(clock, app):
    return make_product(slug="calm-serum")


def cost(client, statements):
    client.get(PAGE)
    with statements() as count:
        client.get(PAGE)
    return len(count)


def rating(client):
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(PAGE).text)
    return json.loads(text)[0].get("aggregateRating")


def test_the_page_costs_nothing_when_off_and_one_statement_when_on(product, client, statements):
    make_review(product)
    off = cost(client, statements)
    assert "What buyers say" not in client.get(PAGE).text
    assert rating(client) is None
    open_reviews()
    assert cost(client, statements) == off + 1
    for _ in range(9):
        make_review(product)
    assert cost(client, statements) == off + 1
    assert "Only who bought the product here and received it can write" in client.get(PAGE).text


def test_count_and_average_are_of_approved_ones_alone(product, client):
    open_reviews()
    assert rating(client) is None
    for stars, state in ((5, "shown"), (4, "shown"), (4, "stars"), (1, "waiting"), (1, "declined")):
        make_review(product, stars=stars, state=state)
    make_review(make_product(), stars=1)
    assert rating(client) == {"@type": "AggregateRating", "ratingValue": "4.3", "reviewCount": 3, "bestRating": 5}
    assert "from 3 reviews" in client.get(PAGE).text


def test_stars_alone_are_counted_where_no_words_are_shown(product, client):
    open_reviews()
    make_review(product, stars=3, state="stars", text="Hidden words")
    assert rating(client)["ratingValue"] == "3.0"
    assert "Hidden words" not in client.get(PAGE).text


def test_pages_go_on_where_the_last_one_ended_and_show_each_once(product, client):
    open_reviews()
    for number in range(15):
        make_review(product, text=f"Words {number:02}")
    seen, address = [], PAGE
    for _ in range(3):
        page = client.get(address).text
        seen += re.findall(r"Words (\d\d)", page)
        assert "from 15 reviews" in page
        found = re.search(r'href="(/products/calm-serum\?reviews_after=\d+)#reviews"', page)
        address = found[1] if found else ""
    assert seen == [f"{number:02}" for number in reversed(range(15))]
    assert address == ""


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "٣", ""])
def test_nonsense_in_the_address_begins_at_the_beginning(product, client, after):
    open_reviews()
    make_review(product)
    assert "It sinks in quickly." in client.get(PAGE, query_string={"reviews_after": after}).text


def test_what_a_client_wrote_is_never_markup(product, client):
    open_reviews()
    make_review(product, text="<script>alert(1)</script>", shown_name="<b>N")
    page = client.get(PAGE).text
    assert "<script>alert" not in page
    assert "<b>N" not in page


def test_what_is_sold_on_advice_alone_shows_none(product, client):
    open_reviews()
    product.gated = True
    make_review(product)
    assert "It sinks in quickly." not in client.get(PAGE).text
