"""A package becomes a larger one, or another treatment; what was paid stays named, to the penny."""

from __future__ import annotations

import pytest

from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.units import Part, by_charge
from shop.wallet import exchanging, moving, periods
from shop.wallet.checking import differences
from shop.wallet.exchanging import Target, exchange, quote_swap, quote_upgrade
from tests.wallet.credits import a_credit, counters

SIX = Target(
    package_id=None,
    treatment_id=None,
    name="6 sessions",
    statement_name="Skin sessions (6)",
    sessions=6,
    price_minor=54000,
    vat_percent="20",
    validity_days=365,
    gaps=[[7, 14]] * 5,
)
FACTS = {"charge": "order-line:99", "order_number": "AG-99", "cause": "order-line:99:0", "by": "checkout"}


def three_with_one_used(**given):
    credit = a_credit(sessions=3, price_minor=29700, charge="order-line:1", **given)
    moving.book(credit.id, cause="visit:1", by="client")
    moving.redeem(credit.id, cause="visit:1:done", by="user:9")
    db.session.commit()
    return credit


def test_three_for_297_with_one_used_become_six_for_540_for_243_more(app, clock):
    old = three_with_one_used()
    assert quote_upgrade(old, SIX).pay_minor == 24300

    new = exchange(old.id, "upgrade", SIX, paid_minor=24300, **FACTS).credit
    db.session.commit()

    assert counters(old) == (0, 0, 1, 0)
    assert counters(new) == (5, 0, 0, 0)
    shares = moving.units_of(new)
    assert [unit.gross_minor for unit in shares] == [8820] * 5
    assert [unit.net_minor for unit in shares] == [7350] * 5
    assert by_charge(shares) == [Part("order-line:99", 24300, 4050), Part("order-line:1", 19800, 3300)]
    assert new.order_number == "AG-99"
    assert differences() == []


def test_the_upgrade_of_one_order_line_happens_once_however_often_it_is_said(app, clock):
    old = three_with_one_used()
    first = exchange(old.id, "upgrade", SIX, paid_minor=24300, **FACTS).credit
    again = exchange(old.id, "upgrade", SIX, paid_minor=24300, **FACTS).credit
    assert again.id == first.id


def test_a_session_booked_while_the_upgrade_was_paid_stays_booked_and_the_price_holds(app, clock):
    old = three_with_one_used()
    moving.book(old.id, cause="visit:2", by="client")
    new = exchange(old.id, "upgrade", SIX, paid_minor=24300, **FACTS).credit
    db.session.commit()
    assert counters(old) == (0, 1, 1, 0)
    assert counters(new) == (4, 0, 0, 0)
    assert differences() == []


def test_an_upgrade_paid_at_a_price_that_is_gone_changes_nothing(app, clock):
    old = three_with_one_used()
    with pytest.raises(Conflict):
        exchange(old.id, "upgrade", SIX, paid_minor=24299, **FACTS)
    db.session.rollback()
    assert counters(old) == (2, 0, 1, 0)


def test_paused_sessions_are_not_turned_into_others(app, clock):
    old = three_with_one_used()
    periods.freeze(old.id, cause="pause", by="client:1", reason="asked for")
    with pytest.raises(Conflict):
        exchange(old.id, "upgrade", SIX, paid_minor=24300, **FACTS)


def test_a_smaller_package_is_no_upgrade(app, clock):
    with pytest.raises(Refused):
        quote_upgrade(a_credit(sessions=6), SIX)


def test_the_time_of_an_upgrade_runs_anew_and_never_ends_earlier(app, clock):
    old = three_with_one_used(days=900)
    ends = old.expires_on
    assert exchange(old.id, "upgrade", SIX, paid_minor=24300, **FACTS).credit.expires_on == ends


def test_a_cheaper_treatment_gives_the_difference_back_newest_charge_first(app, clock):
    old = three_with_one_used()
    bigger = exchange(old.id, "upgrade", SIX, paid_minor=24300, **FACTS).credit
    other = exchanging.Target(**{**SIX.__dict__, "sessions": 4, "price_minor": 30000, "name": "4 others"})
    assert quote_swap(bigger, other).pay_minor == 0

    facts = {**FACTS, "cause": "swap:1", "charge": "swap:1", "by": "user:9", "order_number": None}
    done = exchange(bigger.id, "swap", other, paid_minor=0, **facts)
    db.session.commit()

    assert done.back == (Part("order-line:99", 14100, 2350),)
    assert sum(unit.gross_minor for unit in moving.units_of(done.credit)) == 30000
    assert counters(bigger) == (0, 0, 0, 0)
    assert done.credit.order_number == "AG-99"
    assert differences() == []


def test_a_dearer_treatment_costs_what_is_missing(app, clock):
    old = three_with_one_used()
    dearer = Target(**{**SIX.__dict__, "sessions": 2, "price_minor": 25000})
    assert quote_swap(old, dearer).pay_minor == 5200
