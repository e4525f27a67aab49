"""A heart keeps a product for whoever is signed in; nobody else sees one, and no page costs more for it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.catalog import indexing
from shop.core.db import db
from shop.core.settings import change_setting, forget
from shop.wishes import wishing
from shop.wishes.models import Wish
from tests.support.factories import PASSWORD, make_client, make_product
from tests.support.forms import forms

PAGE = "/products/calm-serum"


def turn_on():
    change_setting("wishes.on", True, by="the tests")
    db.session.commit()
    forget()


@pytest.fixture
def product(clock, app):
    turn_on()
    product = make_product(slug="calm-serum", name="Calm Serum", stock=3)
    indexing.rebuild()
    return product


def kept():
    db.session.rollback()
    return [(wish.client_id, wish.product_id) for wish in db.session.scalars(select(Wish).order_by(Wish.id))]


def press(browser, page, name):
    """The heart of a page, pressed without a script."""
    text = browser.get(page).text
    form = next(form for form in forms(text, here=page) if form.action == "/account/wishes")
    value = text.split(f'name="{name}" value="')[1].split('"')[0]
    return browser.post(form.action, data=form.fields | {name: value})


@pytest.mark.parametrize("page", [PAGE, "/products", "/products?sort=price"])
def test_a_heart_keeps_and_drops_where_it_stands(product, as_client, page):
    answer = press(as_client, page, "add")
    assert (answer.status_code, answer.location) == (303, page)
    assert kept() == [(as_client.person.id, product.id)]
    assert 'aria-pressed="true"' in as_client.get(page).text
    assert product.name in as_client.get("/account/wishes").text
    press(as_client, page, "drop")
    assert kept() == []


def test_twice_is_once_and_another_clients_list_is_another(product, as_client):
    for _ in range(2):
        as_client.post("/account/wishes", data={"add": product.id})
    other = make_client()
    wishing.wish_for(other.id, product.id)
    db.session.commit()
    as_client.post("/account/wishes", data={"drop": product.id})
    assert kept() == [(other.id, product.id)]


def test_strangers_see_no_heart_and_whoever_has_none_pays_nothing(product, client, as_client, statements):
    assert "aria-pressed" not in client.get(PAGE).text
    assert client.post("/account/wishes", data={"add": product.id}).location.startswith("/login")
    costs = []
    for page in (PAGE, "/products"):
        as_client.get(page)
        with statements() as count:
            as_client.get(page)
        costs.append(len(count))
    change_setting("wishes.on", False, by="the tests")
    db.session.commit()
    forget()
    for page, cost in zip((PAGE, "/products"), costs, strict=True):
        as_client.get(page)
        with statements() as count:
            assert "aria-pressed" not in as_client.get(page).text
        assert len(count) == cost - 1
    assert as_client.get("/account/wishes").status_code == 404
    assert as_client.post("/account/wishes", data={"add": product.id}).status_code == 404


def test_a_wish_moves_into_the_bag_and_off_the_list(product, as_client):
    as_client.post("/account/wishes", data={"add": product.id})
    assert as_client.post("/account/wishes/bag", data={"product": product.id}).status_code == 303
    assert kept() == []
    assert product.name in as_client.get("/bag").text


def test_what_is_sold_out_stays_on_the_list(product, as_client):
    gone = make_product(stock=0)
    as_client.post("/account/wishes", data={"add": gone.id})
    answer = as_client.post("/account/wishes/bag", data={"product": gone.id}, follow_redirects=True)
    assert "It stays on your list" in answer.text
    assert kept() == [(as_client.person.id, gone.id)]


@pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 40, "٣"])
def test_nonsense_keeps_nothing(product, as_client, typed):
    assert as_client.post("/account/wishes", data={"add": typed}).status_code == 303
    assert as_client.post("/account/wishes/bag", data={"product": typed}).status_code == 303
    assert kept() == []


def test_what_is_sold_on_advice_alone_or_not_at_all_is_not_kept(product, as_client):
    for facts in ({"gated": True}, {"state": "draft"}):
        as_client.post("/account/wishes", data={"add": make_product(**facts).id})
    assert kept() == []
    product.gated = True
    assert "aria-pressed" not in as_client.get(PAGE).text


def test_a_list_is_full_at_some_point(product, as_client, monkeypatch):
    monkeypatch.setattr(wishing, "MOST", 1)
    as_client.post("/account/wishes", data={"add": product.id})
    answer = as_client.post("/account/wishes", data={"add": make_product().id}, follow_redirects=True)
    assert "Your list is full" in answer.text
    assert len(kept()) == 1


def test_the_way_back_stays_inside_the_shop(product, as_client):
    answer = as_client.post("/account/wishes", data={"add": product.id, "back": "https://evil.example/"})
    assert answer.location == "/account/wishes"


def test_a_list_costs_the_same_however_long(product, as_client, statements):
    as_client.post("/account/wishes", data={"add": product.id})
    counts = []
    for _ in range(2):
        as_client.get("/account/wishes")
        with statements() as count:
            as_client.get("/account/wishes")
        counts.append(len(count))
        for _ in range(9):
            wishing.wish_for(as_client.person.id, make_product().id)
    assert counts[0] == counts[1]


def test_erasing_takes_the_list_and_the_export_holds_it(product, as_client):
    as_client.post("/account/wishes", data={"add": product.id})
    assert len(as_client.get("/account/privacy/export").json["wish"]) == 1
    assert as_client.post("/account/privacy/erase", data={"current": PASSWORD}).status_code == 303
    assert kept() == []
