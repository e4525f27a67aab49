"""Who bought and received a product writes about it, once, and may change it; nobody else is even shown the form."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.reviews.models import Review
from shop.reviews.writing import shown_name
from tests.reviews.things import days, make_product, make_review, open_reviews, receive_order
from tests.support.factories import make_client

WORDS = {"stars": "4", "text": "Light, and it lasts the day."}


@pytest.fixture
def product(clock, app):
    open_reviews()
    return make_product(slug="calm-serum")


def write(browser, product, **typed):
    return browser.post(f"/account/reviews/{product.id}", data=WORDS | typed)


def kept():
    db.session.rollback()
    return db.session.scalars(select(Review)).all()


def test_a_buyer_writes_and_the_clinic_has_it_to_read(product, as_client):
    as_client.person.name = "Nora Mary Beck"
    receive_order(as_client.person, product)
    assert product.name in as_client.get("/account/reviews").text
    assert write(as_client, product).status_code == 303
    [review] = kept()
    assert (review.stars, review.text, review.shown_name, review.state) == (4, WORDS["text"], "Nora B.", "waiting")
    assert WORDS["text"] not in as_client.get("/products/calm-serum").text


def test_only_what_was_bought_and_has_arrived_can_be_written_about(product, as_client, clock):
    assert write(as_client, product).status_code == 404
    receive_order(make_client(), product)
    assert as_client.get(f"/account/reviews/{product.id}").status_code == 404
    receive_order(as_client.person, product, delivery="ship")
    assert write(as_client, product).status_code == 404
    clock.shift(days(5))  # the usual days on the way
    assert write(as_client, product).status_code == 303


def test_a_line_that_stayed_behind_has_not_arrived(product, as_client):
    other = make_product()
    order = receive_order(as_client.person, other)
    from tests.account.things import make_line
    from tests.support.factories import make_variant

    make_line(order, 7, variant_id=make_variant(product).id, done=1)  # done, but in no parcel that left
    assert write(as_client, product).status_code == 404
    assert write(as_client, other).status_code == 303


def test_an_order_of_before_parcels_were_written_down_left_as_a_whole(product, as_client, clock):
    from tests.account.things import make_line, make_order
    from tests.support.factories import make_variant

    for fulfilment, status in (("part", 404), ("done", 404)):
        order = make_order(as_client.person, lines=0, fulfilment=fulfilment)
        make_line(order, 0, variant_id=make_variant(product).id, done=1)
        assert write(as_client, product).status_code == status
    clock.shift(days(5))
    assert write(as_client, product).status_code == 303


def test_what_is_sold_on_advice_alone_is_not_reviewed(product, as_client):
    product.gated = True
    receive_order(as_client.person, product)
    assert write(as_client, product).status_code == 404


def test_a_change_takes_it_from_the_page_until_it_is_read_again(product, as_client):
    receive_order(as_client.person, product)
    review = make_review(product, as_client.person, answer="Thank you.")
    assert review.text in as_client.get("/products/calm-serum").text
    assert write(as_client, product).status_code == 303
    [now] = kept()
    assert (now.state, now.turn, now.answer, now.decided_at) == ("waiting", 2, "", None)
    assert WORDS["text"] not in as_client.get("/products/calm-serum").text
    write(as_client, product)  # the same once more is no change
    assert kept()[0].turn == 2


def test_it_can_be_taken_back_at_any_time(product, as_client):
    receive_order(as_client.person, product)
    make_review(product, as_client.person)
    assert as_client.post(f"/account/reviews/{product.id}/remove").status_code == 303
    assert kept() == []


@pytest.mark.parametrize("typed", [{"stars": ""}, {"stars": "6"}, {"stars": "★"}, {"text": ""}, {"text": "x" * 2001}])
def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(product, as_client, typed):
    receive_order(as_client.person, product)
    answer = write(as_client, product, **typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert (WORDS | typed)["text"] in answer.text
    assert kept() == []


def test_while_the_setting_is_off_there_is_nothing(as_client):
    product = make_product(slug="calm-serum")
    receive_order(as_client.person, product)
    assert as_client.get("/account/reviews").status_code == 404
    assert write(as_client, product).status_code == 404
    assert "/account/reviews" not in as_client.get("/account").text


def test_erasing_takes_the_words_and_the_export_holds_them(product, as_client):
    from tests.support.factories import PASSWORD

    receive_order(as_client.person, product)
    write(as_client, product)
    assert WORDS["text"] in as_client.get("/account/privacy/export").text
    assert as_client.post("/account/privacy/erase", data={"current": PASSWORD}).status_code == 303
    assert kept() == []


def test_the_words_are_sealed_in_the_database(product, as_client):
    from sqlalchemy import text

    receive_order(as_client.person, product)
    write(as_client, product)
    [raw] = db.session.execute(text("select text from review")).scalars().all()
    assert "lasts" not in raw


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Nora Beck", "Nora B."), ("Dr Nora Beck", "Nora B."), ("Nora", "Nora"), ("", "A client"), ("o'Neil van dyk", "o'Neil D."),
     ("n@example.com", "n")],
)  # fmt: skip
def test_a_name_is_shown_as_first_name_and_initial(name, shown):
    assert shown_name(name) == shown
