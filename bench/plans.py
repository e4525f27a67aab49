"""`dev.py bench --plans`: the client's file, the builder and the queue with 10,000 clients and 50,000 plans, beside the bare list."""

from __future__ import annotations

import json
import logging
import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, event, select, text

from bench.catalogue import BATCH, write
from bench.clinic import fill_clinic
from bench.desks import _browsers, _milliseconds

SIZES = {"clients": 10_000, "credits": 20_000, "orders": 50_000, "movements": 50_000}
PLANS, DAYS = 50_000, 700
CLIENT = 778


def measure_plans(config: Any, *, products: int) -> list[tuple[str, float, float, int]]:
    """(page, milliseconds, times the bare list, statements), slowest first; in this process, as the desks are measured."""
    os.environ["DATABASE_URL"] = config.database_url  # the yardstick reads it when it is loaded
    from bench import bare
    from shop import create_app
    from shop.core.db import db

    logging.getLogger("shop").setLevel(logging.ERROR)
    app = create_app(config)
    began = time.monotonic()
    with app.app_context():
        with db.engines[None].begin() as connection:
            fill_clinic(connection, products=products, now=datetime.now(UTC), **SIZES)
        browser = _browsers(app)["consultant"]
        with db.engines[None].begin() as connection:
            fill_plans(connection)
        with db.engines[None].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum analyze"))
        counted: list[str] = []
        for engine in db.engines.values():
            event.listen(engine, "before_cursor_execute", lambda _c, _u, said, *_more: counted.append(said))
    print(f"  {SIZES}, {PLANS:,} plans filled in {time.monotonic() - began:.0f} s", flush=True)
    plain = bare.app.test_client()
    bare_ms = _milliseconds("/list", lambda: plain.get("/list").status_code)
    found = []
    for page in pages():
        ms = _milliseconds(page, lambda page=page: browser.get(page).status_code)  # type: ignore[misc]
        counted.clear()
        browser.get(page)
        found.append((f"consultant {page}", ms, ms / bare_ms, len(counted)))
    print(f"  the bare list takes {bare_ms:.1f} ms")
    return sorted(found, key=lambda row: -row[1])


def pages() -> tuple[str, ...]:
    return (
        "/admin/clients",
        "/admin/clients?q=client777",
        f"/admin/clients/{CLIENT}",
        f"/admin/clients/{CLIENT}/diary",
        f"/admin/plans/new?client={CLIENT}",
        f"/admin/plans/new?client={CLIENT}&protocol=1",
        f"/admin/plans/{CLIENT}",
        "/admin/plans",
        "/admin/plans/waiting",
    )


def fill_plans(connection: Connection) -> None:
    """Each client has five: sent, one in three seen, one in ten bought, one in a hundred with an open question."""
    from shop.accounts.models import User
    from shop.core.db import db
    from shop.core.encryption import encrypt
    from shop.plans.models import Plan, PlanEvent, PlanItem, PlanMessage, PlanText, PlanVersion
    from shop.plans.starting import add_first_protocols

    add_first_protocols(by="bench")
    db.session.commit()
    whose = connection.execute(select(User.id).where(User.role == "consultant")).scalar_one()
    now, began = datetime.now(UTC), datetime.now(UTC) - timedelta(days=DAYS)
    sealed, question = encrypt(json.dumps(_content())), encrypt("Before or after the cream?")

    def at(n: int) -> datetime:
        return began + (now - began) * n / (PLANS + 1)

    for first in range(1, PLANS + 1, BATCH):
        ids = range(first, min(first + BATCH, PLANS + 1))
        write(connection, Plan, [_plan(n, whose, at(n)) for n in ids])
        write(connection, PlanVersion, [_version(n, at(n)) for n in ids])
        write(connection, PlanText, [{"version_id": n, "content": sealed} for n in ids])
        write(connection, PlanItem, [_item(n) for n in ids])
        write(connection, PlanEvent, [_event(n, kind, at(n)) for n in ids for kind in _kinds(n)])
        asked = [_message(n, question, at(n)) for n in ids if n % 100 == 0]
        if asked:
            write(connection, PlanMessage, asked)
    for name in ("plan", "plan_version", "plan_item", "plan_event", "plan_message"):
        last = f"select setval(pg_get_serial_sequence('{name}', 'id'), (select max(id) + 1 from {name}), false)"
        connection.execute(text(last))


def _content() -> dict[str, Any]:
    return {
        "concern": "",
        "goal": "Calmer by summer",
        "message": "",
        "review_on": "",
        "nothing_to_buy": False,
        "lines": [{"kind": "habit", "name": "Shade at noon", "frequency": "Every day"}],
    }


def _kinds(n: int) -> list[str]:
    return ["sent", *(["seen"] if n % 3 == 0 else []), *(["bought"] if n % 10 == 0 else [])]


def _plan(n: int, whose: int, at: datetime) -> dict[str, Any]:
    return {
        "id": n,
        "code": f"{n:08}",
        "client_id": n % SIZES["clients"] + 1,
        "consultant_id": whose,
        "state": "sent",
        "version": 1,
        "shown": 1,
        "review_on": (at + timedelta(days=60)).date(),
        "cause": f"bench-plan:{n}",
        "made_at": at,
        "sent_at": at,
    }


def _version(n: int, at: datetime) -> dict[str, Any]:
    sums = {"outcome": "plan", "total_minor": 4200, "optional_minor": 0, "currency": "GBP", "digest": "bench"}
    return {"id": n, "plan_id": n, "number": 1, **sums, "by": "bench", "made_at": at}


def _item(n: int) -> dict[str, Any]:
    what = {"position": 0, "variant_id": n % 500 + 1, "role": "essential", "essential_slot": 1, "quantity": 1}
    return {"id": n, "version_id": n, **what, "price_minor": 4200, "clearance": "rules"}


def _event(n: int, kind: str, at: datetime) -> dict[str, Any]:
    return {"plan_id": n, "kind": kind, "key": f"plan:{n}:{kind}", "detail": "", "at": at, "by": "bench"}


def _message(n: int, sealed: str, at: datetime) -> dict[str, Any]:
    facts = {"plan_id": n, "side": "client", "words": sealed, "by": "bench", "cause": f"bench-message:{n}"}
    return {**facts, "made_at": at, "answered_at": None if n > PLANS * 0.95 else at}
