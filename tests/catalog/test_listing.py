"""The list shows each product once however it is walked, and asks as little of ten thousand as of ten."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from shop.catalog import facet_counting, indexing
from shop.catalog.facet_reading import count
from shop.catalog.filters import SORTS, Filters, read_filters
from shop.catalog.listing import list_products
from shop.catalog.models import ProductFacet
from shop.catalog.paging import read_cursor, write_cursor
from shop.core.db import db
from tests.support import factories


def shelf(n: int, **given) -> list:
    brand = factories.make_brand()
    # equal prices, names and popularity: only the id tells them apart
    return [
        factories.make_product(
            brand=brand, price_minor=1000 + 500 * (i % 3), name=f"Cream {i % 4}", popularity=i % 5, **given
        )
        for i in range(n)
    ]


def told(figures: dict[str, dict[str, int]]) -> dict[tuple[str, str], int]:
    return {(kind, value): n for kind, values in figures.items() for value, n in values.items() if n}


def walk(filters: Filters) -> list[int]:
    seen, after = [], ""
    for _ in range(20):
        page = list_products(filters, currency="GBP", after=after)
        seen += [card.id for card in page.cards]
        after = page.after
        if not after:
            return seen
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("sort", SORTS)
def test_a_walk_through_all_pages_shows_everything_once(app, sort):
    products = shelf(55)
    seen = walk(Filters(sort=sort))
    assert len(seen) == 55
    assert set(seen) == {product.id for product in products}


@pytest.mark.parametrize("sort", ["price", "-price"])
def test_prices_go_up_and_down(app, sort):
    shelf(30)
    cards = list_products(Filters(sort=sort), currency="GBP").cards
    prices = [card.price_minor for card in cards]
    assert prices == sorted(prices, reverse=sort == "-price")


@pytest.mark.parametrize(
    "after", ["", "x", "AAAA", "%", "é" * 50, "W10", "eyJhIjoxfQ", "A" * 5000, write_cursor("name", "a", 1)]
)
def test_a_cursor_that_nobody_wrote_is_the_first_page(client, after):
    shelf(30)
    first = client.get("/products").get_data(as_text=True)
    other = client.get("/products", query_string={"after": after})
    assert other.status_code == 200
    names = re.compile(r'href="/products/(product-\d+)"')
    assert names.findall(first) == names.findall(other.get_data(as_text=True))


@given(st.sampled_from(sorted(SORTS)), st.integers(), st.integers())
def test_a_cursor_reads_as_it_was_written_or_not_at_all(sort, value, last_id):
    read = read_cursor(write_cursor(sort, value, last_id), sort=sort)
    assert read is None or read == (value, last_id)


@given(st.text(max_size=200))
def test_any_text_as_a_cursor_is_read_without_an_error(text):
    for sort in SORTS:
        read_cursor(text, sort=sort)


@given(st.lists(st.tuples(st.sampled_from([*Filters.__slots__, "zz"]), st.text(max_size=60)), max_size=12))
def test_any_address_is_read_as_filters_whose_own_address_reads_the_same(pairs):
    filters = read_filters(MultiDict(pairs))
    again = read_filters(MultiDict(filters.pairs()))
    assert again == filters


def test_free_from_lists_only_what_was_read_to_the_last_name(app):
    free, scented, unread = (factories.make_product(reading=reading) for reading in ("assessed", "assessed", "partly"))
    db.session.add(ProductFacet(product_id=scented.id, kind="class", value="fragrance"))
    db.session.flush()
    assert walk(Filters(free_from=("fragrance",))) == [free.id]
    assert unread.id not in walk(Filters(free_from=("retinoid",)))


def test_a_product_for_advice_only_shows_no_price(client):
    factories.make_product(slug="strong", name="Strong", gated=True, price_minor=12345, stock=3)
    for path in ("/products", "/products/strong"):
        page = client.get(path).get_data(as_text=True)
        assert "123.45" not in page
        assert "sk your consultant" in page


def test_counts_made_beforehand_equal_those_made_now(app):
    concern = factories.make_concern("hydration")
    products = shelf(12, step="treat", reading="assessed")
    for product in products[:5]:
        factories.make_link(product, concern)
        factories.make_link(product, concern, phase="recover")
        db.session.add(ProductFacet(product_id=product.id, kind="active", value="GLYCERIN"))
    db.session.commit()
    asked = [Filters(), Filters(concern=("hydration",)), Filters(step=("treat",)), Filters(active=("glycerin",))]
    live = [count(filters) for filters in asked]
    facet_counting.rebuild()
    db.session.commit()
    indexing.forget(*indexing.KEPT)
    for filters, counted in zip(asked, live, strict=True):
        assert count(filters).total == counted.total == len(walk(filters))
        assert told(count(filters).here) == told(counted.here)


def test_the_list_costs_as_many_statements_for_ten_products_as_for_many(client, statements):
    concern = factories.make_concern("hydration")
    addresses = [
        "/products",
        "/products?sort=price",
        "/products?concern=hydration&step=treat",
        "/products?q=cream",
        "/search?q=cream",
    ]
    figures = []
    for n in (10, 60):
        for product in shelf(n, step="treat"):
            factories.make_link(product, concern)
        indexing.rebuild()
        db.session.commit()
        [client.get(address) for address in addresses]
        with statements() as counted:
            [client.get(address) for address in addresses]
        figures.append(len(counted))
    assert figures[0] == figures[1]
    with statements() as counted:
        client.get("/products")
    assert len(counted) == 1
