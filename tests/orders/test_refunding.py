"""Money goes back once, never above what came in, and the books follow what Stripe says of it, in whatever order it says it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.core.errors import Refused, ShopError
from shop.core.outbox import OutboxRow
from shop.orders.models import Invoice
from shop.orders.refunding import refundable_minor, request_refund
from shop.payments import ledger
from tests.support.racing import together
from tests.support.tills import assert_clean, entries, facts, inbox, read, refunds, taken_minor

BY = "user:1"


def ask(number, amount_minor, *, cause="click:1", **facts_given):
    facts_given = {"reason": "Changed her mind", "by": BY} | facts_given
    return request_refund(number, amount_minor=amount_minor, cause=cause, **facts_given)


def credit_notes():
    return read(select(Invoice).where(Invoice.kind == "credit_note").order_by(Invoice.id))


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


def test_a_refund_that_stays_without_an_answer_asks_for_a_person(paid, standin, worker, clock):
    standin.desk.fail_next("503", times=99)
    ask(paid.number, 5000)
    for _ in range(8):
        worker()
        clock.shift(timedelta(hours=2))
    assert "outbox" in {entry.kind for entry in entries()}
    assert refundable_minor(paid.number) == 29_500  # stays reserved: it may have been sent


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


def paid_intent(number):
    return next(fact.payment_intent for fact in facts("captured") if fact.order_number == number)
