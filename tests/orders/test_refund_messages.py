"""What Stripe says about a refund: early, late, twice, in the wrong order, or lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.core.outbox import OutboxRow
from shop.orders.refunding import refundable_minor
from shop.payments import ledger
from tests.orders.refunds_asked import ask, credit_notes
from tests.support.tills import assert_clean, entries, facts, inbox, read, refunds, taken_minor


def test_the_message_may_come_before_our_own_answer(paid, standin, worker, app):
    gateway = app.extensions["gateway"]
    ask_stripe = gateway.create_refund

    def create(**given):
        answer = ask_stripe(**given)
        from shop.checkout.sweeping import work_inbox

        work_inbox()  # the worker's other thread hears refund.created first
        return answer

    gateway.create_refund = create
    ask(paid.number, 5000)
    worker()
    assert [refund.state for refund in refunds()] == ["succeeded"]
    assert [fact.kind for fact in facts()] == ["captured", "refunded"]
    assert len(credit_notes()) == 1
    assert_clean()


def test_repeated_messages_about_a_refund_change_nothing(paid, standin, worker):
    standin.desk.send_copies(5)
    ask(paid.number, 5000)
    worker()
    for event in inbox():
        standin.desk.send_again(event.event_id)
    worker()
    assert [fact.kind for fact in facts()] == ["captured", "refunded"]
    assert len(credit_notes()) == 1


@pytest.mark.parametrize("fault", ["timeout", "reset", "503", "409", "429", "500"])
def test_a_lost_answer_never_sends_the_money_twice(paid, standin, worker, clock, fault):
    standin.desk.fail_next(fault, times=1)
    ask(paid.number, 5000)
    worker()
    for _ in range(4):
        clock.shift(timedelta(minutes=5))
        worker()
    assert [refund.state for refund in refunds()] == ["succeeded"]
    assert taken_minor(standin) == 29_500
    assert len(standin.desk.all("refund")) == 1


def test_a_lost_answer_is_found_again_after_stripe_has_forgotten_the_key(paid, standin, app, worker, clock, monkeypatch):
    gateway = app.extensions["gateway"]
    ask_stripe = gateway.create_refund

    def create(**given):
        from shop.payments.errors import StripeDown

        ask_stripe(**given)
        raise StripeDown(detail="the answer was lost")

    gateway.create_refund = create
    standin.desk.hold()
    ask(paid.number, 5000)
    worker()
    assert [refund.state for refund in refunds()] == ["requested"]
    gateway.create_refund = ask_stripe
    with standin.desk._store.unit() as unit:
        unit.sql("DELETE FROM answer")
    clock.shift(timedelta(days=2))
    worker()
    assert [refund.state for refund in refunds()] == ["succeeded"]
    assert len(standin.desk.all("refund")) == 1


def test_pending_then_arrived_then_sent_back_by_the_bank(paid, standin, worker):
    standin.desk.refunds_wait()
    ask(paid.number, 5000)
    worker()
    assert [refund.state for refund in refunds()] == ["pending"]
    assert credit_notes() == []
    number = standin.desk.all("refund")[0]["id"]
    standin.desk.settle_refund(number, ok=True)
    worker()
    assert [refund.state for refund in refunds()] == ["succeeded"]
    assert len(credit_notes()) == 1
    standin.desk.settle_refund(number, ok=False)
    worker()
    assert [refund.state for refund in refunds()] == ["failed"]
    assert [fact.kind for fact in facts()] == ["captured", "refunded", "refund_failed"]
    assert ledger.paid_minor(paid.number) == taken_minor(standin) == 34_500
    assert [entry.kind for entry in entries()] == ["refund"]
    assert refundable_minor(paid.number) == 34_500


def test_messages_in_the_wrong_order_end_where_stripe_is(paid, standin, worker):
    standin.desk.refunds_wait()
    standin.desk.hold()
    ask(paid.number, 5000)
    worker()
    number = standin.desk.all("refund")[0]["id"]
    standin.desk.settle_refund(number, ok=True)
    standin.desk.settle_refund(number, ok=False)
    standin.desk.release(order="reversed")
    worker()
    assert [refund.state for refund in refunds()] == ["failed"]
    assert ledger.paid_minor(paid.number) == taken_minor(standin) == 34_500


def test_a_word_of_before_never_overtakes_what_was_said_later(paid, standin, worker, app):
    from shop.orders.repaying import follow

    standin.desk.refunds_wait()
    ask(paid.number, 5000)
    worker()
    pending = app.extensions["gateway"].get_refund(standin.desk.all("refund")[0]["id"])
    standin.desk.settle_refund(pending.id, ok=True)
    worker()
    assert follow(refunds()[0].id, pending) is False
    db.session.commit()
    assert [refund.state for refund in refunds()] == ["succeeded"]


def test_a_kill_between_stripe_s_answer_and_our_commit_is_healed(app, paid, standin, worker, clock, monkeypatch):
    from shop.orders import repaying

    whole = repaying.follow

    def broken(*_given):
        raise RuntimeError("the power supply coughed")

    monkeypatch.setattr(repaying, "follow", broken)
    standin.desk.hold()
    ask(paid.number, 5000)
    worker()
    assert [refund.state for refund in refunds()] == ["requested"]
    monkeypatch.setattr(repaying, "follow", whole)
    clock.shift(timedelta(minutes=5))
    worker()
    assert [refund.state for refund in refunds()] == ["succeeded"]
    assert len(standin.desk.all("refund")) == 1
    rows = read(select(OutboxRow).where(OutboxRow.kind == "refund.send"))
    assert all(row.done_at for row in rows)
