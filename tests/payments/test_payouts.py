"""Payouts of the stand-in in Stripe's shapes, read through the gateway: they add up whatever happened before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.core import clock
from shop.payments.asking import LineParams
from shop.payments.errors import StripeRefused
from shop.payments.reconciling import sums_of
from shop.payments.standin.envelope import ApiError
from tests.payments import wiring
from tests.payments.shapes import faults
from tests.payments.wiring import an_attempt, press


@pytest.fixture
def paid(standin, gateway):
    session = gateway.create_session(attempt=an_attempt(), idempotency_key="checkout:7")
    press(standin, session, "pay")
    return gateway.get_session(session.id)


def test_a_payout_is_what_was_paid_less_fees_and_refunds(paid, gateway, desk, letterbox):
    gateway.create_refund(payment_intent=paid.payment_intent, amount_minor=5995, refund_id="1", idempotency_key="refund:1")
    sent = desk.pay_out()
    payout, moves = gateway.get_payout(sent["id"]), gateway.list_moves(sent["id"])
    sums = sums_of(moves)
    assert (sums.gross_minor, sums.refunds_minor, sums.fees_minor) == (65995, 5995, 1010)
    assert sums.bank_minor == payout.amount_minor == 65995 - 5995 - 1010
    assert [move.kind for move in moves] == ["charge", "refund"]
    assert {move.payment_intent for move in moves} == {paid.payment_intent}
    assert letterbox.types()[-1] == "payout.paid"


def test_what_was_sent_is_not_sent_again(paid, gateway, desk):
    first = desk.pay_out()
    with pytest.raises(ApiError):
        desk.pay_out()
    desk.fail_payout(first["id"])
    second = desk.pay_out()
    assert second["amount"] == first["amount"]
    assert [move.kind for move in gateway.list_moves(second["id"])] == ["other"]
    assert gateway.get_payout(first["id"]).status == "failed"
    assert [one.id for one in gateway.list_payouts(clock.now() - timedelta(hours=1))] == [first["id"], second["id"]]
    assert gateway.list_payouts(clock.now() + timedelta(hours=1)) == []


def test_payouts_and_entries_look_as_the_sdk_declares(paid, gateway, desk):
    desk.close_dispute(desk.open_dispute(paid.payment_intent)["id"], won=True)
    desk.fail_payout(desk.pay_out()["id"])
    for kind, cls in (("payout", stripe.Payout), ("balance_transaction", stripe.BalanceTransaction)):
        assert [fault for one in desk.all(kind) for fault in faults(one, cls, kind)] == []


@pytest.mark.parametrize("number", ["po_nothing", "../charges", "", "po_"])
def test_a_payout_that_is_not_there_is_refused(gateway, number):
    with pytest.raises(StripeRefused):
        gateway.get_payout(number)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "slow", "refund", "refund back", "dispute", "win", "lose", "payout", "payout back"]),
        st.integers(0, 7),
        st.integers(30, 90_000),
    ),
    max_size=14,
)


@given(ACTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_gross_less_fees_refunds_and_disputes_is_the_line_at_the_bank(acts):
    with TemporaryDirectory() as folder:
        standin = wiring.make_standin(Path(folder))
        gateway, desk = wiring.gateway_to(standin), wiring.desk_of(standin)
        for number, act in enumerate(acts):
            try:
                _do(standin, gateway, desk, number, *act)
            except (ApiError, StripeRefused, IndexError):
                continue  # what a bank or Stripe refuses is one of the things that happen
        payouts = desk.all("payout")
        for payout in payouts:
            moves = gateway.list_moves(payout["id"])
            sums = sums_of(moves)
            assert sums.bank_minor == payout["amount"] == sum(move.net_minor for move in moves)
        waiting = desk.all("balance_transaction")
        assert sum(one["net"] for one in waiting if one["type"] != "payout") == sum(
            payout["amount"] for payout in payouts
        ) + _left(standin)


def _left(standin) -> int:
    with standin.config["STORE"].unit() as unit:
        return sum(one["net"] for one in unit.all("balance_transaction") if "_payout" not in one)


def _do(standin, gateway, desk, number, act, which, amount):
    if act in ("pay", "slow"):
        attempt = an_attempt(attempt_id=str(number), lines=(LineParams("Serum", amount),), delivery=None)
        session = gateway.create_session(attempt=attempt, idempotency_key=f"checkout:{number}")
        press(standin, session, act)
        if act == "slow":
            desk.settle_slow(session.id, ok=amount % 3 > 0)
    elif act == "payout":
        desk.pay_out()
    elif act == "payout back":
        desk.fail_payout(desk.all("payout")[-1]["id"])
    elif act == "refund":
        desk.refund_in_dashboard(_nth(desk, "payment_intent", which), amount=amount)
    elif act == "refund back":
        desk.settle_refund(_nth(desk, "refund", which), ok=False)
    elif act == "dispute":
        desk.open_dispute(_nth(desk, "payment_intent", which))
    else:
        desk.close_dispute(_nth(desk, "dispute", which), won=act == "win")


def _nth(desk, kind, which) -> str:
    found = desk.all(kind)
    return found[which % len(found)]["id"] if found else "none_1"
