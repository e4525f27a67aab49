"""An upgrade or a swap splits anew what is left, and a refund pays the newest charge first."""

from __future__ import annotations

import pytest

from shop.core.errors import Refused
from shop.core.units import Part, by_charge, exchange, pack, units, unpack, upgrade, worth


def test_an_upgrade_from_three_to_six_costs_the_difference_and_re_splits_what_is_left():
    three = units(29700, 4950, 3, charge="order-line:1")
    done = upgrade(three[1:], three[:1], to_sessions=6, to_price_minor=54000, vat_percent=20, charge="order-line:2")

    assert done.pay_minor == 24300
    assert done.back == ()
    assert [(unit.gross_minor, unit.net_minor) for unit in done.units] == [(8820, 7350)] * 5
    assert worth(done.units) == Part("", 44100, 7350)


@pytest.mark.parametrize(
    ("sessions", "parts"),
    [
        (1, [Part("order-line:2", 8820, 1470)]),
        (3, [Part("order-line:2", 24300, 4050), Part("order-line:1", 2160, 360)]),
        (5, [Part("order-line:2", 24300, 4050), Part("order-line:1", 19800, 3300)]),
    ],
)
def test_a_refund_after_an_upgrade_pays_the_newest_charge_first_and_each_within_itself(sessions, parts):
    three = units(29700, 4950, 3, charge="order-line:1")
    done = upgrade(three[1:], three[:1], to_sessions=6, to_price_minor=54000, vat_percent=20, charge="order-line:2")
    assert by_charge(done.units[-sessions:]) == parts


def test_an_upgrade_to_fewer_sessions_than_were_used_is_refused():
    three = units(29700, 4950, 3, charge="order-line:1")
    with pytest.raises(Refused):
        upgrade([], three, to_sessions=3, to_price_minor=54000, vat_percent=20, charge="order-line:2")


def test_a_swap_to_a_cheaper_treatment_gives_the_difference_back_newest_charge_first():
    left = (*units(10000, 1667, 1, charge="old"), *units(5000, 833, 1, charge="new"))
    done = exchange(left, sessions=2, worth_minor=8000, vat_percent=20, charge="swap")

    assert done.pay_minor == 0
    assert done.back == (Part("new", 5000, 833), Part("old", 2000, 333))
    assert worth(done.units) == Part("", 8000, 1334)


def test_a_session_given_away_is_worth_nothing_and_can_still_be_exchanged():
    gift = units(0, 0, 2, charge="goodwill:1")
    assert worth(gift) == Part("", 0, 0)
    done = exchange(gift, sessions=2, worth_minor=0, vat_percent=20, charge="swap")
    assert [unit.net_minor for unit in done.units] == [0, 0]
    assert done.units[0].parts == ()


def test_shares_survive_storage():
    shares = units(10000, 1667, 3, charge="order-line:1")
    assert unpack(pack(shares)) == shares
    assert shares[0].parts[0].net_minor == 3334 - 556
