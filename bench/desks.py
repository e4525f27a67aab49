"""`dev.py bench --desks`: every page of the staff and of a client in a clinic of many years, as a multiple of the bare list."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event, text

from bench.clinic import fill_clinic

SIZES = {"clients": 20_000, "credits": 100_000, "orders": 200_000, "movements": 1_000_000}
MOST_TIMES, TRIES = 10.0, 12
PAGES = {
    "client": ("/account", "/account/credits", "/account/orders", "/account/visits"),
    "owner": (
        "/admin",
        "/admin/orders",
        "/admin/orders?q=AG-00003456",
        "/admin/orders?q=client777@example.com",
        "/admin/orders/AG-00003456",
        "/admin/orders/picking",
        "/admin/attention",
        "/admin/stock",
        "/admin/stock/4711",
        "/admin/stock/reorder",
        "/admin/stock/deliveries",
        "/admin/stock/counts",
        "/admin/products",
        "/admin/products?q=serum",
        "/admin/products/4711",
        "/admin/packages",
        "/admin/clients",
        "/admin/clients?q=client777",
        "/admin/reports",
        "/admin/reports/sales",
        "/admin/desk/till",
        "/admin/codes",
        "/admin/staff",
        "/admin/trail",
        "/admin/settings",
    ),
    "consultant": ("/admin/clients", "/admin/clients/778", "/admin/visits", "/admin/plans"),
}


def measure_desks(config: Any, *, products: int) -> list[tuple[str, float, float, int]]:
    """(page, milliseconds of CPU, times the bare list, statements), slowest first. In this process: no network is measured."""
    os.environ["DATABASE_URL"] = config.database_url  # read by the yardstick when it is loaded
    os.environ["PGOPTIONS"] = "-c max_parallel_workers_per_gather=0"  # helpers of a backend would not be counted
    from bench import bare
    from shop import create_app
    from shop.core.db import db

    logging.getLogger("shop").setLevel(logging.ERROR)
    app = create_app(config)
    began = time.monotonic()
    with app.app_context():
        with db.engines[None].begin() as connection:
            fill_clinic(connection, products=products, now=datetime.now(UTC), **SIZES)
        _close_what_is_over()
        with db.engines[None].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum analyze"))
        browsers = _browsers(app)
        counted: list[str] = []
        for engine in db.engines.values():
            event.listen(engine, "before_cursor_execute", lambda _c, _u, said, *_more: counted.append(said))
    print(f"  {SIZES} filled in {time.monotonic() - began:.0f} s", flush=True)
    plain = bare.app.test_client()
    found, barest, backends = [], 1e9, _backends(config.database_url)
    for who, pages in PAGES.items():
        for page in pages:
            asks = (lambda: plain.get("/list"), lambda who=who, page=page: browsers[who].get(page))  # type: ignore[misc]
            bare_ms, ms = _turn_about(backends, *asks)
            counted.clear()
            browsers[who].get(page)
            found.append((f"{who} {page}", ms, ms / bare_ms, len(counted)))
            barest = min(barest, bare_ms)
    print(f"  the bare list takes {barest:.1f} ms at best")
    return sorted(found, key=lambda row: -row[1])


def _close_what_is_over() -> None:
    """As the worker did it in all those nights."""
    from shop.core import clock
    from shop.core.db import db
    from shop.reports import closing
    from shop.reports.spans import this_month

    closing.close(month=this_month().before.slug)
    closing.close_days(day=(clock.today() - timedelta(days=1)).isoformat())
    db.session.commit()


def tell(found: list[tuple[str, float, float, int]]) -> None:
    for page, ms, times, statements in found:
        held = "held  " if times <= MOST_TIMES else "MISSED"
        print(f"  {held} {page:48}{ms:9.1f} ms{times:8.1f} times{statements:5} statements")


def _turn_about(backends: Callable[[], list[int]], *asks: Callable[[], Any]) -> list[float]:
    """The best of TRIES turns of each, one after the other, in CPU of this process and of its database connections.

    What else the machine does makes a wall clock lie many times over; it takes nothing from these counters.
    """
    for ask in asks:
        ask()
    pids, best = backends(), [1e9] * len(asks)
    for _ in range(TRIES):
        for place, ask in enumerate(asks):
            began = _spent_ms(pids)
            answer = ask()
            best[place] = min(best[place], _spent_ms(pids) - began)
            if answer.status_code != 200:
                raise RuntimeError(f"{answer.request.path} answered {answer.status_code}")
    return best


def _spent_ms(pids: list[int]) -> float:
    """Nanoseconds on a core, as the kernel counts them for each process."""
    theirs = (int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids)
    return (time.process_time_ns() + sum(theirs)) / 1e6


def _backends(url: str) -> Callable[[], list[int]]:
    """The processes of the database's server, on this machine, that serve this one."""
    mine = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    asked = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and client_port > 0"
    return lambda: [pid for (pid,) in mine.execute(asked).fetchall()]


def _browsers(app: Any) -> dict[str, Any]:
    """One person of each kind, signed in; the client has five credits, as client 778 of the filled clinic."""
    from shop.accounts.models import Client, User
    from shop.accounts.signing_in import sign_in
    from shop.core import clock
    from shop.core.db import db

    people = {}
    for name, role in (("client", None), ("owner", "owner"), ("consultant", "consultant")):
        user = User(email=f"{name}@bench.example", name=name.capitalize(), role=role, made_at=clock.now())
        user.confirmed_at, user.totp_secret = clock.now(), "JBSWY3DPEHPK3PXP" if role else None
        db.session.add(user)
        db.session.flush()
        people[name] = (user.id, clock.now() if role else None)
    owner = db.session.get(Client, 778)
    assert owner is not None
    owner.user_id = people["client"][0]
    db.session.commit()
    browsers = {}
    for name, (user_id, second_at) in people.items():
        browser = app.test_client()
        with app.test_request_context("/login", method="POST"):
            token = sign_in(user_id, device="bench", second_at=second_at)
            db.session.commit()
        with browser.session_transaction() as session:
            session["sign_in"] = token
        browsers[name] = browser
    return browsers
