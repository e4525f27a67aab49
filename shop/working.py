"""The worker: effects of the outbox, messages of Stripe, and every minute whatever a crash or a silence left behind."""

from __future__ import annotations

import threading

from flask import Flask

from shop.account import pausing
from shop.accounts.sweeping import sweep_doors
from shop.catalog import scheduling_prices
from shop.checkout import sweeping
from shop.core import clock, outbox, sealing
from shop.core.db import db
from shop.core.limits import sweep_limits
from shop.core.logs import logger, note
from shop.intake import drafting
from shop.inventory import ageing
from shop.nudging import queue_of
from shop.payments import payouts
from shop.plans import reminding as plan_reminding
from shop.reports import closing, weekly
from shop.reviews import asking
from shop.storefront import noticing
from shop.wallet import daily
from shop.wishes import reminding

SOON, SELDOM = 5.0, 60.0  # seconds between looks for what no nudge announced, and between whole sweeps


def work_due() -> int:
    """Messages first, as they may cause effects; then the effects. Commits piece by piece."""
    return sweeping.work_inbox() + outbox.work_all()


def change_prices() -> float:
    """Apply the prices whose moment has come; the seconds until the next one, at most SOON."""
    if scheduling_prices.apply_due():
        db.session.commit()
    upcoming = scheduling_prices.next_moment()
    db.session.rollback()
    return SOON if upcoming is None else min(SOON, max(0.0, (upcoming - clock.now()).total_seconds()))


def sweep_all() -> dict[str, int]:
    """One whole sweep, as the worker does each minute and `shop sweep` by hand."""
    done = sweeping.sweep()
    change_prices()
    daily.promise_today()
    ageing.promise_today()
    pausing.promise_today()
    drafting.sweep()
    plan_reminding.promise_today()
    closing.promise()
    weekly.promise()
    payouts.promise_today()
    asking.promise_today()
    noticing.sweep()
    reminding.sweep()
    db.session.commit()
    done["effects"] = outbox.work_all()
    done["sealed"] = sealing.seal()
    db.session.commit()
    done["limits"] = sweep_limits()
    done["doors"] = sweep_doors()
    return done


def run(app: Flask, *, threads: int = 2) -> None:
    """Serve until SIGINT; a second SIGINT would drop the running task."""
    queue = queue_of(app)
    stopping = threading.Event()
    sweeper = threading.Thread(target=_sweep_forever, args=(app, stopping), name="sweeper", daemon=True)
    sweeper.start()
    consumer = queue.create_consumer(workers=threads, initial_delay=0.05, max_delay=0.2, backoff=1.1)
    consumer.run()
    stopping.set()
    sweeper.join(timeout=20)


def _sweep_forever(app: Flask, stopping: threading.Event) -> None:
    since_whole, nap = SELDOM, SOON
    while not stopping.is_set():
        with app.app_context():
            try:
                nap = change_prices()
                if since_whole >= SELDOM:
                    note("sweep", **sweep_all())
                    since_whole = 0.0
                else:
                    work_due()
            except Exception:
                logger.exception("sweep failed")
                db.session.rollback()
        stopping.wait(nap)
        since_whole += nap
