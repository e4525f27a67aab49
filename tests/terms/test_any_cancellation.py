"""Whatever was bought, used and asked for: never less than nothing, never more than was paid."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shop.core.money import vat_inside
from shop.core.units import Part, units
from shop.terms.cancellation import cancel
from shop.terms.contracts import Item
from shop.terms.jurisdictions import JURISDICTIONS
from tests.terms.contracts_at_hand import facts, refund, sessions


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
