"""`dev.py bench --judging`: every product judged for many clients, and a list that knows when a skin was treated."""

from __future__ import annotations

import csv
import logging
import os
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

PRODUCTS, CLIENTS = 1_472, 50
MOST_SECONDS, MOST_TIMES = 2.0, 1.3
ROUNDS, TRIES = 15, 20
REAL = Path("catalogue") / "sephora_cosmetic_p.csv"


def measure_judging() -> tuple[float, float, float]:
    """(seconds to read the labels, seconds to judge them for all clients, the list with a calendar over without)."""
    from bench.running import filled

    read, judged = _judged()
    with filled("sqlite", PRODUCTS) as config:
        return read, judged, _list_times(config)


def tell(read: float, judged: float, times: float) -> None:
    print(f"  {PRODUCTS:,} labels read in {read:.2f} s")
    print(f"  {_held(judged <= MOST_SECONDS)} judged for {CLIENTS} clients in {judged:.2f} s, promised {MOST_SECONDS}")
    print(
        f"  {_held(times <= MOST_TIMES)} a list with the calendar costs {times:.2f} times one without, promised {MOST_TIMES}"
    )


def _held(holds: bool) -> str:
    return "held  " if holds else "MISSED"


def _judged() -> tuple[float, float]:
    from shop.care.calendar import Session, judge
    from shop.care.parsing import read_label
    from shop.care.windows import starter_rules

    texts, today, rules = list(_lists()), date(2026, 11, 20), starter_rules()
    began = time.process_time()
    labels = [read_label(text) for text in texts]
    read = time.process_time() - began
    treatments = ("meso-rejuvenation", "meso-pigmentation", "meso-scars", "meso-hair", "meso-hydration")
    began = time.process_time()
    for n in range(CLIENTS):
        days = (today - timedelta(days=n % 20), today + timedelta(days=n % 30 + 1))
        sessions = tuple(Session(treatments[n % 5], day, ("peel",) if n % 3 == 0 else ()) for day in days)
        told = ("limonene",) if n % 5 == 0 else ()
        for label in labels:
            judge(label, sessions=sessions, on=today, pregnant=n % 7 == 0, allergies=told, rules=rules)
    return read, time.process_time() - began


def _lists() -> Iterator[str]:
    """The lists of a real shop where `SHOP_TEST_DATA` holds them, else as many drawn ones."""
    from bench.catalogue import drawn_lists

    path = Path(os.environ.get("SHOP_TEST_DATA", "-")) / REAL
    if not path.exists():
        yield from drawn_lists(PRODUCTS)
        return
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield row["ingredients"]


def _list_times(config: Any) -> float:
    """CPU of this process for the list of a visitor who named the day of a session, over that of one who did not."""
    from shop import create_app
    from shop.core import clock

    logging.getLogger("shop").setLevel(logging.ERROR)
    app = create_app(config)
    plain, treated = app.test_client(), app.test_client()
    with app.app_context():
        day = clock.today().isoformat()
    for browser, told in ((plain, ""), (treated, day)):  # both come back with a cookie; one names a day
        with browser.session_transaction() as session:
            session["last_session"] = told
    turns = []
    for _ in range(ROUNDS):
        without = _cpu(lambda: plain.get("/products").status_code)
        turns.append(_cpu(lambda: treated.get("/products").status_code) / without)
    return median(turns[1:])


def _cpu(ask: Callable[[], int]) -> float:
    began = time.process_time()
    for _ in range(TRIES):
        if ask() != 200:
            raise RuntimeError("the list did not answer 200")
    return time.process_time() - began
