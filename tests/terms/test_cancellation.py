from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.errors import Refused
from shop.core.money import vat_inside
from shop.core.units import Part, units, upgrade
from shop.terms.cancellation import cancel
from shop.terms.contracts import Facts, Item
from shop.terms.jurisdictions import JURISDICTIONS, law_of

BOUGHT = date(2026, 6, 1)


def sessions(price=54000, count=6, used=0, **options):
    shares = units(price, vat_inside(price, 20), count, charge="line:1")
    return Item(**{"key": "sessions", "kind": "sessions", "what": "Hair", "units": shares, "used": used, **options})


def goods(price, key="goods", state="sealed", count=1, **options):
    shares = units(price, vat_inside(price, 20), count, charge=f"line:{key}")
    return Item(key=key, kind="goods", what=key, units=shares, state=state, **options)


def delivery(price=395, **options):
    shares = units(price, vat_inside(price, 20), 1, charge="line:delivery")
    return Item(key="delivery", kind="delivery", what="Delivery", units=shares, **options)


def facts(days=10, jurisdiction="uk", *, asked=True, **options):
    law = law_of(jurisdiction, on=BOUGHT)
    return Facts(
        law=law, bought_on=BOUGHT, cancelled_on=BOUGHT + timedelta(days=days), has_express_request=asked, **options
    )  # fmt: skip


def refund(items, about):
    return cancel(items, about).refund_minor


def box(used=2, state="sealed"):
    return [sessions(52800, used=used), goods(2400, "SPF", state), goods(4800, "Serum", state)]


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


def test_a_mixed_box_with_sealed_goods_pays_back_424_and_with_opened_ones_352():
    assert refund(box(), facts()) == 42400
    outcome = cancel(box(state="opened"), facts())
    assert outcome.refund_minor == 35200
    assert outcome.said[1].why == "Opened after delivery; it was sealed for hygiene."


def test_goods_in_transit_are_paid_back_and_keep_the_window_open():
    outcome = cancel(box(state="in transit"), facts(days=40))
    assert outcome.refund_minor == 42400
    assert outcome.window.last_day is None


def test_goods_that_arrived_later_lengthen_the_window_for_the_sessions():
    items = [sessions(used=2), goods(2400, delivered_on=date(2026, 6, 9))]
    assert refund(items, facts(days=22, asked=False)) == 54000 + 2400
    assert refund(items, facts(days=23, asked=False)) == 36000


def test_after_the_window_goods_and_delivery_stay_paid():
    outcome = cancel([sessions(used=2), goods(2400), delivery()], facts(days=15))
    assert outcome.refund_minor == 36000
    assert outcome.said[1].why == "It could be sent back until Monday 15 June 2026."


def test_opened_goods_can_come_back_when_nobody_spoke_of_the_seal_or_there_is_none():
    assert refund([goods(2400, state="opened")], facts(is_notice_missing=True)) == 2400
    assert refund([goods(2400, state="opened", is_hygienic=False)], facts()) == 2400


def test_delivery_is_paid_back_only_when_all_goods_come_back():
    assert refund([goods(2400, "a"), goods(4800, "b"), delivery()], facts()) == 2400 + 4800 + 395
    assert refund([goods(2400, "a"), goods(4800, "b", "opened"), delivery()], facts()) == 2400
    assert refund([goods(2400, "a"), goods(4800, "b", is_kept=True), delivery()], facts()) == 2400
    assert refund([sessions(), delivery()], facts()) == 54000


def test_goods_paid_back_before_count_as_come_back_but_are_not_paid_twice():
    outcome = cancel([goods(2400, "a"), replace(goods(4800, "b"), units=(), state="returned"), delivery()], facts())
    assert outcome.refund_minor == 2400 + 395
    assert outcome.said[1].why == "Paid back before."


def test_of_a_dear_delivery_the_standard_one_is_paid_back():
    assert refund([goods(2400), delivery(1200, standard_minor=395)], facts()) == 2400 + 395


