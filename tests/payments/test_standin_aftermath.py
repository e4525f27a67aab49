"""Refunds and disputes of the stand-in tell their story in events."""

import threading

import pytest

from shop.payments.errors import StripeRefused
from shop.payments.standin.envelope import ApiError
from tests.payments.wiring import press

# Refunds and disputes


def test_a_refund_tells_its_story_in_events(gateway, paid, desk, letterbox):
    intent = paid(letterbox).payment_intent
    refund = gateway.create_refund(payment_intent=intent, amount_minor=500, refund_id="9", idempotency_key="refund:9")
    desk.settle_refund(refund.id, ok=False)

    assert letterbox.types() == ["refund.created", "refund.updated", "refund.failed"]
    assert [event.object["metadata"]["refund_id"] for event in letterbox.events()] == ["9"] * 3
    assert letterbox.events()[1].raw["data"]["previous_attributes"] == {"status": "succeeded"}
    failed = gateway.get_refund(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert desk.all("charge")[0]["amount_refunded"] == 0


def test_a_refund_may_wait_then_arrive_then_come_back(gateway, paid, desk, letterbox):
    intent = paid(letterbox).payment_intent
    desk.refunds_wait()
    refund = gateway.create_refund(payment_intent=intent, amount_minor=500, refund_id="9", idempotency_key="refund:9")
    assert refund.status == "pending"
    assert desk.settle_refund(refund.id, ok=True)["status"] == "succeeded"
    assert desk.settle_refund(refund.id, ok=False)["status"] == "failed"
    with pytest.raises(ApiError):
        desk.settle_refund(refund.id, ok=True)


def test_a_slow_bank_gives_back_slowly(open_page, standin, gateway, desk):
    session = open_page()
    press(standin, session, "slow")
    intent = gateway.get_session(session.id).payment_intent
    asked = {"payment_intent": intent, "amount_minor": 500, "refund_id": "9"}
    with pytest.raises(StripeRefused) as early:
        gateway.create_refund(**asked, idempotency_key="refund:9")
    assert early.value.code == "payment_intent_unexpected_state"
    desk.settle_slow(session.id, ok=True)
    assert gateway.create_refund(**asked, idempotency_key="refund:10").status == "pending"


def test_two_desks_cannot_refund_more_than_was_paid(gateway, paid, letterbox, standin):
    intent = paid(letterbox).payment_intent
    start, done = threading.Barrier(4), []

    def refund(number):
        start.wait(10)
        try:
            done.append(
                gateway.create_refund(
                    payment_intent=intent, amount_minor=30000, refund_id=str(number), idempotency_key=f"refund:{number}"
                )
            )
        except StripeRefused as refused:
            done.append(refused)

    threads = [threading.Thread(target=refund, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sum(one.amount_minor for one in gateway.list_refunds(intent)) == 60000
    assert len([one for one in done if isinstance(one, StripeRefused)]) == 2


@pytest.mark.parametrize(
    ("won", "status", "last"),
    [
        (True, "won", ["charge.dispute.updated", "charge.dispute.closed", "charge.dispute.funds_reinstated"]),
        (False, "lost", ["charge.dispute.updated", "charge.dispute.closed"]),
    ],
)
def test_a_dispute_takes_the_money_until_it_is_decided(gateway, paid, desk, letterbox, won, status, last):
    session = paid(letterbox)

    dispute = desk.open_dispute(session.payment_intent)

    assert gateway.get_session(session.id).charge.is_disputed
    with pytest.raises(StripeRefused) as refused:
        gateway.create_refund(
            payment_intent=session.payment_intent, amount_minor=1, refund_id="9", idempotency_key="refund:9"
        )
    assert refused.value.code == "charge_disputed"
    assert desk.close_dispute(dispute["id"], won=won)["status"] == status
    assert letterbox.types() == ["charge.dispute.created", "charge.dispute.funds_withdrawn", *last]
    assert {event.object["payment_intent"] for event in letterbox.events()} == {session.payment_intent}


def test_a_bank_may_warn_early(paid, desk, letterbox):
    session = paid(letterbox)
    desk.warn(session.payment_intent)
    (event,) = letterbox.events()
    assert (event.type, event.object["charge"]) == ("radar.early_fraud_warning.created", session.charge.id)
