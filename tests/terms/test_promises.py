from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.errors import Refused
from shop.core.units import Part, Unit, units
from shop.terms.cancellation import cancel
from shop.terms.contracts import Facts, Item
from shop.terms.discounts import Code
from shop.terms.jurisdictions import law_of
from shop.terms.pricing import Wanted, price, with_delivery
from shop.terms.promises import goods_sentence, refund_sentence, refund_table

BOUGHT = date(2027, 6, 1)
SIX = Item(key="s", kind="sessions", what="Hair", units=units(54000, 9000, 6, charge="line:1"), single_minor=11000)


def table(item=SIX, law="uk", **options):
    return refund_table(item, law=law_of(law), bought_on=BOUGHT, **options)


def sentence(item=SIX, law="uk", **options):
    return refund_sentence(item, law=law_of(law), bought_on=BOUGHT, **options)


def test_the_table_of_six_for_540_has_a_column_within_14_days_and_one_after():
    assert [row.within_minor for row in table()] == [54000, 45000, 36000, 27000, 18000, 9000, 0]
    assert [row.after_minor for row in table()] == [54000, 45000, 36000, 27000, 18000, 9000, 0]
    assert {row.unasked_minor for row in table()} == {54000}
    assert [row.used for row in table()] == list(range(7))


def test_list_price_terms_show_only_in_the_column_after():
    rows = table(late="list-price")
    assert [row.within_minor for row in rows] == [54000, 45000, 36000, 27000, 18000, 9000, 0]
    assert [row.after_minor for row in rows] == [54000, 43000, 32000, 21000, 10000, 0, 0]


def test_the_table_of_quebec_is_the_same_at_any_time():
    eight = replace(SIX, units=units(80000, 0, 8, charge="line:1"))
    rows = table(eight, "quebec", currency="CAD")
    assert [(row.within_minor, row.after_minor) for row in rows][:2] == [(80000, 80000), (65000, 65000)]


@pytest.mark.parametrize("law", ["uk", "eu"])
def test_the_sentence_names_the_day_on_which_it_turns(law):
    assert sentence(law=law) == (
        "Until Tuesday 15 June you get everything back, less £90 for each session you asked us to give you before then; "
        "after that £90 for each session not yet used."
    )


def test_the_sentence_of_list_price_terms_names_the_single_price():
    assert sentence(late="list-price").endswith(
        "after that £540 less £110, the price of a single session, for each session used."
    )
    assert sentence(law="clinic", late="list-price").startswith(
        "Until Tuesday 15 June you get £90 for each session not yet used;"
    )


def test_a_clinic_that_always_shares_needs_no_date():
    assert sentence(law="clinic") == "You can cancel at any time and get £90 for each session not yet used."


def test_quebec_names_its_fee():
    assert sentence(law="quebec", currency="CAD") == (
        "You can cancel at any time and get CA$90 back for each session not yet used; once a session is done, "
        "less a fee of CA$50 or 10 % of what is not used, whichever is lower."
    )


def test_one_session_needs_no_share():
    one = replace(SIX, units=units(11000, 1833, 1, charge="line:1"))
    assert sentence(one) == (
        "Until Tuesday 15 June you get everything back, unless you asked us to give you the session before then; "
        "after that £110 for each session not yet used."
    )


def test_shares_that_differ_by_a_penny_are_both_named():
    three = replace(SIX, units=units(10000, 1667, 3, charge="line:1"))
    assert "£33.34 or £33.33 for each session not yet used" in sentence(three)


def test_products_of_the_same_order_may_move_the_day():
    assert sentence(has_goods=True).startswith(
        "Until Tuesday 15 June, or 14 days after your products arrive if that is later, you get everything back"
    )


def test_a_window_that_ends_on_a_european_weekend_is_told_with_its_real_end():
    european = refund_sentence(SIX, law=law_of("eu"), bought_on=date(2027, 6, 5), country="IE", currency="EUR")
    assert european.startswith("Until Monday 21 June you get everything back")


def test_products_are_told_their_days_and_the_seal():
    assert goods_sentence(law_of("uk")).startswith("Unopened products can come back until 14 days after they arrive;")
    assert goods_sentence(law_of("quebec")) == "Products can come back as our terms say."


@st.composite
def orders(draw):
    """Packages and goods as they are sold: any price and quantity, with codes and delivery."""
    wanted = []
    for number in range(draw(st.integers(1, 3))):
        sold = Wanted(
            key=str(number),
            kind=draw(st.sampled_from(["package", "variant"])),
            what="thing",
            list_minor=draw(st.integers(1, 90_000)),
            quantity=draw(st.integers(1, 3)),
            units=draw(st.integers(1, 8)),
            vat_percent=draw(st.sampled_from(["0", "5", "20"])),
        )
        boxed = Wanted(key=f"box {number}", kind="box", what="box", list_minor=draw(st.integers(1, 90_000)), parts=(sold,))
        wanted.append(draw(st.sampled_from([sold, boxed])))
    codes = draw(
        st.lists(
            st.one_of(
                st.builds(Code, name=st.just("SHARE"), percent=st.integers(1, 99).map(str)),
                st.builds(Code, name=st.just("SUM"), amount_minor=st.integers(1, 50_000)),
            ),
            max_size=2,
        )
    )
    try:
        return with_delivery(price(wanted, codes=codes), draw(st.integers(0, 1500)))
    except Refused:
        return with_delivery(price(wanted), 395)


def as_items(priced, single_minor):
    """One item per package bought and per line of goods, from the shares that the order stores."""
    items = []
    for line in [*priced.leaves, *([priced.delivery] if priced.delivery else [])]:
        shares = tuple(Unit((Part(line.key, g, v),)) for g, v in zip(line.unit_gross, line.unit_vat, strict=True))
        size = line.units_per_piece if line.kind == "package" else len(shares)
        kind = {"package": "sessions", "variant": "goods", "shipping": "delivery"}[line.kind]
        items += [
            Item(
                key=f"{line.key}:{start}",
                kind=kind,
                what=line.what,
                units=shares[start : start + size],
                single_minor=single_minor,
            )
            for start in range(0, len(shares), size)
        ]
    return items


@given(
    orders(),
    st.sampled_from(["uk", "eu", "clinic"]),
    st.sampled_from(["pro-rata", "list-price"]),
    st.integers(0, 40),
    st.booleans(),
    st.integers(0, 20_000),
    st.data(),
)
def test_what_the_table_promised_is_what_the_engine_pays(priced, law, late, days, asked, single, data):
    law = law_of(law)
    promised = as_items(priced, single)
    used = [data.draw(st.integers(0, len(item.units))) if item.kind == "sessions" else 0 for item in promised]
    later = [replace(item, used=number) for item, number in zip(promised, used, strict=True)]
    about = Facts(
        law=law, bought_on=BOUGHT, cancelled_on=BOUGHT + timedelta(days=days), has_express_request=asked, late=late, country="IE"
    )  # fmt: skip
    outcome = cancel(later, about)

    assert outcome.paid_minor == priced.total_minor
    assert 0 <= outcome.refund_minor <= priced.total_minor
    for item, number, back in zip(promised, used, outcome.items, strict=True):
        if item.kind == "sessions":
            row = refund_table(item, law=law, bought_on=BOUGHT, late=late, country="IE")[number]
            is_open = outcome.window.is_open(about.cancelled_on)
            assert back.minor == ((row.within_minor if asked else row.unasked_minor) if is_open else row.after_minor)
