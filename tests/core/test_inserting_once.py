"""A row that may be written only once says whether it was new, also to whoever came second."""

from shop.core import clock
from shop.core.db import db, insert_once
from shop.payments.models import PaymentEvent
from tests.support.racing import together


def write(reference):
    facts = {"order_number": "AG-1", "kind": "captured", "tender": "stripe", "amount_minor": 1, "currency": "GBP"}
    return insert_once(PaymentEvent, unique="reference", **facts, reference=reference, at=clock.now(), by="the tests")


def test_the_second_of_the_same_is_not_new(app):
    assert [write("a"), write("a"), write("b")] == [True, False, True]
    db.session.commit()
    assert write("a") is False


def test_of_eight_at_once_one_is_new(app):
    answers = together(app, [lambda: write("a") and "new"] * 8)
    assert sorted(answers) == ["done"] * 7 + ["new"]
