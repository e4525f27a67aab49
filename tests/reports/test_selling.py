"""Sales and VAT: the rows add up to the papers, to the penny, whichever way they are cut."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import select

from shop.admin.settings.checking import check
from shop.catalog.models import Product, ProductConcern
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.settings import change_setting
from shop.orders.invoicing import issue_credit_note, issue_invoice
from shop.orders.models import Invoice
from shop.reports.selling import WAYS, sales
from shop.reports.spans import read_month
from shop.reports.taxing import parts_of, vat_rates
from tests.orders.buying import credits_of, place_order, use
from tests.orders.test_withdrawing import call_off
from tests.support.factories import make_concern, make_package, make_product
from tests.support.people import browser_of_staff


@pytest.fixture
def month(clock, app):
    """Six sessions and two serums sold, half of the sessions paid back."""
    order = place_order(make_package(sessions=6, price_minor=54000, name="Six for hair"), tenders=[("cash", 54000)])
    use(credits_of(order)[0], 3)
    call_off(order)
    issue_invoice(order)
    half = {"what": "Three sessions", "quantity": 1, "gross_minor": 24000, "vat_minor": 4000, "vat_percent": "20"}
    issue_credit_note(order, [half], cause="refund:1", reason="Called off")
    db.session.commit()
    return read_month("2026-03")


def test_every_way_adds_up_to_the_same(month):
    sums = {way: (sales(month, way).gross_minor, sales(month, way).vat_minor) for way in WAYS}
    assert set(sums.values()) == {(54000, 9000)}


def test_the_page_names_the_best_and_adds_the_others_up(app, clock):
    for price in (30000, 20000, 10000):
        place_order(make_package(sessions=3, price_minor=price, name=f"At {price}"))
    whole, best = (sales(read_month("2026-03"), "product", most=most) for most in (None, 1))
    assert [row.name for row in best.rows] == ["At 30000", "2 others"]
    assert (best.gross_minor, best.vat_minor) == (whole.gross_minor, whole.vat_minor) == (60000, 10000)
    assert sum(row.units for row in best.rows) == sum(row.units for row in whole.rows) == 3


def test_what_went_back_is_told_apart(month):
    found = sales(month, "kind")
    assert (found.back_minor, found.back_vat_minor) == (24000, 4000)
    assert [(row.name, row.units) for row in found.rows] == [("Sessions", 1)]


def test_vat_is_what_the_papers_say(month):
    papers = db.session.scalars(select(Invoice)).all()
    assert papers
    due = sum((1 if paper.kind == "invoice" else -1) * paper.vat_minor for paper in papers)
    assert sum(rate.due_minor for rate in vat_rates(month)) == due
    assert sum(part.vat_minor for part in parts_of(month)) == due


def test_a_product_counts_at_the_first_concern_it_serves(clock, app, as_admin):
    from tests.admin.orders_at_hand import make_order, make_shelf

    stock = make_shelf()
    product = db.session.scalars(select(Product).order_by(Product.id.desc())).first()
    for place, slug in enumerate(("pigmentation", "hydration")):
        concern = make_concern(slug, name=slug.capitalize(), position=place)
        db.session.add(ProductConcern(product_id=product.id, concern_id=concern.id, phase="between"))
    make_order(stock=stock, units=2)
    make_product()
    db.session.commit()
    month = read_month("2026-03")
    assert [(row.name, row.units, row.gross_minor) for row in sales(month, "concern").rows] == [("Pigmentation", 2, 5000)]
    assert [row.gross_minor for row in sales(month, "brand").rows] == [5000]


def test_pages_and_files(month, as_admin, statements):
    for way in WAYS:
        page = as_admin.get(f"/admin/reports/sales?month=2026-03&by={way}").text
        assert "£540.00" in page
    rows = list(
        csv.reader(io.StringIO(as_admin.get("/admin/reports/papers.csv?month=2026-03").text.removeprefix("\ufeff")))
    )
    assert rows[0][:2] == ["Date", "Number"]
    papers = db.session.scalars(select(Invoice.number)).all()
    assert {row[1] for row in rows[1:]} == set(papers)
    rows = list(csv.reader(io.StringIO(as_admin.get("/admin/reports/sales.csv?month=2026-03").text.removeprefix("\ufeff"))))
    assert rows[1] == ["Six for hair", "1", "450.00", "90.00", "540.00"]
    assert as_admin.get("/admin/reports/sales?by=nonsense").status_code == 200
    assert as_admin.get("/admin/reports/sales?month=nonsense").status_code == 404


def test_a_clinic_that_is_registered_from_a_day_charges_vat_from_that_day(app, clock):
    change_setting("vat.registered_from", "2026-03-10", by="tests")
    db.session.commit()
    issue_invoice(place_order(make_package(sessions=3, price_minor=27000)))
    clock.move_to("2026-03-09T23:59:00Z")
    issue_invoice(place_order(make_package(sessions=3, price_minor=27000)))
    clock.move_to("2026-03-10T00:00:00Z")
    issue_invoice(place_order(make_package(sessions=3, price_minor=27000)))
    db.session.commit()
    rates = [(rate.percent, rate.sold_net_minor, rate.sold_vat_minor) for rate in vat_rates(read_month("2026-03"))]
    assert rates == [("20", 22500, 4500), ("0", 54000, 0)]
    page = browser_of_staff("admin", app).get("/admin/reports/sales?month=2026-03")
    assert "registered from Tuesday 10 March 2026" in page.text


def test_a_clinic_that_is_not_registered_says_so_and_its_papers_carry_none(app, clock, as_admin):
    change_setting("vat.registered", False, by="tests")
    db.session.commit()
    issue_invoice(place_order(make_package(sessions=3, price_minor=27000)))
    db.session.commit()
    assert [(rate.percent, rate.due_minor) for rate in vat_rates(read_month("2026-03"))] == [("0", 0)]
    assert "not registered for VAT" in as_admin.get("/admin/reports/sales?month=2026-03").text


@pytest.mark.parametrize("wrong", ["soon", "20260401", "2026-02-30", "2026-W10-1"])
def test_a_day_of_registration_that_cannot_be_is_refused(wrong):
    with pytest.raises(Refused):
        check({"vat.registered_from": wrong})
