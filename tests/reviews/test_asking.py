"""One letter, some days after the goods arrived; never while a case is open, never after a no, and never with a word of why."""

from __future__ import annotations

import pytest

from shop.cases.opening import open_case
from shop.core.db import db
from shop.working import sweep_all
from tests.reviews.things import days, make_product, make_review, open_reviews, receive_order
from tests.support.factories import make_client, make_concern, make_link


@pytest.fixture
def product(clock, app):
    open_reviews()
    product = make_product(slug="calm-serum", name="Calm Serum")
    make_link(product, make_concern("pigmentation", name="Melasma"))
    return product


@pytest.fixture
def person(product):
    return make_client(name="Nora Beck", email="nora@example.com")


def asked(mailbox, to="nora@example.com"):
    db.session.commit()
    sweep_all()
    return mailbox.to(to)


def test_one_letter_when_the_days_have_passed(product, person, mailbox, clock):
    receive_order(person, product)
    receive_order(person, make_product())
    clock.shift(days(13))
    assert asked(mailbox) == []
    clock.shift(days(1))
    [letter] = asked(mailbox)
    for _ in range(30):
        clock.shift(days(1))
        assert len(asked(mailbox)) == 1
    said = (letter.subject + letter.text + letter.link("/account/reviews")).lower()
    assert not [word for word in ("melasma", "pigment", "calm serum", "calm-serum", "treatment") if word in said]


def test_a_parcel_is_counted_from_when_it_has_arrived(product, person, mailbox, clock):
    receive_order(person, product, delivery="ship")
    clock.shift(days(14))
    assert asked(mailbox) == []
    clock.shift(days(5))
    assert len(asked(mailbox)) == 1


def test_nobody_is_asked_while_a_case_is_open_but_later_if_it_ends_in_time(product, person, mailbox, clock):
    receive_order(person, product)
    case = open_case("parcel", client_id=person.id, cause="c", by="user:1", words="Broken.")
    clock.shift(days(15))
    assert asked(mailbox) == []
    case.closed_at, case.closed_by = case.opened_at, "user:1"
    case.outcome = {"result": "solved", "words": ""}
    clock.shift(days(1))
    assert len(asked(mailbox)) == 1


def test_a_case_that_opens_while_the_letter_waits_keeps_it_back(product, person, mailbox, clock):
    from shop.reviews.asking import ask_buyers

    receive_order(person, product)
    clock.shift(days(14))
    assert ask_buyers() == 1
    open_case("parcel", client_id=person.id, cause="c", by="user:1", words="Broken.")
    assert asked(mailbox) == []


def test_nobody_is_asked_who_said_no_or_has_written_or_cannot_sign_in(product, person, mailbox, clock, client):
    wrote, guest = make_client(email="wrote@example.com"), make_client(user=None, email="guest@example.com")
    for one in (person, wrote, guest):
        receive_order(one, product)
    make_review(product, wrote)
    from shop.accounts.wanting import stop_link

    link = stop_link(person.id, "reviews").removeprefix("http://localhost")
    assert "Stop them" in client.get(link).text
    assert client.post(link).status_code == 303
    assert "We write no more of these" in client.get(link).text
    clock.shift(days(14))
    for address in ("nora@example.com", "wrote@example.com", "guest@example.com"):
        assert asked(mailbox, address) == []


def test_a_forged_stop_is_nothing(client):
    assert client.get("/letters/bm90LW91cnM").status_code == 404
    assert client.post("/letters/bm90LW91cnM").status_code == 404


def test_the_choice_is_kept_on_the_page_of_details(product, as_client):
    assert 'name="reviews" value="y" checked' in as_client.get("/account/details").text
    assert as_client.post("/account/letters").status_code == 303
    assert 'name="reviews" value="y">' in as_client.get("/account/details").text
    as_client.post("/account/letters", data={"reviews": "y"})
    assert 'name="reviews" value="y" checked' in as_client.get("/account/details").text


def test_nothing_is_asked_while_it_is_off(clock, app, mailbox):
    person = make_client(email="nora@example.com")
    receive_order(person, make_product())
    clock.shift(days(20))
    assert asked(mailbox) == []
