"""Files for spreadsheets hold numbers as numbers, and nothing that would be calculated."""

import csv
import io

import pytest

from shop.core.liability import Liability
from shop.reports.charting import bars, label
from shop.reports.owing import Report, Row
from shop.reports.spans import read_month
from shop.reports.tables import amount, as_csv, owing_csv


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_like_a_formula_is_quoted(sign):
    text = as_csv(("What",), [(f"{sign}HYPERLINK(1)",)])
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert rows[1] == [f"'{sign}HYPERLINK(1)"]


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [(123450, "GBP", "1234.50"), (-5, "GBP", "-0.05"), (0, "EUR", "0.00"), (500, "JPY", "500"), (1234, "KWD", "1.234")],
)
def test_amounts_are_plain_numbers(minor, currency, written):
    assert amount(minor, currency) == written


def test_the_file_says_what_the_page_says(app, clock):
    sums = Liability(sold=45000, redeemed=15000, refunded=30000)
    text = owing_csv(Report(read_month("2026-03"), (Row("package:1", "=6 sessions", sums),), sums, False), currency="GBP")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[1] == ["'=6 sessions", "0.00", "450.00", "150.00", "300.00", "0.00", "0.00", "0.00"]
    assert rows[2][0] == "All"


def test_a_chart_stands_on_its_base_and_says_its_numbers():
    chart = bars([("Jan", 100, "£1.00"), ("Feb", 50, "£0.50"), ("Mar", -5, "£-0.05")], title="Owed")
    heights = [bar.height for bar in chart.bars]
    assert heights[0] == 2 * heights[1]
    assert heights[2] == 0
    assert {round(bar.y + bar.height, 1) for bar in chart.bars} == {chart.base}
    assert chart.words == "Owed. Jan: £1.00; Feb: £0.50; Mar: £-0.05."
    assert all(bar.height == 0 for bar in bars([("Jan", 0, "£0")], title="Owed").bars)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Slow Night", "Slow Night"), ("Quiet Milk Cleanser", "Quiet Milk…"), ("Antitranspirant", "Antitranspira…")],
)
def test_a_long_name_under_a_bar_is_cut_between_words(name, shown):
    assert label(name) == shown
