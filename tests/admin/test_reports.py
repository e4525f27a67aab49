"""The month's numbers at the desk: each opens its list, each table comes as a file, and only heads see them."""

from __future__ import annotations

import csv
import io

from tests.orders.buying import credits_of, place_order, use
from tests.orders.test_withdrawing import call_off
from tests.support.factories import make_package


def a_month(clock):
    order = place_order(make_package(sessions=6, price_minor=54000, name="Six for hair"), tenders=[("cash", 54000)])
    use(credits_of(order)[0], 2)
    return order


def test_the_month_shows_what_is_owed_and_each_figure_opens_its_list(clock, as_admin):
    order = a_month(clock)
    page = as_admin.get("/admin/reports").text
    assert "Clients’ money you still owe in sessions" in page
    for figure in ("£450.00", "£150.00", "£300.00"):
        assert figure in page
    assert 'aria-label="Owed in sessions at the end of each month, net.' in page
    behind = as_admin.get("/admin/reports/moves?month=2026-03&figure=redeemed").text
    assert behind.count("took place") == 2
    assert order.number in behind
    assert "Six for hair" not in behind


def test_files_hold_the_same_figures(clock, as_admin):
    call_off(a_month(clock))
    answer = as_admin.get("/admin/reports/owed.csv?month=2026-03")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[-1] == ["All", "0.00", "450.00", "150.00", "300.00", "0.00", "0.00", "0.00"]
    earned = list(csv.reader(io.StringIO(as_admin.get("/admin/reports/earned.csv").text.removeprefix("\ufeff"))))
    assert earned[1][:3] == ["Six for hair", "2", "150.00"]


def test_an_empty_month_and_one_that_is_none(clock, as_admin):
    assert "nothing is owed" in as_admin.get("/admin/reports?month=2026-01").text
    assert as_admin.get("/admin/reports?month=2027-01").status_code == 404
    assert as_admin.get("/admin/reports/moves?figure=nonsense").status_code == 404


def test_only_heads_see_reports(clock, as_role):
    assert as_role("desk").get("/admin/reports").status_code == 403
    assert as_role("practitioner").get("/admin/reports/owed.csv").status_code == 403
