"""Refunds and events through the gateway."""

from datetime import timedelta

import pytest
import stripe

from shop.core import clock
from shop.payments.errors import StripeRefused
from tests.payments import wiring
from tests.payments.gateway_paid import paid

# Refunds


def test_refunds_go_back_in_parts_and_never_above_the_charge(gateway, standin):
    intent = paid(gateway, standin).payment_intent

    first = gateway.create_refund(payment_intent=intent, amount_minor=10000, refund_id="1", idempotency_key="refund:1")
    gateway.create_refund(payment_intent=intent, amount_minor=55995, refund_id="2", idempotency_key="refund:2")

    assert (first.status, first.amount_minor, first.currency, first.refund_id) == ("succeeded", 10000, "GBP", "1")
    with pytest.raises(StripeRefused):
        gateway.create_refund(payment_intent=intent, amount_minor=1, refund_id="3", idempotency_key="refund:3")
    assert [refund.refund_id for refund in gateway.list_refunds(intent)] == ["1", "2"]
    assert gateway.get_refund(first.id) == first


@pytest.mark.parametrize("amount", [0, -1, 65996])
def test_a_refund_of_nothing_or_too_much_is_refused(gateway, standin, amount):
    intent = paid(gateway, standin).payment_intent
    with pytest.raises(StripeRefused):
        gateway.create_refund(payment_intent=intent, amount_minor=amount, refund_id="1", idempotency_key="refund:1")
    assert gateway.list_refunds(intent) == []


def test_a_refund_asked_for_twice_goes_back_once(gateway, standin):
    intent = paid(gateway, standin).payment_intent
    asked = {"payment_intent": intent, "amount_minor": 500, "refund_id": "1", "idempotency_key": "refund:1"}

    assert gateway.create_refund(**asked) == gateway.create_refund(**asked)
    assert len(gateway.list_refunds(intent)) == 1


def test_a_refund_made_in_the_dashboard_has_no_number_of_ours(gateway, standin, desk):
    intent = paid(gateway, standin).payment_intent
    desk.refund_in_dashboard(intent, amount=700)
    (refund,) = gateway.list_refunds(intent)
    assert (refund.refund_id, refund.amount_minor) == (None, 700)


def test_more_refunds_than_one_page_are_all_listed(gateway, standin):
    intent = paid(gateway, standin).payment_intent
    desk = wiring.desk_of(standin)
    for _ in range(103):
        desk.refund_in_dashboard(intent, amount=1)
    refunds = gateway.list_refunds(intent)
    assert len({refund.id for refund in refunds}) == 103


# Events


def test_events_are_listed_oldest_first_and_only_those_asked_for(gateway, standin):
    session = paid(gateway, standin)
    gateway.create_refund(payment_intent=session.payment_intent, amount_minor=1, refund_id="1", idempotency_key="refund:1")

    events = gateway.list_events(clock.now() - timedelta(hours=1), ["refund.created", "checkout.session.completed"])

    assert [event.type for event in events] == ["checkout.session.completed", "refund.created"]
    assert events[0].object_id == session.id
    assert events[0].api_version == stripe.api_version
    assert gateway.list_events(clock.now() + timedelta(hours=1), ["refund.created"]) == []
