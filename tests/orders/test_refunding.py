"""Money goes back once, never above what came in, and the books follow what Stripe says of it, in whatever order it says it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.core.errors import Refused
from shop.orders.models import Invoice
from shop.orders.refunding import refundable_minor
from shop.payments import ledger
from tests.orders.refunds_asked import ask, credit_notes
from tests.support.racing import together
from tests.support.tills import assert_clean, entries, facts, read, refunds, taken_minor


def test_a_refund_is_reserved_at_once_sent_by_the_worker_and_followed_to_its_end(paid, standin, worker, mailbox):
    ask(paid.number, 5000)
    db.session.commit()
    assert refundable_minor(paid.number) == 29_500
    assert [refund.state for refund in refunds()] == ["requested"]
    worker()
    assert [refund.state for refund in refunds()] == ["succeeded"]
    assert [fact.kind for fact in facts()] == ["captured", "refunded"]
    assert taken_minor(standin) == ledger.paid_minor(paid.number) == 29_500
    mail = mailbox.last("guest@example.com")
    assert "£50.00" in mail.text
    assert paid.number in mail.subject
    assert_clean()


def test_the_same_click_twice_is_one_refund(paid, standin, worker):
    ids = {ask(paid.number, 5000).id for _ in range(2)}
    db.session.commit()
    worker()
    assert len(ids) == len(refunds()) == 1
    assert taken_minor(standin) == 29_500


def test_two_of_the_staff_at_once_pay_back_no_more_than_there_is(app, paid, standin, worker):
    number = paid.number
    acts = [lambda n=n: ask(number, 20_000, cause=f"click:{n}").state for n in range(6)]
    assert sorted(together(app, acts)) == ["Refused"] * 5 + ["requested"]
    worker()
    assert taken_minor(standin) == 14_500
    assert_clean()


def test_it_can_be_paid_back_to_the_last_penny_and_not_one_further(paid, standin, worker):
    for n, amount in enumerate((1, 11_111, 23_388)):
        ask(paid.number, amount, cause=f"click:{n}")
        db.session.commit()
        worker()
    assert (taken_minor(standin), refundable_minor(paid.number)) == (0, 0)
    with pytest.raises(Refused, match=r"At most £0\.00"):
        ask(paid.number, 1, cause="click:9")
    db.session.rollback()
    assert sum(note.gross_minor for note in credit_notes()) == 34_500
    invoice = read(select(Invoice).where(Invoice.kind == "invoice"))[0]
    assert sum(note.vat_minor for note in credit_notes()) == invoice.vat_minor


@pytest.mark.parametrize("amount", [0, -1, 34_501, 10**12])
def test_nothing_less_than_nothing_and_too_much_are_refused(paid, amount):
    with pytest.raises(Refused):
        ask(paid.number, amount)
    db.session.rollback()
    assert refunds() == []


@pytest.mark.parametrize("typed", ["12,50", "1.234,50", "12.505", "-5", "five", ""])
def test_an_amount_that_can_mean_two_things_is_not_guessed(typed):
    from shop.core.money import parse_minor

    with pytest.raises(Refused):
        parse_minor(typed)


def test_parts_that_do_not_add_up_are_refused(paid):
    part = {"what": "One serum", "quantity": 1, "gross_minor": 2500, "vat_minor": 417, "vat_percent": "20"}
    with pytest.raises(Refused, match="add up"):
        ask(paid.number, 5000, parts=[part])
    db.session.rollback()


def test_an_order_without_a_payment_has_nothing_to_pay_back(app):
    with pytest.raises(Refused):
        ask("AG-NOWHERE", 100)
    db.session.rollback()


def test_a_refund_that_stays_without_an_answer_asks_for_a_person(paid, standin, worker, clock):
    standin.desk.fail_next("503", times=99)
    ask(paid.number, 5000)
    for _ in range(8):
        worker()
        clock.shift(timedelta(hours=2))
    assert "outbox" in {entry.kind for entry in entries()}
    assert refundable_minor(paid.number) == 29_500  # stays reserved: it may have been sent
