from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.errors import Refused
from shop.core.money import vat_inside
from shop.terms.discounts import Code
from shop.terms.pricing import LINE_KINDS, Wanted, price, vat_by_rate, with_delivery

SESSIONS = Wanted(key="p", kind="package", what="Six sessions", list_minor=66000, units=6, slug="meso-hair-6")
SPF = Wanted(key="s", kind="variant", what="SPF 50", list_minor=3000, weight_grams=80, slug="spf")
SERUM = Wanted(key="e", kind="variant", what="Serum", list_minor=6000, weight_grams=60, slug="serum")
BOX = Wanted(key="b", kind="box", what="Hair box", list_minor=60000, parts=(SESSIONS, SPF, SERUM))

kinds = st.sampled_from(["variant", "package", "addon"])
rates = st.sampled_from(["0", "5", "20", "25.5"])
alone = st.builds(
    Wanted,
    key=st.uuids().map(str),
    kind=kinds,
    what=st.just("thing"),
    list_minor=st.integers(0, 100_000),
    quantity=st.integers(1, 4),
    units=st.integers(1, 8),
    vat_percent=rates,
)
boxes = st.builds(
    Wanted,
    key=st.uuids().map(str),
    kind=st.just("box"),
    what=st.just("box"),
    list_minor=st.integers(0, 100_000),
    quantity=st.integers(1, 3),
    parts=st.lists(alone, min_size=1, max_size=4).map(tuple),
)
codes = st.one_of(
    st.builds(Code, name=st.just("SHARE"), percent=st.integers(1, 100).map(str)),
    st.builds(Code, name=st.just("SUM"), amount_minor=st.integers(1, 200_000)),
)


def test_a_box_of_sessions_and_goods_is_shared_by_list_price():
    sessions, spf, serum = price([BOX]).leaves
    assert sessions.unit_gross == (8800,) * 6
    assert (spf.gross_minor, serum.gross_minor) == (2400, 4800)


def test_of_two_boxes_every_part_comes_twice():
    sessions, spf, serum = price([replace(BOX, quantity=2)]).leaves
    assert (sessions.quantity, sessions.units_per_piece, sessions.gross_minor) == (2, 6, 2 * 52800)
    assert (spf.unit_gross, serum.unit_gross) == ((2400, 2400), (4800, 4800))


def test_each_line_bears_its_own_vat_and_a_box_the_sum_of_its_parts():
    food = Wanted(key="f", kind="variant", what="Book", list_minor=1000, vat_percent="0")
    line = price([Wanted(key="b", kind="box", what="Box", list_minor=2200, parts=(SPF, food))]).lines[0]
    assert line.vat_minor == vat_inside(1650, 20)
    assert line.vat_percent == ""
    assert [part.gross_minor for part in line.leaves] == [1650, 550]


def test_six_for_540_holds_450_net_in_six_equal_sessions():
    line = price([Wanted(key="p", kind="package", what="Six", list_minor=54000, units=6)]).lines[0]
    assert (line.gross_minor, line.vat_minor) == (54000, 9000)
    assert line.unit_gross == (9000,) * 6
    assert line.unit_vat == (1500,) * 6


def test_of_two_packages_each_is_split_by_itself():
    line = price([Wanted(key="p", kind="package", what="Three", list_minor=10000, units=3, quantity=2)]).lines[0]
    assert line.unit_gross == (3334, 3333, 3333, 3334, 3333, 3333)
    assert line.units_per_piece == 3
    assert sum(line.unit_vat) == line.vat_minor == 3333


def test_a_share_comes_off_the_lines_it_covers():
    code = Code(name="SKIN10", percent="10", kinds=frozenset({"variant"}))
    priced = price([SPF, SERUM, SESSIONS], codes=[code])
    assert [line.discount_minor for line in priced.lines] == [300, 600, 0]
    assert priced.discounts == (("SKIN10", 900),)
    assert priced.total_minor == 3000 + 6000 + 66000 - 900
    assert priced.list_minor - priced.discount_minor == priced.total_minor


def test_a_second_code_takes_from_what_the_first_left():
    priced = price([SERUM], codes=[Code(name="HALF", percent="50"), Code(name="TEN", amount_minor=1000)])
    assert priced.discounts == (("HALF", 3000), ("TEN", 1000))
    assert priced.total_minor == 2000


def test_a_code_that_covers_nothing_is_refused():
    with pytest.raises(Refused) as refusal:
        price([SERUM], codes=[Code(name="HAIR", percent="10", slugs=frozenset({"meso-hair-6"}))], on=date(2026, 6, 1))
    assert refusal.value.field == "code"


def test_delivery_is_shared_over_goods_only_and_bears_their_vat():
    book = Wanted(key="f", kind="variant", what="Book", list_minor=9000, vat_percent="0")
    priced = with_delivery(price([SESSIONS, SPF, book]), 400)
    assert priced.delivery.unit_gross == (100, 300)
    assert priced.delivery.unit_vat == (17, 0)
    assert priced.delivery.vat_percent == ""
    assert priced.total_minor == 66000 + 3000 + 9000 + 400
    assert vat_by_rate(priced) == {"20": (69100, 11000 + 500 + 17), "0": (9300, 0)}


def test_goods_inside_a_box_travel_too():
    priced = with_delivery(price([BOX]), 395)
    assert priced.weight_grams == 140
    assert priced.goods_minor == 7200
    assert priced.sessions_minor == 52800
    assert priced.delivery.unit_gross == (132, 263)
    assert priced.delivery.vat_percent == "20"


def test_sessions_alone_have_no_delivery():
    priced = with_delivery(price([SESSIONS]), 395)
    assert priced.delivery is None
    assert priced.delivery_minor == 0
    assert vat_by_rate(priced) == {"20": (66000, 11000)}


def test_the_words_for_lines_are_those_of_the_order():
    assert {"variant", "package", "addon", "box", "gift_card", "upgrade", "consultation", "shipping"} == LINE_KINDS


@given(st.lists(st.one_of(alone, boxes), min_size=1, max_size=5), st.lists(codes, max_size=2), st.integers(0, 3000))
def test_every_penny_of_the_total_lies_in_exactly_one_unit(wanted, taken, delivery):
    try:
        priced = with_delivery(price(wanted, codes=taken), delivery)
    except Refused:
        assert sum(line.list_minor * line.quantity for line in wanted) <= sum(code.amount_minor or 10**9 for code in taken)
        return
    lines = [*priced.leaves, *([priced.delivery] if priced.delivery else [])]

    assert sum(unit for line in lines for unit in line.unit_gross) == priced.total_minor
    assert sum(unit for line in lines for unit in line.unit_vat) == priced.vat_minor
    assert priced.total_minor == priced.list_minor - priced.discount_minor + priced.delivery_minor
    assert sum(off for _, off in priced.discounts) == priced.discount_minor
    by_rate = vat_by_rate(priced).values()
    assert (sum(gross for gross, _ in by_rate), sum(vat for _, vat in by_rate)) == (priced.total_minor, priced.vat_minor)
    for line in lines:
        assert min(line.unit_gross, default=0) >= 0
        assert 0 <= line.vat_minor <= line.gross_minor <= line.list_minor or line.parts == ()
        if line.kind != "shipping":
            assert line.vat_minor == vat_inside(line.gross_minor, line.vat_percent)
