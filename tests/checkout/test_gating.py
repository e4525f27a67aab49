"""Answers decide before money is taken; products are payable whatever they say."""

from __future__ import annotations

import pytest

from shop.bag.filling import add_package, add_variant
from shop.bag.finding import Owner
from shop.core.db import db
from shop.intake import answering
from shop.intake.answering import Subject
from shop.orders.models import Order, OrderLine
from tests.intake.test_answering import TREATMENT, calm
from tests.support.factories import make_package, make_product, make_treatment

pytestmark = pytest.mark.usefixtures("screened", "standin")
BUYER = {
    "email": "ann@example.com",
    "name": "Ann Bee",
    "delivery": "collect",
    "country": "GB",
    "for_me": "yes",
    "terms": "y",
    "adult": "y",
}


@pytest.fixture
def bag(clock, as_client):
    """A client with one series and one product in the bag."""
    package = make_package(make_treatment(TREATMENT), sessions=3)
    make_product(stock=5)
    owner = Owner(user_id=as_client.user.id)
    add_package(owner, package.slug)
    add_variant(owner, _sku())
    db.session.commit()
    return as_client


def _sku() -> str:
    from shop.catalog.models import Variant

    return db.session.scalars(db.select(Variant.sku)).first()


def answered(client, **changed: str) -> None:
    subject = Subject(client_id=client.person.id)
    answering.save(subject, TREATMENT, calm(**changed), consent_version=1)
    db.session.commit()


def kinds_ordered() -> set[str]:
    return set(db.session.scalars(db.select(OrderLine.kind)))


def test_without_answers_the_questions_come_before_the_payment(bag):
    for response in (bag.get("/checkout"), bag.post("/checkout", data=BUYER)):
        assert response.status_code == 303
        assert f"/screening/{TREATMENT}" in response.location
    assert db.session.scalar(db.select(Order.id)) is None


def test_answers_that_speak_against_nothing_open_the_payment(bag):
    answered(bag)
    if answering.standings(Subject(client_id=bag.person.id), [TREATMENT])[TREATMENT].decision != "ok":
        pytest.fail("the calm answers of the tests should be ok")
    response = bag.post("/checkout", data=BUYER)
    assert "/c/pay/" in response.location
    assert "package" in kinds_ordered()


def test_a_no_keeps_the_series_in_the_bag_and_sells_the_product(bag):
    answered(bag, pregnant="yes")
    response = bag.post("/checkout", data=BUYER | {"adult": ""})
    assert "/c/pay/" in response.location
    assert kinds_ordered() == {"variant"}
    assert "not for you at the moment" in bag.get("/bag").text


def test_a_present_asks_its_buyer_nothing(bag):
    other = {"for_me": "no", "other_name": "Nora", "other_email": "nora@example.com"}
    assert "/c/pay/" in bag.post("/checkout", data=BUYER | other).location
