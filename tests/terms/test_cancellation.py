"""What sessions pay back: by law within the days of withdrawal, by the clinic's terms after them, and in Quebec."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shop.core.errors import Refused
from shop.core.units import Part, units, upgrade
from shop.terms.cancellation import cancel
from shop.terms.contracts import Item
from tests.terms.contracts_at_hand import facts, refund, sessions


@pytest.mark.parametrize("jurisdiction", ["uk", "eu"])
def test_two_of_six_used_on_request_within_14_days_pay_back_360(jurisdiction):
    outcome = cancel([sessions(used=2)], facts(jurisdiction=jurisdiction))
    assert (outcome.refund_minor, outcome.vat_minor, outcome.kept_minor) == (36000, 6000, 18000)
    assert outcome.said[0].why == "£540.00 × 4/6 = £360.00."
    assert outcome.rule.endswith("pro-rata")
    assert outcome.items[0].sessions == 4


@pytest.mark.parametrize("jurisdiction", ["uk", "eu"])
def test_without_the_express_request_the_same_pays_back_540(jurisdiction):
    outcome = cancel([sessions(used=2)], facts(jurisdiction=jurisdiction, asked=False))
    assert (outcome.refund_minor, outcome.vat_minor) == (54000, 9000)
    assert outcome.rule.endswith("nothing-owed")
    assert outcome.items[0].sessions == 4
    assert "did not ask us to start" in outcome.said[0].why


def test_without_the_notice_nothing_is_owed_for_a_year():
    about = facts(days=300, is_notice_missing=True)
    outcome = cancel([sessions(used=5)], about)
    assert outcome.refund_minor == 54000
    assert (
        outcome.said[0].why
        == "You were not told of your right to cancel, so nothing is owed for the 5 sessions you have had."
    )
    assert refund([sessions(used=5)], facts(days=380, is_notice_missing=True)) == 9000


@pytest.mark.parametrize(("used", "due"), list(enumerate([54000, 45000, 36000, 27000, 18000, 9000, 0])))
@pytest.mark.parametrize("days", [10, 200])
def test_pro_rata_pays_back_a_share_for_each_session_not_used(used, due, days):
    assert refund([sessions(used=used)], facts(days=days)) == due


@pytest.mark.parametrize(("used", "due"), list(enumerate([54000, 43000, 32000, 21000, 10000, 0, 0])))
def test_list_price_terms_count_only_after_the_window_and_stop_at_zero(used, due):
    item = sessions(used=used, single_minor=11000)
    outcome = cancel([item], facts(days=15, late="list-price"))
    assert outcome.refund_minor == due
    assert outcome.rule == "clinic-list-price"
    assert outcome.version == "clinic-2026-11"
    assert refund([item], facts(days=14, late="list-price")) == 54000 - used * 9000


def test_list_price_terms_say_what_they_take():
    item = sessions(used=2, single_minor=11000)
    assert cancel([item], facts(days=15, late="list-price")).said[0].why == (
        "The time to withdraw is over. By the terms shown before you bought, £540.00 less "
        "2 × £110.00, the price of a single session, is paid back."
    )
    nothing = replace(item, used=5)
    assert cancel([nothing], facts(days=15, late="list-price")).said[0].why.endswith("leaves nothing.")


def test_list_price_terms_without_a_single_price_fall_back_to_the_share():
    assert refund([sessions(used=2)], facts(days=15, late="list-price")) == 36000


def test_a_single_price_below_the_share_never_pays_more_than_was_paid():
    outcome = cancel([sessions(used=3, single_minor=0)], facts(days=15, late="list-price"))
    assert (outcome.refund_minor, outcome.vat_minor) == (54000, 9000)


def test_odd_pennies_lie_with_the_sessions_used_first():
    outcome = cancel([sessions(10000, 3, used=1)], facts())
    assert outcome.refund_minor == 6666
    assert outcome.said[0].why == "£100.00 less £33.34 for the 1 session used = £66.66."


def test_quebec_keeps_the_sessions_done_and_the_lower_of_50_dollars_and_a_tenth():
    about = facts(200, "quebec", currency="CAD")
    outcome = cancel([sessions(80000, 8, used=1)], about)
    assert outcome.refund_minor == 65000
    assert [line.minor for line in outcome.said] == [70000, -5000]
    assert refund([sessions(80000, 8)], about) == 80000
    assert refund([sessions(80000, 8, used=6)], about) == 18000
    assert refund([sessions(80000, 8, used=8)], about) == 0


def test_the_fee_is_taken_once_for_the_whole_contract():
    two = [sessions(80000, 8, used=1), replace(sessions(80000, 8), key="other")]
    assert refund(two, facts(200, "quebec")) == 70000 + 80000 - 5000


def test_a_fee_larger_than_one_line_goes_on_to_the_next():
    two = [sessions(3000, 3, used=2), replace(sessions(80000, 8), key="other")]
    outcome = cancel(two, facts(200, "quebec"))
    assert [item.minor for item in outcome.items] == [0, 76000]


def test_the_clinics_own_terms_keep_what_was_used_even_without_a_request():
    assert refund([sessions(used=2)], facts(5, "clinic", asked=False)) == 36000


def test_a_refund_after_an_upgrade_pays_the_newest_charge_first():
    three = units(29700, 4950, 3, charge="line:1")
    done = upgrade(three[1:], three[:1], to_sessions=6, to_price_minor=54000, vat_percent=20, charge="line:2")
    item = Item(key="s", kind="sessions", what="Hair", units=done.units, used=2)
    assert cancel([item], facts(days=40)).items[0].parts == (Part("line:2", 24300, 4050), Part("line:1", 2160, 360))


def test_no_order_is_cancelled_before_it_was_placed():
    with pytest.raises(Refused):
        facts(days=-1)


@pytest.mark.parametrize(
    "wrong", [{"used": 7}, {"used": -1}, {"kind": "cake"}, {"state": "eaten"}]
)  # fmt: skip
def test_an_item_that_cannot_be_is_refused(wrong):
    with pytest.raises(Refused):
        replace(sessions(), **wrong)


def test_terms_that_are_none_are_refused():
    with pytest.raises(Refused):
        facts(late="never")


def test_one_line_was_asked_for_early_and_another_was_not():
    asked = sessions(used=1, is_requested=True)
    unasked = replace(sessions(used=1, is_requested=False), key="other")
    outcome = cancel([asked, unasked], facts(asked=False))
    assert [item.minor for item in outcome.items] == [45000, 54000]
    assert outcome.rule == "uk-reg-36-6-nothing-owed"
    assert refund([asked], facts(asked=False)) == 45000
