"""Whoever waits for an article is written to once, when it is there again, and never after one click on stop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.catalog.models import Variant
from shop.core.db import db
from shop.storefront.models import StockNotice
from shop.working import sweep_all
from tests.support.factories import make_product, make_stock
from tests.support.forms import forms


@pytest.fixture
def gone(clock, app):
    """An article that is sold out."""
    product = make_product(stock=0, slug="calm-serum")
    db.session.commit()
    return db.session.scalars(select(Variant).where(Variant.product_id == product.id)).one()


def ask(browser, **typed):
    page = browser.get("/products/calm-serum").text
    form = next(form for form in forms(page, here="/products/calm-serum") if "email" in form.names)
    return browser.post(form.action, data=form.fields | {"email": "Bea@Example.com"} | typed)


def test_one_letter_when_it_is_there_again(gone, client, mailbox):
    answer = ask(client)
    assert answer.status_code == 303
    assert "bea@example.com" in client.get(answer.headers["Location"]).text
    ask(client)  # once is enough
    sweep_all()
    assert mailbox.to("bea@example.com") == []
    make_stock(gone, 2)
    db.session.commit()
    for _ in range(3):
        sweep_all()
    [letter] = mailbox.to("bea@example.com")
    assert "is here again" in letter.subject
    assert len(db.session.scalars(select(StockNotice)).all()) == 1


def test_one_click_stops_everything_this_address_waits_for(gone, client, mailbox):
    address = ask(client).headers["Location"]
    assert client.post(address).status_code == 303
    assert "We write nothing more" in client.get(address).text
    make_stock(gone, 2)
    db.session.commit()
    sweep_all()
    assert mailbox.to("bea@example.com") == []


def test_the_same_wish_can_be_made_again_after_the_letter(gone, client, mailbox, clock):
    ask(client)
    stock = make_stock(gone, 1)
    db.session.commit()
    sweep_all()
    from shop.inventory.holding import hold, refresh_in_stock

    hold([(stock.id, 1)])
    refresh_in_stock([gone.id])
    db.session.commit()
    assert ask(client).status_code == 303
    assert len(mailbox.to("bea@example.com")) == 1
    clock.shift(timedelta(hours=1))
    make_stock(gone, 1, lot="L2")
    db.session.commit()
    sweep_all()
    assert len(mailbox.to("bea@example.com")) == 2


def test_what_is_in_stock_or_not_an_address_is_refused(gone, client):
    answer = ask(client, email="nobody")
    assert answer.status_code == 422
    assert 'value="nobody"' in answer.text
    token_page = client.get("/products/waiting/bm90LW91cnM")
    assert token_page.status_code == 404
    form = {"sku": gone.sku, "email": "bea@example.com"}
    make_stock(gone, 2)
    db.session.commit()
    assert client.post("/products/calm-serum/tell-me", data=form).status_code == 422
    assert "Tell me" not in client.get("/products/calm-serum").text


def test_an_address_is_forgotten_after_a_year(gone, client, clock):
    ask(client)
    clock.shift(timedelta(days=366))
    sweep_all()
    assert db.session.scalars(select(StockNotice)).all() == []
