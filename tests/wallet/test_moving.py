"""Sessions move between buckets under lock, and the counters repeat what the rows add up to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from shop.accounts.models import Client
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.terms.jurisdictions import law_of
from shop.wallet import giving, moving, periods, requesting
from shop.wallet.checking import differences
from shop.wallet.granting import Grant, grant
from shop.wallet.models import Credit, CreditMove
from tests.support.factories import make_client

UNITS = [[["order-line:1", 3334, 556]], [["order-line:1", 3333, 556]], [["order-line:1", 3333, 555]]]


def make_credit(client: Client | None = None, *, sessions: int = 3, days: int = 365) -> Credit:
    owner = client or make_client()
    given = Grant(
        cause=f"order-line:{owner.id}:0",
        name="Three sessions",
        statement_name="Skin course of 3",
        sessions=sessions,
        units=UNITS[:sessions],
        validity_days=days,
        currency="GBP",
    )
    [credit] = grant(owner.id, [given], order_number="AG-1", by="checkout")
    db.session.commit()
    return credit


def counters(credit: Credit) -> tuple[int, int, int, int]:
    db.session.expire_all()
    return credit.free, credit.held, credit.used, credit.reserved


def test_a_session_is_booked_and_redeemed_with_its_own_share_of_the_price(app, clock):
    credit = make_credit()
    moving.book(credit.id, cause="visit:1", by="client")
    taken = moving.redeem(credit.id, cause="visit:1:done", by="user:9")
    db.session.commit()
    assert (taken.gross_minor, taken.vat_minor) == (3334, 556)
    assert counters(credit) == (2, 0, 1, 0)
    assert differences() == []


def test_the_same_cause_moves_once_however_often_it_is_said(app, clock):
    credit = make_credit()
    for _ in range(3):
        moving.book(credit.id, cause="visit:1", by="client")
    db.session.commit()
    assert counters(credit) == (2, 1, 0, 0)


def test_the_last_session_cannot_be_redeemed_twice_and_says_who_was_first(app, clock):
    credit = make_credit(sessions=1)
    moving.book(credit.id, cause="visit:1", by="client")
    moving.redeem(credit.id, cause="done:1", by="user:9")
    db.session.commit()
    with pytest.raises(Conflict, match="user:9"):
        moving.redeem(credit.id, cause="done:2", by="user:10")


def test_of_two_desks_that_redeem_the_last_session_one_wins(app):
    credit_id = make_credit(sessions=1).id
    moving.book(credit_id, cause="visit:1", by="client")
    db.session.commit()

    def desk(number: int) -> bool:
        with app.app_context():
            try:
                moving.redeem(credit_id, cause=f"done:{number}", by=f"user:{number}")
                db.session.commit()
            except Conflict:
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(desk, range(4)))
    assert won.count(True) == 1
    assert differences() == []


def test_a_pause_of_243_days_moves_the_first_of_december_to_the_first_of_august(app, clock):
    credit = make_credit()
    db.session.execute(update(Credit).values(expires_on=date(2026, 12, 1)))
    periods.freeze(credit.id, cause="freeze:1", by="user:9", reason="pregnancy", on=date(2026, 7, 1))
    db.session.commit()
    with pytest.raises(Conflict):
        moving.book(credit.id, cause="visit:1", by="client")
    assert periods.unfreeze(credit.id, cause="unfreeze:1", by="user:9", on=date(2027, 3, 1)) == date(2027, 8, 1)


def test_one_extension_is_free_and_one_the_clinic_caused_does_not_count(app, clock):
    credit = make_credit()
    periods.extend(credit.id, days=30, cause="x:1", by="client:1", reason="travel")
    periods.extend(credit.id, days=30, cause="x:2", by="user:9", reason="practitioner ill", is_ours=True)
    with pytest.raises(Refused):
        periods.extend(credit.id, days=30, cause="x:3", by="client:1", reason="again")


def test_free_sessions_expire_after_their_last_day_and_not_on_it(app, clock):
    credit = make_credit(days=10)
    clock.move_to("2026-03-12T12:00:00Z")
    assert periods.expire_due() == 0
    clock.move_to("2026-03-13T12:00:00Z")
    assert periods.expire_due() == 1
    db.session.commit()
    assert counters(credit) == (0, 0, 0, 0)
    assert differences() == []


@pytest.mark.parametrize("change", [delete(CreditMove), update(CreditMove).values(sessions=9)])
def test_the_ledger_of_sessions_cannot_be_rewritten(app, clock, change):
    make_credit()
    with pytest.raises(DBAPIError):
        db.session.execute(change)
    db.session.rollback()
    assert db.session.scalar(select(CreditMove.sessions)) == 3


def test_two_of_three_given_to_a_friend_keep_their_worth_and_their_payer(app, clock):
    credit, friend = make_credit(), make_client(user=None)
    given = giving.give(credit.id, sessions=2, to_client_id=friend.id, cause="gift:1", by="client:1")
    again = giving.give(credit.id, sessions=2, to_client_id=friend.id, cause="gift:1", by="client:1")
    db.session.commit()
    assert again.id == given.id
    assert counters(credit) == (1, 0, 0, 0)
    assert counters(given) == (2, 0, 0, 0)
    assert given.units == [[["order-line:1", 3333, 556]], [["order-line:1", 3333, 555]]]
    assert given.expires_on == credit.expires_on
    assert differences() == []


def test_given_sessions_take_their_add_ons_along(app, clock):
    owner, friend = make_client(), make_client(user=None)
    facts = {"statement_name": "Session extra", "validity_days": 365, "currency": "GBP"}
    led = [["order-line:3", 1500, 250]]
    grants = [
        Grant(cause="line:2", name="Three sessions", sessions=3, units=UNITS, **facts),
        Grant(cause="line:3", name="LED", kind="addon", parent_cause="line:2", sessions=3, units=[led] * 3, **facts),
    ]
    package, extra = grant(owner.id, grants, order_number="AG-2", by="checkout")
    given = giving.give_with_extras(package.id, sessions=2, to_client_id=friend.id, cause="gift:2", by="client:1")
    giving.give_with_extras(package.id, sessions=2, to_client_id=friend.id, cause="gift:2", by="client:1")
    db.session.commit()
    [theirs] = db.session.scalars(select(Credit).where(Credit.parent_id == given.id)).all()
    assert (theirs.client_id, theirs.kind, counters(theirs)) == (friend.id, "addon", (2, 0, 0, 0))
    assert counters(extra) == (1, 0, 0, 0)
    assert differences() == []


def test_a_counter_a_date_or_a_share_that_nobody_moved_is_found(app, clock):
    credits = [make_credit() for _ in range(4)]
    db.session.execute(update(Credit).where(Credit.id == credits[0].id).values(free=2))
    db.session.execute(update(Credit).where(Credit.id == credits[1].id).values(expires_on=date(2030, 1, 1)))
    db.session.execute(update(Credit).where(Credit.id == credits[2].id).values(units=UNITS[:2]))
    db.session.execute(update(Credit).where(Credit.id == credits[3].id).values(frozen_on=date(2026, 3, 1)))
    found = differences()
    assert [any(credit.code in one for one in found) for credit in credits] == [True] * 4
    db.session.rollback()


def test_the_wish_to_begin_early_is_kept_with_its_wording_and_stays(app, clock):
    uk = law_of("uk")
    credit = make_credit()
    assert requesting.needs_request(credit, law=uk, on=date(2026, 3, 16))
    assert not requesting.needs_request(credit, law=uk, on=date(2026, 3, 17))
    requesting.request_start(credit.id, version=2, by="client:1")
    db.session.commit()
    first = credit.express_at
    clock.shift(60)
    requesting.request_start(credit.id, version=3, by="client:1")
    db.session.commit()
    assert (credit.express_at, credit.express_version) == (first, 2)
    assert not requesting.needs_request(credit, law=uk, on=date(2026, 3, 3))
