"""What breaks around the shop breaks nothing in it: locks, a restarted database, a full disk, no mail, lost messages.

The short forms of the fault plan; kills at every step are in checkout/test_killed, races in checkout/test_race.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import OperationalError

from shop.bag.models import BagLine
from shop.checking import all_differences
from shop.core import clock as shop_clock
from shop.core.db import db
from shop.core.outbox import OutboxRow
from shop.inventory.models import Stock
from shop.orders.models import Order
from shop.working import sweep_all, work_due
from tests.support.factories import make_product
from tests.support.journeys import come_back, fill_bag, go_to_pay
from tests.support.tills import sku_of

LOCKED = "We could not save that just now."


@pytest.fixture
def sku(app):
    return sku_of(make_product(slug="calm-serum", stock=9))


def lines():
    db.session.rollback()
    return db.session.scalar(select(func.count(BagLine.id)))


# --- a database that is locked ---------------------------------------------------------------------------------------


@pytest.fixture
def hold(database, sku):
    """`hold()` keeps others from writing, as a long transaction does; call what it returns to let go."""

    def take():
        db.session.commit()
        if database.dialect == "sqlite":
            other = sqlite3.connect(db.engines[None].url.database, isolation_level=None, check_same_thread=False)
            other.execute("BEGIN IMMEDIATE")
            return other.close
        plain = db.engines[None].url.set(drivername="postgresql").render_as_string(hide_password=False)
        keeper = psycopg.connect(plain)
        keeper.execute("LOCK TABLE bag, bag_line IN SHARE ROW EXCLUSIVE MODE")
        return keeper.close

    return take


@pytest.mark.usefixtures("impatient")
def test_while_somebody_holds_the_lock_pages_are_read_and_a_write_says_try_again(client, sku, hold):
    let_go = hold()
    try:
        assert client.get("/products").status_code == 200
        assert client.get("/products/calm-serum").status_code == 200
        began = time.monotonic()
        answer = client.post("/bag/lines", data={"sku": sku, "quantity": "1"})
        assert time.monotonic() - began < 5
        assert answer.status_code == 503
        assert LOCKED in answer.text
        assert answer.headers["Retry-After"]
    finally:
        let_go()
    assert lines() == 0
    assert client.post("/bag/lines", data={"sku": sku, "quantity": "1"}).status_code == 303
    assert lines() == 1


def test_a_lock_that_ends_in_time_is_waited_for(client, sku, hold):
    timer = threading.Timer(0.4, hold())
    timer.start()
    assert client.post("/bag/lines", data={"sku": sku, "quantity": "1"}).status_code == 303
    timer.join()
    assert lines() == 1


@pytest.mark.postgresql
def test_on_postgresql_no_statement_waits_for_ever(app):
    with db.engines[None].connect() as writing:
        assert writing.exec_driver_sql("show lock_timeout").scalar() == "10s"


@pytest.fixture
def impatient(app, database, monkeypatch):
    """Who wants to write waits a fifth of a second instead of ten."""
    monkeypatch.setattr("shop.core.db.WAIT_SECONDS", 0.2)
    if database.dialect == "sqlite":
        yield
        return
    engine = db.engines[None]

    def at_begin(connection):
        connection.exec_driver_sql("set local lock_timeout = '200ms'")

    event.listen(engine, "begin", at_begin)
    yield
    event.remove(engine, "begin", at_begin)


# --- a database that was restarted -----------------------------------------------------------------------------------


@pytest.mark.postgresql
def test_a_restarted_database_is_found_again_without_a_restart_of_the_shop(app, client, sku):
    fill_bag(client, sku=sku, quantity=1)
    assert client.get("/products").status_code == 200
    db.session.remove()
    ended = []
    for engine in db.engines.values():
        with engine.connect() as connection:
            ended.append(connection.exec_driver_sql("select pg_backend_pid()").scalar())
    plain = db.engines[None].url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as other:
        for pid in ended:
            assert other.execute("select pg_terminate_backend(%s)", [pid]).fetchone() == (True,)
    assert client.get("/products/calm-serum").status_code == 200
    assert client.post("/bag/lines", data={"sku": sku, "quantity": "1"}).status_code == 303


# --- a disk that is full ---------------------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_on_a_full_disk_nothing_is_confirmed_pages_are_read_and_it_goes_on_when_there_is_space(client, standin, sku):
    fill_bag(client, sku=sku, quantity=2)
    back = standin.pay(go_to_pay(client))
    engine = db.engines[None]
    db.session.remove()
    pages = []

    def no_page_more(connection):
        raw = connection.connection.dbapi_connection
        pages[:] = pages or [raw.execute("PRAGMA page_count").fetchone()[0] + 2]
        raw.execute(f"PRAGMA max_page_count = {pages[0]}")

    event.listen(engine, "begin", no_page_more)
    try:
        fill_up()
        assert client.get("/products/calm-serum").status_code == 200
        for _ in range(2):
            returned = client.get(back)
            assert returned.status_code in (202, 503)
            assert "Thank you" not in returned.text
            answer = client.post("/register", data=NEWCOMER)
            assert (answer.status_code, LOCKED in answer.text) == (503, True)
            assert client.get("/bag").status_code == 200
    finally:
        event.remove(engine, "begin", no_page_more)
        engine.dispose()
    assert db.session.scalars(select(Order.state)).all() == ["open"]
    assert all_differences() == []
    assert come_back(client, back).status_code == 200
    assert db.session.scalars(select(Order.state)).all() == ["placed"]
    assert client.post("/register", data=NEWCOMER).status_code == 303
    assert all_differences() == []


NEWCOMER = {"name": "New Comer", "email": "new@example.com", "password": "three quiet harbours"}


def fill_up():
    """Write until the disk takes no page more, and then until no row fits into the last one."""
    for size in (4000, 1000, 200, 20):
        for number in range(400):
            try:
                key = f"junk:{size}:{number}"
                now = clock_now()
                row = {
                    "kind": "junk",
                    "key": key,
                    "payload": {"x": "x" * size},
                    "put_at": now,
                    "due_at": now,
                    "done_at": now,
                }
                db.session.execute(insert(OutboxRow).values(tries=0, **row))
                db.session.commit()
            except OperationalError as full:
                db.session.rollback()
                if "full" not in str(full):
                    raise
                break


def clock_now():
    return shop_clock.now()


# --- a mail server that is away --------------------------------------------------------------------------------------


def test_a_mail_server_that_is_away_for_an_hour_delays_letters_and_nothing_else(
    app, client, clock, standin, config, sku, mailbox
):
    app.config["SHOP"] = replace(config, mail_url="smtp://127.0.0.1:1")
    try:
        fill_bag(client, sku=sku, quantity=1)
        assert come_back(client, standin.pay(go_to_pay(client))).status_code == 200
        for _ in range(30):
            clock.shift(timedelta(minutes=2))
            work(app)
        waiting = db.session.scalars(select(OutboxRow).where(OutboxRow.done_at.is_(None), OutboxRow.kind == "mail")).all()
        assert waiting
        assert db.session.scalars(select(Order.state)).one() == "placed"
    finally:
        app.config["SHOP"] = config
    clock.shift(timedelta(minutes=5))
    letters = Counter((mail.to, mail.subject) for mail in mailbox)
    assert [subject for to, subject in letters if to == "guest@example.com"]
    assert set(letters.values()) == {1}
    assert not db.session.scalars(select(OutboxRow.id).where(OutboxRow.done_at.is_(None), OutboxRow.kind == "mail")).all()


# --- messages that never come ----------------------------------------------------------------------------------------


def test_payments_of_which_no_message_ever_came_are_found_by_one_sweep(app, clock, standin, sku):
    standin.desk.hold()
    for number in range(4):
        guest = app.test_client()
        fill_bag(guest, sku=sku, quantity=1)
        standin.pay(go_to_pay(guest, email=f"guest{number}@example.com"))
    db.session.commit()
    clock.shift(timedelta(hours=1))
    with app.app_context():
        sweep_all()
    assert Counter(db.session.scalars(select(Order.state))) == {"placed": 4}
    stock = db.session.scalars(select(Stock)).one()
    assert (stock.on_hand, stock.allocated, stock.held) == (9, 4, 0)
    standin.desk.release()  # and late they change nothing
    work(app)
    assert Counter(db.session.scalars(select(Order.state))) == {"placed": 4}
    assert all_differences() == []


def work(app):
    db.session.commit()
    with app.app_context():
        work_due()
