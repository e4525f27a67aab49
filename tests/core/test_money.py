from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.core.errors import Refused
from shop.core.money import exponent, money, parse_minor, split, split_even, vat_inside

amounts = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10000, [1, 1, 1], [3334, 3333, 3333]),
        (60000, [66000, 3000, 6000], [52800, 2400, 4800]),
        (36000, [20000, 34000], [13333, 22667]),
        (101, [0, 1, 1], [0, 51, 50]),
        (5, [0, 0], [3, 2]),
        (2, [1, 1, 1], [1, 1, 0]),
        (100, [1, 2, 3], [17, 33, 50]),
        (0, [3, 4], [0, 0]),
        (0, [], []),
    ],
)
def test_a_total_is_shared_by_weight_and_the_odd_pennies_go_to_the_earliest(total, weights, parts):
    assert split(total, weights) == parts


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_parts_add_up_and_stay_within_a_penny_of_the_exact_share(total, weights):
    parts = split(total, weights)

    assert sum(parts) == total
    if any(weights):
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - Fraction(total * weight, sum(weights))) < 1
            assert weight or not part


@given(amounts, st.integers(1, 40))
def test_even_parts_never_grow_and_differ_by_a_penny_at_most(total, count):
    parts = split_even(total, count)

    assert sum(parts) == total
    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= 1


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [1, -1]), (1, [])])
def test_negative_amounts_and_nothing_to_share_over_are_refused(total, weights):
    with pytest.raises(ValueError):
        split(total, weights)


@pytest.mark.parametrize(
    ("gross", "percent", "vat"),
    [
        (54000, 20, 9000),
        (9000, 20, 1500),
        (10000, 20, 1667),
        (3, 20, 1),  # 0.5 of a penny rounds up
        (-3, 20, -1),
        (1055, "5.5", 55),
        (2100, Decimal("5"), 100),
        (999, 0, 0),
    ],
)
def test_the_vat_inside_a_price_is_rounded_half_up(gross, percent, vat):
    assert vat_inside(gross, percent) == vat


def test_a_float_is_no_vat_rate():
    with pytest.raises(TypeError):
        vat_inside(100, 20.0)


@pytest.mark.parametrize("percent", ["twenty", "-5", "NaN", "Infinity"])
def test_a_rate_that_is_no_rate_is_refused(percent):
    with pytest.raises(ValueError):
        vat_inside(100, percent)


@pytest.mark.parametrize(("currency", "decimals"), [("GBP", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3), ("ISK", 0)])
def test_currencies_know_their_decimals(currency, decimals):
    assert exponent(currency) == decimals


@pytest.mark.parametrize("currency", ["gbp", "", "POUND", "G1P"])
def test_what_is_no_currency_code_is_refused(currency):
    with pytest.raises(ValueError):
        exponent(currency)


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (9000, "GBP", "en_GB", "£90.00"),
        (123456789, "GBP", "en_GB", "£1,234,567.89"),
        (5, "GBP", "en_GB", "£0.05"),
        (-500, "GBP", "en_GB", "-£5.00"),
        (1500, "JPY", "en_GB", "JP¥1,500"),
        (1234, "KWD", "en_GB", "KWD1.234"),
        (1050, "ALL", "en_GB", "ALL10.50"),
        (123456, "EUR", "de_DE", "1.234,56\N{NO-BREAK SPACE}€"),
    ],
)
def test_amounts_read_as_people_write_them(minor, currency, locale, text):
    assert money(minor, currency, locale) == text


def test_a_short_amount_drops_zeros_but_never_pennies():
    assert money(9000, short=True) == "£90"
    assert money(9050, short=True) == "£90.50"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("90", "GBP", 9000),
        (" 90.00 ", "GBP", 9000),
        ("9.5", "GBP", 950),
        ("£1,234.50", "GBP", 123450),
        ("GBP 12", "GBP", 1200),
        ("12 GBP", "GBP", 1200),
        ("€3.05", "EUR", 305),
        ("1500", "JPY", 1500),
        ("1.234", "KWD", 1234),
        ("0", "GBP", 0),
    ],
)
def test_typed_amounts_are_read(text, currency, minor):
    assert parse_minor(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "sentence"),
    [
        ("90,00", "GBP", "A comma can mean two things. Write the amount with a point: 1234.50."),
        ("1,234", "GBP", "A comma can mean two things. Write the amount with a point: 1234.50."),
        ("1.234,50", "EUR", "A comma can mean two things. Write the amount with a point: 1234.50."),
        ("1,500", "JPY", "A comma can mean two things. Write the amount with a point: 1234."),
        ("9.505", "GBP", "GBP has 2 decimals; 9.505 has 3."),
        ("15.0", "JPY", "JPY has no decimals; 15.0 has 1."),
        ("-5", "GBP", "The amount cannot be below zero."),
        ("−5", "GBP", "The amount cannot be below zero."),
        ("", "GBP", "Write the amount in figures: 1234.50."),
        ("1e3", "GBP", "Write the amount in figures: 1234.50."),
        ("٣", "GBP", "Write the amount in figures: 1234.50."),
        ("99999999999", "GBP", "That amount is too large."),
    ],
)
def test_what_could_be_misread_is_refused_with_a_sentence(text, currency, sentence):
    with pytest.raises(Refused) as refusal:
        parse_minor(text, currency)
    assert refusal.value.sentence == sentence


@given(amounts, st.sampled_from(["GBP", "JPY", "KWD", "EUR"]))
def test_what_is_written_with_a_point_is_read_back(minor, currency):
    written = money(minor, currency)
    grouped_without_point = "," in written and "." not in written
    assert parse_minor(written.replace(",", "") if grouped_without_point else written, currency) == minor


@given(st.integers(-(10**9), 10**9), st.sampled_from(["GBP", "EUR", "USD"]), st.booleans())
def test_common_currencies_are_written_as_babel_writes_them(minor, currency, short):
    from babel.numbers import format_currency

    shown = 0 if short and minor % 100 == 0 else 2
    pattern = "¤#,##0" + ("." + "0" * shown if shown else "")
    written = format_currency(Decimal(minor).scaleb(-2), currency, pattern, "en_GB", currency_digits=False)
    assert money(minor, currency, short=short) == written
