"""A payout is held against the shop's own books: what agrees, what does not, and who is asked."""

from __future__ import annotations

import csv
import io

from sqlalchemy import select

from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.orders.refunding import request_refund
from shop.payments import ledger
from shop.payments.payout_models import Payout, PayoutLine
from shop.reports.paying_out import one_payout, statement
from shop.reports.spans import read_month
from tests.support.people import browser_of_staff

MONTH = "2026-03"


def entries():
    db.session.rollback()
    return list(db.session.scalars(select(AttentionEntry).where(AttentionEntry.kind == "payout")))


def the_payout() -> Payout:
    db.session.rollback()
    return db.session.scalars(select(Payout)).one()


def test_a_payout_of_a_paid_and_partly_refunded_order_agrees_with_the_books(paid, standin, worker):
    request_refund(paid.number, amount_minor=5000, cause="click:1", reason="Goodwill", by="user:1")
    worker()
    standin.desk.pay_out()
    worker()
    found = one_payout(the_payout().id)
    assert (found.sums.gross_minor, found.sums.refunds_minor) == (34_500, 5000)
    assert found.sums.bank_minor == found.payout.amount_minor
    assert {one.order_number for one in found.lines} == {paid.number}
    assert found.problems == []
    assert entries() == []


def test_the_same_message_twice_and_a_look_by_day_change_nothing(paid, standin, worker, sweep_later):
    standin.desk.send_copies(3)
    standin.desk.pay_out()
    worker()
    count = db.session.query(PayoutLine).count()
    sweep_later(days=1)
    assert db.session.query(PayoutLine).count() == count == 1


def test_a_payout_nobody_told_of_is_found_by_the_next_look(paid, standin, worker, sweep_later):
    standin.desk.drop_next(5)
    standin.desk.pay_out()
    worker()
    assert db.session.query(Payout).count() == 0
    db.session.rollback()
    sweep_later(days=1)
    assert one_payout(the_payout().id).problems == []


def test_money_our_books_do_not_have_asks_for_a_person_once(paid, standin, worker):
    standin.desk.hold()
    standin.desk.refund_in_dashboard(standin.desk.all("payment_intent")[0]["id"], amount=700)
    lost = standin.desk.pay_out()
    from shop.payments.payouts import hear_payout

    for _ in range(2):
        hear_payout(object_id=lost["id"], payload={})
        db.session.commit()
    assert [entry.reason for entry in entries()] == ["Refund of £7.00: our ledger does not have it."]
    assert one_payout(the_payout().id).lines[1].order_number is None
    db.session.rollback()
    standin.desk.release()
    worker()
    assert one_payout(the_payout().id).problems == []


def test_another_amount_in_our_books_is_said(paid, standin, worker):
    intent = standin.desk.all("payment_intent")[0]["id"]
    standin.desk.hold()
    refund = standin.desk.refund_in_dashboard(intent, amount=700)
    ledger.write_down(
        "refunded", order_number=paid.number, amount_minor=600, currency="GBP", reference=f"refunded:{refund['id']}"
    )
    db.session.commit()
    standin.desk.pay_out()
    standin.desk.release()
    worker()
    assert one_payout(the_payout().id).problems == ["Refund of £7.00: it is £6.00 in our ledger."]
    assert len(entries()) == 1


def test_a_payout_that_came_back_counts_for_nothing(paid, standin, worker):
    first = standin.desk.pay_out()
    standin.desk.fail_payout(first["id"])
    standin.desk.pay_out()
    worker()
    db.session.rollback()
    found = statement(read_month(MONTH))
    assert sorted(row.payout.status for row in found.rows) == ["failed", "paid"]
    assert found.bank_minor == first["amount"]


def test_disputes_and_their_fee_stand_in_it(paid, standin, worker):
    dispute = standin.desk.open_dispute(standin.desk.all("payment_intent")[0]["id"], amount=10_000)
    standin.desk.pay_out()
    worker()
    standin.desk.close_dispute(dispute["id"], won=True)
    standin.desk.pay_out()
    worker()
    db.session.rollback()
    rows = statement(read_month(MONTH)).rows
    assert [row.sums.disputes_minor for row in rows] == [10_000, -10_000]
    assert all(row.sums.bank_minor == row.payout.amount_minor and not row.problems for row in rows)


def test_what_no_payout_has_brought_is_listed(paid, app):
    staff = browser_of_staff("admin", app)
    page = staff.get(f"/admin/reports/payouts?month={MONTH}").text
    assert "£345.00" in page
    assert paid.number in staff.get(f"/admin/reports/payouts/waiting?month={MONTH}").text


def test_the_pages_and_the_file(paid, standin, worker, app):
    standin.desk.pay_out()
    worker()
    staff = browser_of_staff("admin", app)
    number = the_payout().id
    page = staff.get(f"/admin/reports/payouts?month={MONTH}").text
    assert "agree" in page
    assert paid.number in staff.get(f"/admin/reports/payouts/{number}").text
    assert staff.get("/admin/reports/payouts/99").status_code == 404
    text = staff.get(f"/admin/reports/payouts.csv?month={MONTH}").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["What"] for row in rows] == ["Payment", "Sent to the bank"]
    assert rows[0]["Net"] == rows[1]["Net"]
    assert "Stripe sent nothing" in staff.get("/admin/reports/payouts?month=2026-02").text
