"""Sessions paid before this shop was there are owed from the first day on, and no card here paid for them."""

from __future__ import annotations

from datetime import date

import pytest

from shop.core.db import db
from shop.core.errors import Refused
from shop.wallet import moving
from shop.wallet.checking import differences
from shop.wallet.moving_in import bring_in, is_brought
from tests.support.factories import make_client
from tests.wallet.credits import counters

FACTS = {
    "name": "6 sessions",
    "statement_name": "Skin sessions (6)",
    "sessions": 6,
    "left": 4,
    "each_minor": 9000,
    "vat_percent": "20",
    "currency": "GBP",
    "bought_on": date(2025, 11, 1),
    "expires_on": date(2026, 11, 1),
    "cause": "brought:17",
    "by": "user:1",
}


def test_four_of_six_left_at_90_open_the_books_with_300_net(app, clock):
    client = make_client()
    credit = bring_in(client.id, **FACTS)
    again = bring_in(client.id, **FACTS)
    db.session.commit()
    assert again.id == credit.id
    assert counters(credit) == (4, 0, 0, 0)
    [arrival] = moving.moves_of(credit.id)
    assert (arrival.kind, arrival.gross_minor, arrival.net_minor) == ("receive", 36000, 30000)
    assert all(is_brought(part) for unit in moving.units_of(credit) for part in unit.parts)
    assert differences() == []


def test_sessions_given_by_the_clinic_are_worth_nothing(app, clock):
    credit = bring_in(make_client().id, **FACTS | {"each_minor": 0})
    db.session.commit()
    assert moving.moves_of(credit.id)[0].gross_minor == 0
    assert differences() == []


@pytest.mark.parametrize("wrong", [{"left": 0}, {"left": 7}, {"each_minor": -1}])
def test_what_cannot_be_is_refused(app, clock, wrong):
    with pytest.raises(Refused):
        bring_in(make_client().id, **FACTS | wrong)
