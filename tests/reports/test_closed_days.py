"""The month that still runs is read from days that were added up once: it says what the ledger says, whenever they are closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from shop.core import clock as time
from shop.core.db import db
from shop.reports import closing
from shop.reports.earning import earnings, live_earnings
from shop.reports.models import ClosedDay
from shop.reports.moved import moved_in, of_ledger
from shop.reports.owing import report
from shop.reports.spans import this_month
from shop.wallet import periods
from shop.working import sweep_all
from tests.orders.buying import credits_of, place_order, use
from tests.orders.test_withdrawing import call_off
from tests.support.factories import make_addon, make_package, make_treatment


def a_busy_month(clock):
    """Sold, used, called off and expired on several days, one of them empty."""
    treatment = make_treatment()
    addon = make_addon(treatments=[treatment], per_session_minor=1200)
    six = make_package(treatment, sessions=6, price_minor=54000)
    same = make_package(treatment, sessions=6, price_minor=54000)
    order = place_order((six, 1, {addon.slug: 3}), same, tenders=[("cash", 54000 * 2 + 3600)])
    yield
    first, second = credits_of(order)
    use(first, 2)
    use(credits_of(order, "addon")[0], 1)
    clock.shift(timedelta(days=2))
    yield
    call_off(order, what=[f"credit:{second.code}"])
    place_order(make_package(treatment, sessions=3, price_minor=29700, validity_days=5))
    clock.shift(timedelta(days=7))
    yield
    periods.expire_due()
    db.session.commit()
    clock.shift(timedelta(days=1))
    yield


def test_the_running_month_is_the_ledger_whatever_days_are_closed(app, clock):
    for _ in a_busy_month(clock):
        sweep_all()
        month = this_month()
        whole = of_ledger(month.since, month.until)
        assert moved_in(month) == whole
        assert earnings(month).rows == live_earnings(month).rows
        assert earnings(month).kept_minor == live_earnings(month).kept_minor
        assert closing.differences() == []
    assert db.session.scalar(select(ClosedDay.day).order_by(ClosedDay.day.desc()).limit(1)) == time.today() - timedelta(
        days=1
    )
    assert {"grant", "redeem", "reserve", "expire", "called off"} <= {
        row.kind for row in db.session.scalars(select(ClosedDay))
    }


def test_a_day_is_closed_once_and_only_when_it_is_long_over(app, clock):
    place_order(make_package(sessions=6, price_minor=54000))
    clock.move_to("2026-03-03T01:30:00Z")  # half past one: not settled yet
    sweep_all()
    assert db.session.scalars(select(ClosedDay)).all() == []
    for _ in range(2):
        closing.close_days(day="2026-03-02")
        closing.close_days(day="2026-03-03")  # today is never closed
    assert [(row.day, row.kind, row.sessions, row.net_minor) for row in db.session.scalars(select(ClosedDay))] == [
        (date(2026, 3, 2), "grant", 6, 45000)
    ]


def test_days_that_are_closed_are_not_read_from_the_ledger_again(app, clock):
    """A kept sum that is wrong on purpose shows where the figure comes from."""
    place_order(make_package(sessions=6, price_minor=54000))
    clock.shift(timedelta(days=9))
    sweep_all()
    db.session.add(ClosedDay(day=date(2026, 3, 4), what="other", kind="grant", sessions=1, net_minor=7, vat_minor=0))
    db.session.commit()
    assert report(this_month()).total.sold == 45007
    assert earnings(this_month()).rows != live_earnings(this_month()).rows


def test_kept_days_of_a_month_end_where_the_next_begins(app, clock):
    order = place_order(make_package(sessions=6, price_minor=54000))
    clock.move_to("2026-03-31T22:30:00Z")  # half past eleven in London
    use(credits_of(order)[0])
    clock.move_to("2026-04-01T09:00:00Z")
    use(credits_of(order)[0])
    clock.move_to("2026-04-05T09:00:00Z")
    sweep_all()
    assert report(this_month()).total.redeemed == 7500
    assert moved_in(this_month()) == of_ledger(this_month().since, this_month().until)


def test_a_kept_day_that_the_ledger_does_not_say_is_found_and_cannot_be_rewritten(app, clock):
    place_order(make_package(sessions=6, price_minor=54000))
    clock.shift(timedelta(days=1))
    db.session.add(ClosedDay(day=date(2026, 3, 2), what="other", kind="grant", sessions=1, net_minor=1, vat_minor=0))
    db.session.commit()
    assert closing.differences() == ["days of March 2026: what moved is not what the ledger says"]
    with pytest.raises(DBAPIError):
        db.session.execute(update(ClosedDay).values(net_minor=0))
    db.session.rollback()
