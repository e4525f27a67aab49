"""Refunds that Stripe does not take, or that were made in its dashboard."""

import pytest

from shop.core.db import db
from shop.core.errors import ShopError
from shop.orders.refunding import refundable_minor
from shop.payments import ledger
from tests.orders.refunds_asked import ask
from tests.support.tills import assert_clean, entries, facts, inbox, refunds, taken_minor


def test_what_stripe_refuses_comes_back_to_a_person(paid, standin, worker):
    ask(paid.number, 34_500)
    db.session.commit()
    standin.desk.hold()
    standin.desk.refund_in_dashboard(paid_intent(paid.number), amount=1)
    worker()
    assert [refund.state for refund in refunds()] == ["failed"]
    assert entries("refund")[0].urgent
    assert [fact.kind for fact in facts()] == ["captured"]
    standin.desk.release()
    worker()
    assert refundable_minor(paid.number) == 34_499 == taken_minor(standin)


def test_a_refund_made_in_stripe_s_dashboard_is_written_down_as_external(paid, standin, worker):
    standin.desk.refund_in_dashboard(paid_intent(paid.number), amount=34_500)
    worker()
    assert [fact.kind for fact in facts()] == ["captured", "refunded_outside"]
    assert refunds() == []
    assert (ledger.paid_minor(paid.number), refundable_minor(paid.number)) == (0, 0)
    found = entries("refund")
    assert [entry.subject for entry in found] == [f"order:{paid.number}"]
    assert "which lines" in found[0].what_to_do
    with pytest.raises(ShopError):
        ask(paid.number, 1)
    db.session.rollback()
    assert_clean()


def test_an_external_refund_that_fails_gives_the_money_back_to_the_books(paid, standin, worker):
    body = standin.desk.refund_in_dashboard(paid_intent(paid.number), amount=1000)
    worker()
    standin.desk.settle_refund(body["id"], ok=False)
    worker()
    assert ledger.paid_minor(paid.number) == taken_minor(standin) == 34_500


def test_a_refund_of_a_payment_nobody_knows_waits(standin, app, worker):
    from tests.payments.wiring import an_attempt

    page = app.extensions["gateway"].create_session(attempt=an_attempt(), idempotency_key="not-ours")
    standin.desk.hold()
    standin.pay(page.url)
    intent = standin.desk.all("payment_intent")[0]["id"]
    standin.desk.refund_in_dashboard(intent)
    standin.desk.release()
    worker()
    assert {event.done_at for event in inbox()} == {None}
    assert facts() == []


def test_a_stranger_s_refund_with_our_number_on_it_is_not_taken_for_ours(paid, standin, worker):
    """Somebody with the key writes our metadata on another amount: it is external, ours stays as it was."""
    refund = ask(paid.number, 5000)
    number = refund.id
    db.session.commit()
    with standin.desk._store.unit() as unit:
        from shop.payments.standin.refunding import refund as make

        make(unit, {"payment_intent": paid_intent(paid.number), "amount": 7, "metadata": {"refund_id": str(number)}})
    standin.desk.send_due()
    worker()
    assert sorted(fact.kind for fact in facts()) == ["captured", "refunded", "refunded_outside"]
    assert ledger.paid_minor(paid.number) == taken_minor(standin) == 34_500 - 5000 - 7


def paid_intent(number):
    return next(fact.payment_intent for fact in facts("captured") if fact.order_number == number)
