"""The Monday e-mail: the week that ended, at eight on the clinic's wall, once, and nothing about anybody."""

from __future__ import annotations

from datetime import date

import pytest

from shop.core import outbox
from shop.core.db import db
from shop.core.settings import change_setting
from shop.reports import weekly
from shop.reports.spans import Days
from shop.reports.takings import takings, week_before
from tests.orders.buying import credits_of, place_order, use
from tests.support.factories import make_package
from tests.support.people import make_user

OWNER = "owner@clinic.example"


@pytest.fixture
def owner(app, clock):
    make_user(email=OWNER, name="Olive Owner", role="owner")
    make_user(email="desk@clinic.example", name="Dora Desk", role="desk")
    db.session.commit()


def promised() -> int:
    weekly.promise()
    db.session.commit()
    count = db.session.query(outbox.OutboxRow).filter_by(kind=weekly.KIND).count()
    db.session.rollback()
    return count


def test_it_says_the_week_that_ended_and_nobodys_name(owner, clock, mailbox):
    clock.move_to("2026-03-04T10:00:00Z")
    order = place_order(make_package(sessions=3, price_minor=27000, name="Three for melasma"))
    use(credits_of(order)[0])
    clock.move_to("2026-03-09T08:00:00Z")
    assert promised() == 1
    mail = mailbox.last(OWNER)
    assert mail.subject == "Your week, 2 March to 8 March 2026"
    for words in ("Sold, VAT included: £270.00 (£0.00)", "Orders: 1 (0)", "Sessions sold: 3 (0)", "redeemed: 1 (0)"):
        assert words in mail.text
    assert "£270.00" in mail.html
    assert "/admin" in mail.links[0]
    for secret in ("Ada", "melasma", "guest@example.com", order.number):
        assert secret not in mail.text + mail.html
    assert mailbox.to("desk@clinic.example") == []


@pytest.mark.parametrize(
    ("at", "count"),
    [
        ("2026-03-09T07:59:59Z", 0),  # winter: the wall shows the same as UTC
        ("2026-03-09T08:00:00Z", 1),
        ("2026-03-09T23:59:59Z", 1),
        ("2026-03-10T08:00:00Z", 0),  # not on a Tuesday
        ("2026-03-30T06:59:59Z", 0),  # the clocks went forward the night before
        ("2026-03-30T07:00:00Z", 1),
        ("2026-10-26T07:59:59Z", 0),  # and back
        ("2026-10-26T08:00:00Z", 1),
    ],
)
def test_it_is_eight_on_the_clinics_wall(owner, clock, at, count):
    clock.move_to(at)
    assert promised() == count


def test_it_goes_once_however_often_the_sweep_runs(owner, clock, mailbox):
    clock.move_to("2026-03-09T08:00:00Z")
    for _ in range(3):
        assert promised() == 1
    weekly.write(monday="2026-03-09")
    db.session.commit()
    assert len(mailbox.to(OWNER)) == 1
    clock.move_to("2026-03-16T08:00:00Z")
    assert promised() == 2


def test_it_can_be_switched_off(owner, clock):
    change_setting("reports.monday_mail", False, by="tests")
    db.session.commit()
    clock.move_to("2026-03-09T08:00:00Z")
    assert promised() == 0


def test_a_week_with_a_change_of_clocks_has_all_its_hours(app, clock):
    days = week_before(date(2026, 3, 30))
    assert (days.first, days.last) == (date(2026, 3, 23), date(2026, 3, 29))
    assert (days.until - days.since).total_seconds() == (7 * 24 - 1) * 3600
    days = week_before(date(2026, 10, 26))
    assert (days.until - days.since).total_seconds() == (7 * 24 + 1) * 3600


def test_an_order_counts_on_the_day_of_the_clinic(app, clock):
    clock.move_to("2026-07-05T23:30:00Z")  # Monday already where the clinic stands
    place_order(make_package(sessions=3, price_minor=27000))
    assert takings(week_before(date(2026, 7, 6))).orders == 0
    assert takings(Days(date(2026, 7, 6), date(2026, 7, 6))).orders == 1


def test_the_dashboard_says_the_same_and_opens_the_lists(app, clock, as_admin):
    order = place_order(make_package(sessions=3, price_minor=27000, name="Three for hair"))
    use(credits_of(order)[0])
    page = as_admin.get("/admin").text
    assert "£270.00" in page
    for path in (
        "/admin/orders?since=2026-03-02",
        "/admin/reports/moves?since=2026-02-24&amp;until=2026-03-02&amp;figure=sold&amp;what=sessions",
        "/admin/reports/moves?since=2026-03-01&amp;until=2026-03-02&amp;figure=redeemed&amp;what=sessions",
    ):
        assert f'href="{path}"' in page
        shown = as_admin.get(path.replace("&amp;", "&"))
        assert shown.status_code == 200
        assert order.number in shown.text
    for wrong in ("since=x", "since=2026-03-02&until=2026-03-01", "since=2020-01-01&until=2026-01-01", "since=0001-01-01"):
        assert as_admin.get(f"/admin/reports/moves?{wrong}").status_code == 404
