"""A bank takes a payment back: sessions pause, goods stay, nothing is refunded twice, and the end undoes or keeps it."""

import pytest
from sqlalchemy import select

from shop.core.db import db
from shop.core.errors import Conflict, ShopError
from shop.orders.fulfilling import mark_shipped
from shop.orders.models import Order
from shop.orders.refunding import request_refund
from shop.payments import ledger
from shop.wallet import moving
from shop.wallet.models import Credit
from tests.support.tills import assert_clean, entries, facts, inbox, read, refunds, taken_minor

BY = "user:1"


@pytest.fixture
def disputed(paid, standin, worker):
    """The order, and Stripe's number of the dispute."""
    dispute = standin.desk.open_dispute(intent_of(paid.number))
    worker()
    return paid, dispute["id"]


def test_a_dispute_is_written_down_and_asks_for_a_person_once(disputed):
    order, _ = disputed
    assert [fact.kind for fact in facts()] == ["captured", "disputed"]
    assert ledger.paid_minor(order.number) == 0
    assert [(entry.kind, entry.urgent) for entry in entries()] == [("dispute", True)]
    assert "£345.00" in entries()[0].reason


def test_sessions_pause_while_the_bank_decides(disputed):
    credit = read(select(Credit))[0]
    assert credit.frozen_on is not None
    with pytest.raises(Conflict, match=r"paused|frozen"):
        moving.book(credit.id, cause="visit:1", by=BY)
    db.session.rollback()
    assert_clean()


def test_nothing_is_shipped_while_the_bank_decides(disputed):
    order = db.session.scalars(select(Order)).one()
    with pytest.raises(ShopError):
        mark_shipped(order, carrier="DPD", tracking="1", cause="click:1", by=BY)
    db.session.rollback()


def test_nothing_is_refunded_while_the_bank_decides(disputed, standin):
    order, _ = disputed
    with pytest.raises(Conflict, match="bank is examining"):
        request_refund(order.number, amount_minor=1, cause="click:1", reason="asked", by=BY)
    db.session.rollback()
    assert refunds() == []


def test_a_refund_on_its_way_when_the_dispute_opens_comes_back_to_a_person(paid, standin, worker):
    request_refund(paid.number, amount_minor=5000, cause="click:1", reason="asked", by=BY)
    db.session.commit()
    standin.desk.hold()
    standin.desk.open_dispute(intent_of(paid.number))
    standin.desk.release()
    worker()
    worker()
    assert [refund.state for refund in refunds()] == ["failed"]
    assert {entry.kind for entry in entries()} == {"dispute", "refund"}
    assert "charge_disputed" in entries("refund")[0].reason


def test_a_dispute_won_gives_everything_back(disputed, standin, worker, clock):
    order, dispute = disputed
    before = read(select(Credit))[0].expires_on
    clock.shift(10 * 86_400)
    standin.desk.close_dispute(dispute, won=True)
    worker()
    credit = read(select(Credit))[0]
    assert credit.frozen_on is None
    assert (credit.expires_on - before).days == 10  # the pause is not the client's loss
    assert ledger.paid_minor(order.number) == 34_500
    assert not ledger.has_open_dispute(order.number)
    request_refund(order.number, amount_minor=1, cause="click:1", reason="asked", by=BY)
    db.session.commit()
    worker()
    assert taken_minor(standin) == 34_499
    assert_clean()


def test_a_dispute_lost_keeps_the_sessions_paused_and_asks_what_becomes_of_them(disputed, standin, worker):
    order, dispute = disputed
    standin.desk.close_dispute(dispute, won=False)
    worker()
    assert read(select(Credit))[0].frozen_on is not None
    assert ledger.paid_minor(order.number) == 0
    assert not ledger.has_open_dispute(order.number)
    assert [entry.key.rpartition(":")[2] for entry in entries()][-1] == "lost"
    with pytest.raises(ShopError):
        request_refund(order.number, amount_minor=1, cause="click:1", reason="asked", by=BY)
    db.session.rollback()


@pytest.mark.parametrize("won", [True, False])
@pytest.mark.parametrize("order_of_messages", ["reversed", "shuffled"])
def test_messages_in_any_order_end_where_the_bank_is(paid, standin, worker, won, order_of_messages):
    standin.desk.hold()
    dispute = standin.desk.open_dispute(intent_of(paid.number))
    standin.desk.close_dispute(dispute["id"], won=won)
    standin.desk.send_copies(2)
    standin.desk.release(order=order_of_messages)
    worker()
    worker()
    kinds = sorted(fact.kind for fact in facts())
    assert kinds == ["captured", "dispute_won" if won else "dispute_lost", "disputed"]
    assert ledger.paid_minor(paid.number) == (34_500 if won else 0)
    assert (read(select(Credit))[0].frozen_on is None) == won
    assert all(event.done_at for event in inbox())


def test_sessions_that_were_paused_before_stay_paused_after_a_won_dispute(paid, standin, worker):
    from shop.wallet import periods

    credit = db.session.scalars(select(Credit)).one()
    periods.freeze(credit.id, cause="holiday:1", by=BY, reason="travelling")
    db.session.commit()
    dispute = standin.desk.open_dispute(intent_of(paid.number))
    worker()
    standin.desk.close_dispute(dispute["id"], won=True)
    worker()
    assert read(select(Credit))[0].frozen_on is not None


def test_a_second_dispute_after_a_won_one_pauses_again(disputed, standin, worker):
    order, dispute = disputed
    standin.desk.close_dispute(dispute, won=True)
    worker()
    with standin.desk._store.unit() as unit:
        charge = unit.all("charge")[0]
        unit.save(charge | {"disputed": False})
    standin.desk.open_dispute(intent_of(order.number))
    worker()
    assert read(select(Credit))[0].frozen_on is not None
    assert ledger.has_open_dispute(order.number)


def test_a_bank_s_early_warning_asks_for_a_person_and_changes_nothing(paid, standin, worker):
    standin.desk.warn(intent_of(paid.number))
    worker()
    assert [fact.kind for fact in facts()] == ["captured"]
    assert [entry.urgent for entry in entries()] == [True]
    assert "Send nothing yet" in entries()[0].what_to_do
    assert read(select(Credit))[0].frozen_on is None


def test_an_inquiry_moves_no_money(paid, standin, worker):
    dispute = standin.desk.open_dispute(intent_of(paid.number))
    with standin.desk._store.unit() as unit:
        unit.save(unit.find("dispute", dispute["id"]) | {"status": "warning_needs_response"})
    worker()
    assert [fact.kind for fact in facts()] == ["captured"]
    assert [entry.kind for entry in entries()] == ["dispute"]


def intent_of(number):
    return next(fact.payment_intent for fact in facts("captured") if fact.order_number == number)
