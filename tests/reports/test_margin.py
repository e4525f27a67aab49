"""Margin: net of VAT and of refunds, less what the lots cost; what has no cost is said, never guessed."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from shop.catalog.models import Product, ProductConcern, Variant
from shop.core.db import db
from shop.inventory.buying_models import LotCost
from shop.inventory.costing import Cost, cost_came, cost_of, say_cost, stock_value
from shop.inventory.models import Stock
from shop.inventory.receiving import receive
from shop.orders.crediting import credit_refund
from shop.orders.fulfilling import mark_shipped
from shop.orders.invoicing import issue_invoice
from shop.orders.returning import come_back
from shop.orders.withdrawing import withdraw
from shop.payments.models import Refund
from shop.reports.margin import WAYS, margins
from shop.reports.spans import read_month
from tests.admin.orders_at_hand import make_order, make_shelf
from tests.orders.buying import place_order
from tests.support.factories import make_concern

DAY = "2026-03"


@pytest.fixture
def sold(clock, app):
    """Three serums at 25.00 from a lot that cost 10.00 each; all of them shipped."""
    stock = make_shelf(20)
    say_cost(stock.lot_id, unit_minor=1000, cause="cost:1", by="tests")
    order = place_order((db.session.get_one(Variant, stock.variant_id), 3))
    issue_invoice(order)
    db.session.commit()
    return order


def of_all(way: str = "product"):
    return margins(read_month(DAY), way).total


def test_margin_is_net_less_cost(sold):
    total = of_all()
    assert (total.units, total.sold_minor, total.cost_minor) == (3, 6250, 3000)
    assert (total.margin_minor, total.percent) == (3250, 52)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_adds_up_to_the_same(sold, way):
    concern = make_concern("hydration", name="Hydration")
    product = db.session.scalars(select(Product)).first()
    db.session.add(ProductConcern(product_id=product.id, concern_id=concern.id, phase="between"))
    db.session.commit()
    found = margins(read_month(DAY), way)
    assert [row.margin_minor for row in found.rows] == [3250]
    assert found.total.margin_minor == 3250
    assert (found.rows[0].name == "Hydration") is (way == "concern")


def test_a_lot_without_a_cost_leaves_the_margin_open(sold):
    make_order(units=2)
    db.session.commit()
    total = of_all()
    assert (total.unknown, total.margin_minor, total.percent) == (2, None, None)
    assert [row.margin_minor for row in margins(read_month(DAY), "product").rows] == [3250, None]


def test_goods_that_come_back_give_back_their_net_and_their_cost(sold):
    mark_shipped(sold, carrier="", tracking="", cause="parcel:1", by="tests")
    withdrawal = withdraw(sold, by="client", cause="w:1")
    come_back(sold, code=withdrawal.code, key=withdrawal.waiting[0]["key"], state="unopened", to_shelf=True, by="tests")
    for refund in db.session.scalars(select(Refund)):
        credit_refund(refund_id=refund.id)
    db.session.commit()
    total = of_all()
    assert (total.back_minor, total.units, total.cost_minor, total.margin_minor) == (total.sold_minor, 0, 0, 0)


def test_what_was_called_off_before_it_left_cost_nothing(sold):
    withdraw(sold, by="client", cause="w:1")
    for refund in db.session.scalars(select(Refund)):
        credit_refund(refund_id=refund.id)
    db.session.commit()
    assert (of_all().units, of_all().margin_minor) == (0, 0)


def test_a_lot_costs_the_average_of_its_deliveries_until_somebody_says_so(app, clock):
    stock = make_shelf(10)
    lot_id = stock.lot_id
    assert cost_of(lot_id) is None
    cost_came(lot_id, units=3, unit_minor=1000, cause="d:1", by="tests")
    cost_came(lot_id, units=1, unit_minor=1400, cause="d:2", by="tests")
    cost_came(lot_id, units=1, unit_minor=1400, cause="d:2", by="tests")
    assert cost_of(lot_id) == Cost(4, 4400)
    say_cost(lot_id, unit_minor=900, cause="said", by="tests")
    assert cost_of(lot_id) == Cost(10, 9000)
    cost_came(lot_id, units=10, unit_minor=1100, cause="d:3", by="tests")
    assert cost_of(lot_id) == Cost(20, 20000)


def test_the_stock_is_worth_what_is_on_hand_and_says_what_is_not_known(app, clock):
    stock = make_shelf(7)
    cost_came(stock.lot_id, units=3, unit_minor=1000, cause="d:1", by="tests")
    receive(stock.variant_id, units=5, cause="more", by="tests", lot="L2")
    db.session.commit()
    rows = stock_value()
    assert [(row.units, row.value_minor, row.unknown) for row in rows] == [(12, 7000, 5)]


@given(st.integers(1, 50), st.integers(0, 10**6), st.lists(st.integers(0, 50), max_size=8))
def test_a_cost_is_never_further_off_than_half_a_penny_for_each_sum(units, total, parts):
    cost = Cost(units, total)
    assert cost.of(units) == total
    assert all(abs(cost.of(part) * units - part * total) * 2 <= units for part in parts)
    assert all(cost.of(-part) == -cost.of(part) for part in parts)


def test_the_pages_show_it_and_the_files_hold_it(sold, as_admin):
    page = as_admin.get(f"/admin/reports/margin?month={DAY}").text
    assert "£32.50" in page
    rows = list(csv.reader(io.StringIO(as_admin.get(f"/admin/reports/margin.csv?month={DAY}").text.removeprefix("\ufeff"))))
    assert rows[-1] == ["All", "3", "62.50", "0.00", "30.00", "0", "32.50"]
    value = as_admin.get("/admin/reports/stock-value.csv").text
    assert "200.00" in value
    assert as_admin.get("/admin/reports/margin?by=nonsense").status_code == 200


def test_the_cost_of_a_lot_is_typed_at_the_stock_desk(app, clock, as_admin):
    stock = make_shelf(5)
    db.session.commit()
    lot_id, cause = stock.lot_id, "c" * 20
    assert f"/admin/stock/lots/{lot_id}" in as_admin.get("/admin/stock/costs").text
    for cost in ("", "12,5x", "-3"):
        refused = as_admin.post(f"/admin/stock/lots/{lot_id}/cost", data={"cost": cost, "cause": cause})
        assert refused.status_code == 422, cost
    for _ in range(2):
        assert as_admin.post(f"/admin/stock/lots/{lot_id}/cost", data={"cost": "12.50", "cause": cause}).status_code == 303
    db.session.rollback()
    assert cost_of(lot_id) == Cost(5, 6250)
    assert "Every lot has its cost" in as_admin.get("/admin/stock/costs").text


def test_a_delivery_brings_its_cost_from_the_scan_or_from_the_purchase(app, clock, as_admin):
    stock = make_shelf(1)
    variant = db.session.get_one(Variant, stock.variant_id)
    sku = variant.sku
    db.session.commit()
    delivery = as_admin.post("/admin/stock/deliveries", data={"reference": "Note 1", "cause": "a" * 20}).location
    scan = {"code": sku, "lot": "L9", "expires_on": "2028-01-01", "units": "4", "cost": "7.25", "cause": "b" * 20}
    page = as_admin.post(delivery, data=scan)
    assert page.status_code == 303
    as_admin.post(f"{delivery}/shelve")
    lot_id = db.session.scalars(select(Stock.lot_id).order_by(Stock.id.desc())).first()
    assert cost_of(lot_id) == Cost(4, 2900)
    db.session.rollback()
    wanted = {"supplier": "Maker", "code": sku, "more": "2", "cause": "d" * 20}
    purchase = as_admin.post("/admin/stock/reorder", data=wanted).location
    as_admin.post(purchase, data={"code": sku, "units": "2", "cost": "6.00"})
    as_admin.post(f"{purchase}/order", data={"expected_on": ""})
    delivery = as_admin.post(f"{purchase}/delivery", data={"cause": "e" * 20}).location
    again = {"code": sku, "lot": "L9", "units": "2", "cost": "", "cause": "f" * 20}
    assert as_admin.post(delivery, data=again).status_code == 303
    as_admin.post(f"{delivery}/shelve")
    assert db.session.query(LotCost).count() == 2
    assert cost_of(lot_id) == Cost(6, 4100)


def test_plans_by_consultant_stand_among_the_reports_and_come_as_a_file(app, clock, as_admin):
    page = as_admin.get("/admin/reports/plans?since=2026-03-01&until=2026-03-02").text
    assert "/admin/reports/margin?month=2026-03" in page
    assert "By consultant" in as_admin.get("/admin/reports").text
    file = as_admin.get("/admin/reports/plans.csv?since=2026-03-01&until=2026-03-02")
    assert file.text.startswith("\ufeffConsultant,Plans,Opened")
