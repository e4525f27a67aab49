"""Whatever stands in a public address, the answer is a page or a plain no."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.catalog import indexing
from shop.catalog.models import Handle
from shop.core.db import db
from tests.support.world import make_world

NASTY = [
    "'",
    '"',
    "*",
    "NEAR(",
    "a OR",
    "- -",
    "name:x",
    "(",
    "\\",
    "%",
    "{",
    "}",
    "a:*",
    "&|!",
    "<->",
    "'':*",
    "\u202e",
    "é" * 90,
]
NASTY += ["9" * 40, "-1", "NaN", "1e9", "٣", "😀", "a" * 10_000, "\x01\x02", "SELECT", "ꙮ1", "zz\x7f"]
words = st.one_of(st.sampled_from(NASTY), st.text(max_size=30))
FIELDS = (
    "concern",
    "brand",
    "step",
    "active",
    "free_from",
    "price_max",
    "in_stock",
    "q",
    "sort",
    "after",
    "sku",
    "skin",
    "avoid",
    "have",
)
PAGES = ("/products", "/search", "/ask", "/brands/solenne", "/products/calm-serum", "/consultation")
SHAPES = ("/products/", "/concerns/", "/treatments/", "/packages/", "/brands/", "/team/", "/legal/", "/")
fuzzing = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def world(app):
    make_world()
    indexing.rebuild()
    db.session.commit()


def test_no_query_breaks_a_page(world, client):
    @fuzzing
    @given(st.sampled_from(PAGES), st.lists(st.tuples(st.sampled_from(FIELDS), words), max_size=4))
    def ask(path, pairs):
        assert client.get(path, query_string=pairs, inspect=False).status_code in (200, 301, 400, 404), (path, pairs)

    ask()


def test_no_word_in_an_address_breaks_a_page(world, client):
    @fuzzing
    @given(st.sampled_from(SHAPES), words)
    def ask(path, word):
        answer = client.get(path + quote(word, safe=""), inspect=False)
        assert answer.status_code in (200, 301, 308, 400, 404), (path, word)

    ask()


@pytest.mark.parametrize("typed", NASTY)
def test_what_is_typed_into_search_gets_a_whole_page(world, client, typed):
    assert client.get("/search", query_string={"q": typed}).status_code == 200
    assert client.get("/products", query_string={"q": typed}).status_code == 200


def test_an_old_address_leads_to_the_new_one_for_good(world, client):
    db.session.add_all(
        [
            Handle(old_path="/shop/calm", new_path="/products/calm-serum"),
            Handle(old_path="/products/calm-old", new_path="/products/calm-serum"),
            Handle(old_path="/evil", new_path="//evil.example"),
        ]
    )
    for old in ("/shop/calm", "/shop/calm/", "/products/calm-old"):
        answer = client.get(old)
        assert (answer.status_code, answer.location) == (301, "/products/calm-serum")
    assert client.get("/evil").status_code == 404
