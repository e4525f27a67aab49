"""A market's law limits what a cosmetic may hold; old stock has a last day, and a missing figure is not known."""

from __future__ import annotations

from datetime import date

import pytest

from shop.care.limits import check_limits, ends_soon, limit_rules, may_be_sold
from shop.care.parsing import read_label

RETINOL = read_label("AQUA, GLYCERIN, RETINOL")
OLD_STOCK = date(2025, 6, 1)


def states(label, **given):
    return {found.rule: found.state for found in check_limits(label, **given)}


@pytest.mark.parametrize(
    ("day", "since", "state"),
    [
        ((2027, 4, 30), OLD_STOCK, "until"),
        ((2027, 5, 1), OLD_STOCK, "not sellable"),
        ((2026, 6, 1), date(2025, 11, 1), "not sellable"),
        ((2026, 6, 1), date(2025, 10, 31), "until"),
        ((2026, 6, 1), None, "not sellable"),
    ],
)
def test_retinol_of_one_percent_on_the_market_before_november_2025_is_sold_until_30_april_2027(day, since, state):
    [found] = check_limits(RETINOL, market="EU", on=date(*day), percents={"RETINOL": 1}, on_market_since=since)
    assert (found.state, found.last_sale_day, found.concentration) == (state, date(2027, 4, 30), "1 %")
    assert may_be_sold([found]) == (state != "not sellable")


def test_no_limit_for_retinol_is_known_in_great_britain():
    assert check_limits(RETINOL, market="GB", on=date(2027, 5, 1), percents={"RETINOL": 1}) == []


def test_a_missing_figure_is_not_known_and_forbids_nothing():
    [found] = check_limits(RETINOL, market="EU", on=date(2027, 6, 1))
    assert (found.state, found.concentration, may_be_sold([found])) == ("not known", "not known", True)


def test_a_figure_printed_on_the_label_counts_and_the_suppliers_figure_wins():
    label = read_label("AQUA, RETINOL 0.2%")
    assert states(label, market="EU", on=date(2027, 6, 1)) == {"eu-vitamin-a": "ok"}
    assert states(label, market="EU", on=date(2027, 6, 1), percents={"RETINOL": 0.5}) == {"eu-vitamin-a": "not sellable"}


def test_an_ester_counts_by_the_retinol_in_it():
    label = read_label("AQUA, RETINYL PALMITATE")
    assert states(label, market="EU", on=date(2027, 6, 1), percents={"RETINYL PALMITATE": 0.5}) == {"eu-vitamin-a": "ok"}
    assert states(label, market="EU", on=date(2027, 6, 1), percents={"RETINYL PALMITATE": 0.6}) == {
        "eu-vitamin-a": "not sellable"
    }


def test_forms_of_one_vitamin_are_added_up():
    label = read_label("AQUA, RETINOL, RETINYL PALMITATE")
    both = {"RETINOL": 0.2, "RETINYL PALMITATE": 0.4}
    assert states(label, market="EU", on=date(2027, 6, 1), percents=both) == {"eu-vitamin-a": "not sellable"}
    assert states(label, market="EU", on=date(2027, 6, 1), percents={"RETINOL": 0.2}) == {"eu-vitamin-a": "not known"}
    assert states(label, market="EU", on=date(2027, 6, 1), percents={"RETINOL": 0.4}) == {"eu-vitamin-a": "not sellable"}


def test_a_body_lotion_has_a_limit_of_its_own():
    given = {"market": "EU", "on": date(2027, 6, 1), "percents": {"RETINOL": 0.1}}
    assert states(RETINOL, area="face", **given) == {"eu-vitamin-a": "ok"}
    assert states(RETINOL, area="body", **given) == {"eu-vitamin-a-body": "not sellable"}


@pytest.mark.parametrize(
    ("name", "percent", "market", "state"),
    [
        ("SALICYLIC ACID", 2, "EU", "ok"),
        ("SALICYLIC ACID", 2.5, "EU", "not sellable"),
        ("SALICYLIC ACID", 2, "GB", "ok"),
        ("KOJIC ACID", 1, "EU", "ok"),
        ("KOJIC ACID", 1.5, "EU", "not sellable"),
        ("ALPHA-ARBUTIN", 2, "EU", "ok"),
        ("ARBUTIN", 8, "EU", "not sellable"),
        ("HYDROQUINONE", 0.1, "EU", "not sellable"),
        ("HYDROQUINONE", 0.1, "GB", "not sellable"),
        ("MINOXIDIL", 5, "GB", "not sellable"),
        ("TRETINOIN", 0.05, "EU", "not sellable"),
    ],
)
def test_the_law_of_a_market_allows_or_forbids(name, percent, market, state):
    found = check_limits(
        read_label(f"AQUA, {name}"),
        market=market,
        on=date(2026, 11, 1),
        percents={name: percent},
        on_market_since=date(2025, 1, 1),
    )
    assert [finding.state for finding in found] == [state]


def test_perfumed_goods_carry_the_day_of_the_longer_allergen_list():
    [found] = check_limits(read_label("AQUA, PARFUM"), market="EU", on=date(2026, 11, 1))
    assert (found.state, found.last_sale_day) == ("not known", date(2028, 7, 30))


def test_the_admin_sees_a_last_sale_day_ninety_days_ahead():
    def ahead(day):
        findings = check_limits(RETINOL, market="EU", on=day, percents={"RETINOL": 1}, on_market_since=OLD_STOCK)
        return [found.rule for found in ends_soon(findings, on=day)]

    assert ahead(date(2027, 1, 29)) == []
    assert ahead(date(2027, 1, 30)) == ["eu-vitamin-a"]
    assert ahead(date(2027, 5, 1)) == []


def test_every_limit_has_a_source_and_a_day_of_review():
    assert len(limit_rules()) > 15
    assert all(rule.source and rule.author and rule.review_on for rule in limit_rules())
