"""Money owed in sessions: every figure is what the ledger's moves add up to, in each month and across months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from shop.checking import all_differences
from shop.core.db import db
from shop.core.errors import NotFound
from shop.core.liability import Liability
from shop.reports import closing
from shop.reports.earning import earnings, live_earnings
from shop.reports.listing import moves_behind
from shop.reports.models import ClosedEarning, ClosedMonth
from shop.reports.owing import FIGURES, closings, report
from shop.reports.spans import last_months, read_month, this_month
from shop.wallet import periods
from shop.wallet.moving_in import bring_in
from shop.working import sweep_all
from tests.orders.buying import credits_of, place_order, use
from tests.orders.test_withdrawing import call_off
from tests.support.factories import make_addon, make_client, make_package, make_treatment


def six(**given):
    return make_package(sessions=6, price_minor=54000, **given)


def test_a_month_opens_with_nothing_sells_450_earns_150_pays_back_300_and_closes_with_nothing(app, clock):
    order = place_order(six(), tenders=[("cash", 54000)])
    use(credits_of(order)[0], 2)
    clock.shift(timedelta(days=20))
    call_off(order)
    found = report(this_month())
    assert found.total == Liability(opening=0, sold=45000, redeemed=15000, refunded=30000, expired=0)
    assert found.total.closing == 0
    assert [row.sums for row in found.rows] == [found.total]


def test_each_session_earns_75_net_and_90_vat_fell_due_at_the_sale(app, clock):
    order = place_order(six())
    use(credits_of(order)[0])
    found = earnings(this_month())
    [row] = found.rows
    assert (row.sessions, row.earned_minor, row.vat_sold_minor, row.vat_percent) == (1, 7500, 9000, "20")
    assert found.revenue_minor == 7500


def test_four_sessions_brought_along_at_90_open_the_next_month_with_300_net(app, clock):
    facts = {"statement_name": "Skin sessions (6)", "sessions": 6, "left": 4, "each_minor": 9000, "vat_percent": "20"}
    dates = {"bought_on": date(2025, 11, 1), "expires_on": date(2026, 11, 1)}
    bring_in(make_client().id, name="6 sessions", currency="GBP", cause="b:1", by="user:1", **facts, **dates)
    db.session.commit()
    assert report(this_month()).total == Liability(moved_in=30000)
    clock.move_to("2026-04-10T09:00:00Z")
    assert report(this_month()).total == Liability(opening=30000)


def test_what_nobody_used_is_breakage(app, clock):
    order = place_order(six(validity_days=10))
    use(credits_of(order)[0])
    clock.shift(timedelta(days=11))
    periods.expire_due()
    db.session.commit()
    assert report(this_month()).total == Liability(sold=45000, redeemed=7500, expired=37500)
    assert earnings(this_month()).breakage_minor == 37500


def test_sessions_paid_back_although_done_are_taken_off_what_was_earned(app, clock):
    order = place_order(six(), tenders=[("cash", 54000)])
    use(credits_of(order)[0], 2)
    call_off(order)  # nobody had asked to begin early: everything goes back
    found = earnings(this_month())
    assert (found.earned_minor, found.kept_minor, found.revenue_minor) == (15000, -15000, 0)
    assert report(this_month()).total.closing == 0


def test_months_are_closed_once_and_carry_over(app, clock):
    order = place_order(six())
    use(credits_of(order)[0])
    clock.move_to("2026-04-01T00:30:00Z")  # half past one in London: not settled yet
    sweep_all()
    assert db.session.scalars(select(ClosedMonth)).all() == []
    clock.move_to("2026-05-03T09:00:00Z")
    for _ in range(2):
        sweep_all()
    use(credits_of(order)[0])
    march, april, may = (report(read_month(f"2026-0{n}")) for n in (3, 4, 5))
    assert (march.is_closed, april.is_closed, may.is_closed) == (True, True, False)
    assert march.total == Liability(sold=45000, redeemed=7500)
    assert april.total == Liability(opening=37500)
    assert may.total == Liability(opening=37500, redeemed=7500)
    assert list(closings(last_months(3, until=this_month())).values()) == [37500, 37500]
    assert all_differences() == []


def test_a_month_is_the_clinic_s_own(app, clock):
    clock.move_to("2026-04-30T23:30:00Z")  # half past midnight of 1 May in London
    place_order(six())
    assert report(read_month("2026-05")).total.sold == 45000
    assert report(read_month("2026-04")).total.sold == 0


def test_a_kept_sum_that_the_ledger_does_not_say_is_found(app, clock):
    place_order(six())
    clock.move_to("2026-04-03T09:00:00Z")
    db.session.add(ClosedMonth(month=date(2026, 3, 1), what="", opening=0, sold=1, redeemed=0, refunded=0, expired=0,
                               moved_in=0, closed_at=this_month().since))  # fmt: skip
    db.session.flush()
    assert any("March 2026: all" in found for found in closing.differences())
    db.session.rollback()


def test_a_closed_month_cannot_be_rewritten(app, clock):
    place_order(six())
    clock.move_to("2026-04-03T09:00:00Z")
    sweep_all()
    with pytest.raises(DBAPIError):
        db.session.execute(update(ClosedMonth).values(sold=0))
    db.session.rollback()


def test_the_list_behind_each_number_adds_up_to_it(app, clock):
    treatment = make_treatment()
    addon = make_addon(treatments=[treatment], per_session_minor=1200)
    order = place_order((six(treatment=treatment), 1, {addon.slug: 3}), six(), tenders=[("cash", 54000 * 2 + 3600)])
    first, second = credits_of(order)
    use(first, 2)
    use(credits_of(order, "addon")[0], 1)
    call_off(order, what=[f"credit:{second.code}"])
    found = report(this_month())
    for figure in ("sold", "redeemed", "refunded", "expired", "moved_in"):
        behind = moves_behind(this_month(), figure)
        assert abs(sum(move.net_minor for move in behind.moves)) == getattr(found.total, figure)
        for row in found.rows:
            mine = moves_behind(this_month(), figure, what=row.what)
            assert abs(sum(move.net_minor for move in mine.moves)) == getattr(row.sums, figure)
    assert len(found.rows) == 3


@pytest.mark.parametrize("wrong", ["package:x", "box:1", "package:", "package:99999999999999999999"])
def test_a_line_that_no_report_has_is_not_there(app, clock, wrong):
    with pytest.raises(NotFound):
        moves_behind(this_month(), "sold", what=wrong)


@pytest.mark.parametrize("wrong", ["2026-13", "26-03", "2026-04", "x"])
def test_a_month_that_cannot_be_is_not_there(app, clock, wrong):
    with pytest.raises(NotFound):
        read_month(wrong)


def test_a_report_costs_the_same_however_much_was_sold(app, clock, statements):
    counts = []
    for sold in (1, 6):
        for _ in range(sold):
            order = place_order(six())
            use(credits_of(order)[0])
        month = this_month()
        with statements() as count:
            report(month)
            earnings(month)
            moves_behind(month, "sold")
        counts.append(len(count))
        db.session.rollback()
    assert counts[0] == counts[1]


def test_what_a_closed_month_earned_is_kept_and_checked(app, clock, statements):
    order = place_order(make_package(sessions=6, price_minor=54000), tenders=[("cash", 54000)])
    use(credits_of(order)[0], 2)
    call_off(order)
    clock.move_to("2026-04-03T09:00:00Z")
    march = read_month("2026-03")
    before = live_earnings(march)
    closing.close(month="2026-03")
    db.session.commit()
    kept = earnings(march)
    assert (kept.rows, kept.kept_minor, kept.revenue_minor) == (before.rows, before.kept_minor, before.revenue_minor)
    assert (kept.earned_minor, kept.kept_minor) == (15000, -15000)
    with statements() as asked:
        earnings(march)
    assert not [text for text in asked.texts if "credit_move" in text]
    assert closing.differences() == []
    db.session.add(ClosedEarning(month=march.before.first, what="", vat_percent="", sessions=0, earned_minor=1,
                                 breakage_minor=0, vat_sold_minor=0, vat_back_minor=0))  # fmt: skip
    db.session.add(
        ClosedMonth(month=march.before.first, what="", closed_at=this_month().since, **dict.fromkeys(FIGURES, 0))
    )
    db.session.flush()
    assert closing.differences() == ["report of February 2026: what was earned is not what the ledger says"]
