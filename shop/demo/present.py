"""The demo clinic's week: who comes today, whom the consultants advise, what was brought back, and one thing that went wrong."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from shop.accounts.making import make_staff
from shop.accounts.models import Client, User
from shop.catalog.models import Treatment
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.settings import setting
from shop.demo.people import CONSULTANT
from shop.demo.present_people import be_ready
from shop.demo.present_plans import add_plans
from shop.inventory.models import Stock, StockMovement
from shop.inventory.receiving import adjust
from shop.orders.models import Order
from shop.orders.paying_by_hand import hand_over, paid_back
from shop.orders.returning import come_back, waiting_goods
from shop.orders.withdrawing import withdraw
from shop.payments.models import Refund
from shop.visits.attending import arrive, treat
from shop.visits.booking import Choice, book
from shop.visits.matters import free_matter, matter_of
from shop.visits.models import Practitioner, TreatmentRecord, Visit
from shop.visits.recording import save
from shop.visits.reporting import LOOK_BACK, Told, report
from shop.wallet.models import Credit

BY = "demo"
LEAD, SECOND_CONSULTANT = "medical-lead@example.com", "iris@example.com"
TODAY = ((10, 0), (10, 30), (11, 15), (12, 15), (14, 15), (15, 0), (16, 15), (17, 30))
LATER = ((10, 15), (11, 30), (14, 0), (15, 15))
DAYS_AHEAD, COOLING_OFF, RUN_LOW = 6, 15, 3
WEEKS_AGO = (timedelta(days=9), timedelta(days=80))


def add_present() -> None:
    """After the year was committed; the caller commits. Written by the acts of the desk, so that every page finds what it expects."""
    _staff(LEAD, "Dr Maren Okafor", "medical-lead", calendar=True)
    iris = _staff(SECOND_CONSULTANT, "Iris Halloran", "consultant", calendar=True)
    ines = db.session.scalars(select(User).where(User.email == CONSULTANT)).one()
    comers = _comers()
    _book_day(clock.today(), TODAY, comers)
    _live_through_today()
    for ahead in range(1, DAYS_AHEAD):
        _book_day(clock.today() + timedelta(days=ahead), LATER, comers)
    _consult(ines.id)
    add_plans([ines, iris])
    _report_a_lump()
    _bring_back()
    _run_low()


def has_no_present() -> bool:
    """A demo whose year was written and whose week was not."""
    return bool(setting("clinic.demo")) and db.session.scalar(select(User.id).where(User.email == LEAD)) is None


def _staff(email: str, name: str, role: str, *, calendar: bool) -> User:
    """A colleague whose password nobody knows: seen in lists, never signed in."""
    user = make_staff(email, name=name, role=role, by=BY, password=secrets.token_urlsafe(24))
    who = db.session.scalars(select(Practitioner).where(Practitioner.name == name)).first()
    if calendar and who is not None:
        who.user_id = user.id
    db.session.flush()
    return user


def _comers() -> list[Credit]:
    """Series that go on, of people without a sign-in, whose days of withdrawal are over; the newest first."""
    long_ago = clock.today() - timedelta(days=COOLING_OFF)
    rows = select(Credit).join(Client, Client.id == Credit.client_id).where(Client.user_id.is_(None), Credit.free > 0)
    rows = rows.where(Credit.bought_on < long_ago, Credit.expires_on > clock.today() + timedelta(days=30))
    return list(db.session.scalars(rows.order_by(Credit.bought_on.desc(), Credit.id)))


def _book_day(on: date, times: tuple[tuple[int, int], ...], comers: list[Credit]) -> None:
    """Whoever fits at each time, once; nobody is booked against a rule."""
    for hour, minute in times:
        starts = clock.at_local(on, time(hour, minute))
        for credit in comers:
            if _book(credit, starts):
                be_ready(credit)
                comers[:] = [other for other in comers if other.client_id != credit.client_id]
                break


def _book(credit: Credit, starts: datetime) -> bool:
    try:
        with db.session.begin_nested():
            book(matter_of(credit), Choice(starts_at=starts, is_staff=True), cause=f"demo:{credit.id}", by=BY, tells=False)
    except (Conflict, Refused):
        return False
    return True


def _live_through_today() -> None:
    """What is over was treated and written down, who comes next sits in the waiting room; two are always left to treat."""
    since = clock.at_local(clock.today(), time(0))
    ours = select(Visit).where(
        Visit.starts_at >= since, Visit.starts_at < since + timedelta(days=1), Visit.state == "booked"
    )
    visits = list(db.session.scalars(ours.order_by(Visit.starts_at, Visit.id)))
    for visit in visits:
        _write_down(visit.client_id)
    over = [visit for visit in visits[:-2] if visit.leaves_at <= clock.now()]
    for visit in over:
        treat(visit, by=BY)
        mixed = [
            {"name": "Hydrating mix", "lot": f"M{visit.id % 7 + 3107}", "ingredients": "SODIUM HYALURONATE, PANTHENOL"}
        ]
        save(visit, {"areas": ["Face"], "solutions": mixed, "notes": ""}, revision=0, by=BY)
    waiting = visits[len(over) : len(over) + 1]
    for visit in waiting:
        arrive(visit, by=BY)


def _write_down(client_id: int) -> None:
    """What was mixed and done at each treatment of half a year, with the lot of each vial."""
    since = clock.now() - LOOK_BACK
    done = select(Visit).where(Visit.client_id == client_id, Visit.state == "done", Visit.starts_at > since)
    done = done.where(Visit.id.not_in(select(TreatmentRecord.visit_id)))
    for visit in db.session.scalars(done.order_by(Visit.id)):
        mixed = [{"name": "Calm mix", "lot": f"M{3100 + visit.id % 9}", "ingredients": "SODIUM HYALURONATE, PANTHENOL"}]
        told = {"areas": ["Cheeks"], "solutions": mixed, "reaction": "mild" if visit.id % 2 else "none"}
        save(visit, told, revision=0, by=BY, finished=True)


def _consult(user_id: int) -> None:
    """Two first conversations in the days to come."""
    people = select(Client).where(Client.user_id.is_(None), Client.id.not_in(select(Credit.client_id)))
    for number, client in enumerate(db.session.scalars(people.order_by(Client.id).limit(2))):
        for ahead in range(1, DAYS_AHEAD):
            starts = clock.at_local(clock.today() + timedelta(days=ahead), time(12 + 2 * number, 30))
            try:
                with db.session.begin_nested():
                    matter = free_matter("consultation", client_id=client.id)
                    book(
                        matter,
                        Choice(starts_at=starts, is_staff=True),
                        cause=f"demo:talk:{client.id}",
                        by=f"user:{user_id}",
                        tells=False,
                    )
                break
            except (Conflict, Refused):
                continue


def _report_a_lump() -> None:
    """A client reports a late reaction: the one open case."""
    now, (least, most) = clock.now(), WEEKS_AGO
    done = select(Visit).join(Credit, Credit.id == Visit.credit_id).join(Treatment, Treatment.id == Visit.treatment_id)
    done = done.where(Visit.state == "done", Visit.starts_at.between(now - most, now - least), Credit.free > 0)
    busy = select(Visit.client_id).where(Visit.starts_at >= clock.at_local(clock.today(), time(0)))
    visit = db.session.scalars(done.where(Visit.client_id.not_in(busy)).order_by(Visit.starts_at.desc()).limit(1)).first()
    if visit is None:
        return
    _write_down(visit.client_id)
    words = "A small firm spot under the skin on the left, since the day before yesterday. It does not hurt."
    told = Told("new-lump", clock.today() - timedelta(days=2), words)
    report(visit, told, cause="demo:reaction")


def _bring_back() -> None:
    """Goods bought at the desk last week came back unopened; the money has gone back by the terminal."""
    week = clock.now() - timedelta(days=13)
    rows = select(Order).where(Order.delivery == "collect", Order.has_sessions.is_(False), Order.placed_at > week)
    order = db.session.scalars(rows.where(Order.fulfilment == "done").order_by(Order.placed_at).limit(1)).first()
    if order is None:
        return
    withdraw(order, by=BY, cause="demo:return", reason="Brought back unopened")
    for goods in waiting_goods(order):
        come_back(order, code=goods.withdrawal.code, key=goods.key, state="unopened", to_shelf=True, by=BY)
    for refund in db.session.scalars(select(Refund).where(Refund.order_number == order.number)):
        hand_over(refund)
        paid_back(refund.id, by=BY)


def _run_low() -> None:
    """Of what sold best in these weeks hardly anything is left."""
    since = clock.now() - timedelta(days=28)
    left = select(Stock.variant_id).join(StockMovement, StockMovement.stock_id == Stock.id)
    left = left.where(StockMovement.kind == "dispatch", StockMovement.at > since).group_by(Stock.variant_id)
    best = db.session.scalars(left.order_by(func.sum(StockMovement.on_hand_change), Stock.variant_id).limit(RUN_LOW))
    for variant_id in best.all():
        kept = 1
        for stock in db.session.scalars(select(Stock).where(Stock.variant_id == variant_id).order_by(Stock.id)).all():
            gone, kept = max(0, stock.available - kept), max(0, kept - stock.available)
            if gone:
                adjust(stock, units=-gone, cause=f"demo:low:{stock.id}", by=BY, reason="Used in the treatment rooms")
