"""Any sequence of acts on real rows: counters stay what the moves add up to, money is never made or lost, and it ends at zero."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from shop.core import clock as now
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.ledger import Move
from shop.core.liability import COLUMNS
from shop.wallet import checking, exchanging, giving, moving, periods, reserving
from shop.wallet.exchanging import Target
from shop.wallet.models import Credit, CreditMove
from tests.support.factories import make_client
from tests.wallet.credits import a_credit

_causes = count(1)
HERE = {"free", "held", "used", "reserved"}


class Wallets(RuleBasedStateMachine):
    """One client, a friend, and the credits that come out of one purchase. `traveller` moves the clock."""

    traveller: Any = None

    @initialize(price=st.integers(0, 90_000), sessions=st.integers(1, 6))
    def buy(self, price, sessions):
        db.session.rollback()
        self.owner, self.friend = make_client(user=None), make_client(user=None)
        first = a_credit(self.owner, sessions=sessions, price_minor=price, days=200)
        self.ids, self.paid, self.asked = [first.id], price, []

    def act(self, pick, do):
        """A refused act leaves no trace."""
        self.credit_id = self.ids[pick % len(self.ids)]
        try:
            made = do(self.credit_id, f"act:{next(_causes)}")
        except ShopError:
            db.session.rollback()
            return None
        db.session.commit()
        return made

    @rule(pick=st.integers(0, 20), kind=st.sampled_from(["book", "book", "release", "redeem", "no_show", "reverse"]))
    def visit(self, pick, kind):
        self.act(pick, lambda c, cause: moving.move(c, kind, cause=cause, by="desk", reason="drill"))

    @rule(pick=st.integers(0, 20), kind=st.sampled_from(["gift", "transfer"]), sessions=st.integers(1, 3))
    def give(self, pick, kind, sessions):
        def do(credit_id, cause):
            to = self.friend if db.session.get_one(Credit, credit_id).client_id == self.owner.id else self.owner
            facts = {"sessions": sessions, "to_client_id": to.id, "cause": cause, "by": "client:1", "kind": kind}
            return giving.give(credit_id, **facts).id

        made = self.act(pick, do)
        self.ids += [made] if made else []

    @rule(pick=st.integers(0, 20), kind=st.sampled_from(["upgrade", "swap"]), sessions=st.integers(1, 9),
          price=st.integers(0, 120_000))  # fmt: skip
    def exchange(self, pick, kind, sessions, price):
        target = Target(package_id=None, treatment_id=None, name="other", statement_name="other", sessions=sessions,
                        price_minor=price, vat_percent="20", validity_days=200)  # fmt: skip

        def do(credit_id, cause):
            quote = exchanging.quote_upgrade if kind == "upgrade" else exchanging.quote_swap
            pay = quote(db.session.get_one(Credit, credit_id), target).pay_minor
            facts = {"charge": cause, "order_number": None, "cause": cause, "by": "desk"}
            done = exchanging.exchange(credit_id, kind, target, paid_minor=pay, **facts)
            return done.credit.id, pay - sum(part.gross_minor for part in done.back)

        made = self.act(pick, do)
        if made:
            self.ids.append(made[0])
            self.paid += made[1]

    @rule(pick=st.integers(0, 20))
    def set_aside(self, pick):
        def do(credit_id, cause):
            reserving.set_aside([credit_id], cause=cause, by="desk")
            return credit_id, cause

        made = self.act(pick, do)
        self.asked += [made] if made else []

    @rule(pick=st.integers(0, 20), goes=st.booleans())
    def end_a_refund(self, pick, goes):
        if self.asked:
            credit_id, cause = self.asked.pop(pick % len(self.asked))
            end = reserving.take_out if goes else reserving.put_back
            for _ in range(2):
                end([credit_id], cause=cause, by="desk")
            db.session.commit()

    @rule(pick=st.integers(0, 20), days=st.integers(1, 90))
    def extend(self, pick, days):
        self.act(pick, lambda c, cause: periods.extend(c, days=days, cause=cause, by="user:9", reason="drill"))

    @rule(pick=st.integers(0, 20), ends=st.booleans())
    def pause(self, pick, ends):
        def do(credit_id, cause):
            if ends:
                periods.unfreeze(credit_id, cause=cause, by="client:1")
            else:
                periods.freeze(credit_id, cause=cause, by="client:1", reason="asked for")

        self.act(pick, do)

    @rule(days=st.integers(1, 120))
    def time_passes(self, days):
        db.session.commit()
        self.traveller.shift(timedelta(days=days))
        periods.expire_due()
        db.session.commit()

    @invariant()
    def counters_shares_and_dates_are_what_the_moves_say(self):
        assert checking.differences() == []
        db.session.rollback()

    @invariant()
    def every_penny_paid_is_somewhere(self):
        """In a wallet, used, expired or paid back: never more, never less."""
        rows = db.session.scalars(select(CreditMove).where(CreditMove.credit_id.in_(self.ids))).all()
        moves = [moving.as_move(row) for row in rows]
        assert owed(moves) + gone(moves) == self.paid
        assert all(move.gross_minor >= 0 for move in moves)
        db.session.rollback()

    def teardown(self):
        """Everything ends: paid back where it can be, else expired."""
        for credit_id, cause in self.asked:
            reserving.take_out([credit_id], cause=cause, by="desk")
        for number, credit_id in enumerate(self.ids):
            for n in range(moving.balance_of(credit_id).booked):
                moving.release(credit_id, cause=f"end:{next(_causes)}:{n}", by="desk")
            reserving.set_aside([credit_id], cause=f"end:{credit_id}:{number}", by="desk")
            reserving.take_out([credit_id], cause=f"end:{credit_id}:{number}", by="desk")
        db.session.commit()
        rows = db.session.scalars(select(CreditMove).where(CreditMove.credit_id.in_(self.ids))).all()
        moves = [moving.as_move(row) for row in rows]
        assert owed(moves) == 0
        assert gone(moves) == self.paid
        assert checking.differences() == []
        db.session.rollback()
        self.traveller.move_to("2026-03-02T09:30:00Z")
        assert now.today().year == 2026


def owed(moves: list[Move]) -> int:
    """Gross: what came in less what left, by the report's own signs."""
    total = 0
    for move in moves:
        column, sign = COLUMNS.get(move.kind, ("", 0))
        total += sign * move.gross_minor * (1 if column in ("sold", "moved_in") else -1)
    return total


def gone(moves: list[Move]) -> int:
    ends = [move for move in moves if COLUMNS.get(move.kind, ("", 0))[0] in ("redeemed", "refunded", "expired")]
    return sum(COLUMNS[move.kind][1] * move.gross_minor for move in ends)


FAST = settings(max_examples=12, stateful_step_count=25, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=80, stateful_step_count=50, suppress_health_check=list(HealthCheck))


def test_any_short_sequence_keeps_every_penny(app, clock):
    Wallets.traveller = clock
    run_state_machine_as_test(Wallets, settings=FAST)


@pytest.mark.slow
def test_any_long_sequence_keeps_every_penny(app, clock):
    Wallets.traveller = clock
    run_state_machine_as_test(Wallets, settings=LONG)