def test_a_client_may_keep_the_goods_and_give_back_the_sessions_or_the_other_way_round():
    keeps_goods = cancel([sessions(used=1), goods(2400, is_kept=True)], facts())
    assert keeps_goods.refund_minor == 45000
    assert len(keeps_goods.said) == 1
    assert refund([sessions(used=1, is_kept=True), goods(2400)], facts(asked=False)) == 2400
    assert cancel([sessions(used=1, is_kept=True), goods(2400)], facts(asked=False)).rule == "uk-reg-36-4-pro-rata"


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


@st.composite
def baskets(draw):
    items = []
    for number in range(draw(st.integers(1, 4))):
        price, count = draw(st.integers(0, 90_000)), draw(st.integers(1, 8))
        shares = units(price, vat_inside(price, draw(st.sampled_from([0, 5, 20]))), count, charge=f"line:{number}")
        kind = draw(st.sampled_from(["sessions", "sessions", "goods", "delivery"]))
        items.append(
            Item(
                key=str(number),
                kind=kind,
                what=f"thing {number}",
                units=shares,
                used=draw(st.integers(0, count)) if kind == "sessions" else 0,
                state=draw(st.sampled_from(["sealed", "opened", "in transit"])),
                is_kept=draw(st.booleans()) and draw(st.booleans()),
                single_minor=draw(st.none() | st.integers(0, 20_000)),
                standard_minor=draw(st.none() | st.integers(0, 2_000)),
            )
        )
    return items


@given(
    baskets(),
    st.sampled_from(JURISDICTIONS),
    st.integers(0, 500),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["pro-rata", "list-price"]),
)
def test_no_cancellation_pays_back_less_than_nothing_or_more_than_was_paid(items, law, days, asked, untold, late):
    outcome = cancel(items, facts(days, law, asked=asked, is_notice_missing=untold, late=late))

    assert 0 <= outcome.refund_minor <= outcome.paid_minor
    assert outcome.refund_minor + outcome.kept_minor == sum(item.paid_minor for item in items)
    assert sum(line.minor for line in outcome.said) == outcome.refund_minor
    for item, back in zip(items, outcome.items, strict=True):
        whole = Part("", item.paid_minor, sum(unit.vat_minor for unit in item.units))
        assert 0 <= back.minor <= whole.gross_minor
        assert 0 <= back.vat_minor <= whole.vat_minor
        assert back.vat_minor == whole.vat_minor or back.minor < whole.gross_minor or not whole.gross_minor
        assert sum(line.minor for line in back.said) == back.minor


@given(st.integers(0, 90_000), st.integers(1, 12), st.data())
def test_pro_rata_adds_up_the_stored_shares_of_the_sessions_not_used(price, count, data):
    used = data.draw(st.integers(0, count))
    item = sessions(price, count, used)
    outcome = cancel([item], facts())
    assert outcome.refund_minor == sum(unit.gross_minor for unit in item.units[used:])
    assert outcome.vat_minor == sum(unit.vat_minor for unit in item.units[used:])


@given(st.integers(0, 90_000), st.integers(1, 12), st.sampled_from(JURISDICTIONS))
def test_using_one_session_more_never_raises_the_refund(price, count, law):
    due = [refund([sessions(price, count, used)], facts(5, law)) for used in range(count + 1)]
    assert due == sorted(due, reverse=True)
    assert (due[0], due[-1]) == (price, 0)


def test_one_line_was_asked_for_early_and_another_was_not():
    asked = sessions(used=1, is_requested=True)
    unasked = replace(sessions(used=1, is_requested=False), key="other")
    outcome = cancel([asked, unasked], facts(asked=False))
    assert [item.minor for item in outcome.items] == [45000, 54000]
    assert outcome.rule == "uk-reg-36-6-nothing-owed"
    assert refund([asked], facts(asked=False)) == 45000


def test_goods_that_have_not_left_are_paid_back_and_keep_the_window_open():
    outcome = cancel([sessions(used=2), goods(2400, state="here"), delivery()], facts(days=40))
    assert outcome.refund_minor == 36000 + 2400 + 395
    assert outcome.said[1].why == "It has not left us."
    assert outcome.window.last_day is None
