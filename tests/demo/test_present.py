"""The demo clinic's week looks like a clinic's: people come, can be treated at once, are advised, and one thing went wrong."""

from __future__ import annotations

from datetime import time, timedelta
from time import process_time

import pytest
from sqlalchemy import func, select

from shop.admin.golive.clearing import clear
from shop.cases.models import Case
from shop.catalog.models import Variant
from shop.checking import all_differences
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.keeping import forget_all
from shop.demo.present import add_present
from shop.demo.seeding import seed
from shop.inventory.models import Lot
from shop.inventory.reporting import running_low
from shop.orders.models import Invoice, Order, Withdrawal
from shop.plans.models import Plan, PlanEvent
from shop.reports.spans import Month
from shop.reports.taxing import vat_rates
from shop.visits.attending import missing_for, treat
from shop.visits.models import Visit

WHO = {"password": "three quiet harbours", "second_factor": "JBSWY3DPEHPK3PXP"}


def move_in():
    seed(**WHO)
    db.session.commit()
    forget_all()
    add_present()
    db.session.commit()
    forget_all()


def visits_of_today():
    since = shop_clock.at_local(shop_clock.today(), time(0))
    mine = select(Visit).where(Visit.starts_at >= since, Visit.starts_at < since + timedelta(days=1))
    return list(db.session.scalars(mine.order_by(Visit.starts_at)))


def test_a_tuesday_of_the_demo_is_alive_its_numbers_are_explained_and_clearing_leaves_nobody(app, clock):
    clock.move_to("2026-06-09T10:50:00Z")
    move_in()
    assert all_differences() == []
    somebody_was_here_and_the_next_can_be_treated_at_once()
    one_case_is_open_one_order_came_back_and_two_consultants_have_advised()
    every_order_has_its_invoice_and_the_month_its_vat()
    some_sizes_run_low_and_one_lot_ends_within_weeks()
    db.session.commit()
    clear(keep_offer=True, staying=1, by="user:1")
    db.session.commit()
    for model in (Visit, Plan, Case, Order, Invoice):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0


@pytest.mark.sqlite
@pytest.mark.parametrize("now", ["2026-06-14T22:20:00Z", "2026-06-13T05:00:00Z"], ids=["sunday-night", "saturday-dawn"])
def test_whenever_it_begins_somebody_can_be_treated_and_it_takes_less_than_five_seconds_of_work(app, clock, now):
    clock.move_to(now)
    began = process_time()
    move_in()
    assert process_time() - began < 5
    assert len([visit for visit in visits_of_today() if visit.is_ahead]) >= 2
    assert all_differences() == []


def somebody_was_here_and_the_next_can_be_treated_at_once():
    visits = visits_of_today()
    states = [visit.state for visit in visits]
    assert len(visits) >= 5
    assert states.count("arrived") == 1
    assert {"done", "booked"} <= set(states)
    assert [missing_for(visit, []) for visit in visits if visit.is_ahead] == [[]] * sum(v.is_ahead for v in visits)
    treat(next(visit for visit in visits if visit.state == "arrived"), by="user:1")


def one_case_is_open_one_order_came_back_and_two_consultants_have_advised():
    case = db.session.scalars(select(Case)).one()
    assert case.closed_at is None
    assert case.content["sessions"][0]["lots"]
    plans = {plan.id: plan for plan in db.session.scalars(select(Plan))}
    assert len({plan.consultant_id for plan in plans.values()}) == 2
    bought = set(db.session.scalars(select(PlanEvent.plan_id).where(PlanEvent.kind == "bought")))
    assert (len(plans), len(bought), {plan.state for plan in plans.values()}) == (2, 1, {"sent"})
    back = db.session.scalars(select(Withdrawal)).one()
    assert db.session.get(Order, back.order_id).state == "cancelled"


def every_order_has_its_invoice_and_the_month_its_vat():
    orders = db.session.scalar(select(func.count()).select_from(Order))
    invoices = list(db.session.scalars(select(Invoice).where(Invoice.kind == "invoice").order_by(Invoice.id)))
    assert len(invoices) == orders
    assert [one.issued_at for one in invoices] == sorted(one.issued_at for one in invoices)
    assert vat_rates(Month(shop_clock.today().replace(day=1)).before)[0].sold_vat_minor > 0


def some_sizes_run_low_and_one_lot_ends_within_weeks():
    soon = shop_clock.today() + timedelta(days=30)
    assert db.session.scalars(select(Lot.code).where(Lot.expires_on < soon)).all()
    assert len(running_low()) >= 2
    assert db.session.scalar(select(func.count()).select_from(Variant).where(Variant.in_stock)) > 50
