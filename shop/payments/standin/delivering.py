"""Events go out to the shop's webhook: signed, after the answer, and again with growing pauses until it says yes."""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from random import shuffle
from typing import Literal

from shop.payments.standin.recording import api_version
from shop.payments.standin.sessions import expire_due
from shop.payments.standin.store import Store, Unit

# What carries one webhook: takes body and headers, answers the HTTP status, 0 when nobody was there.
Deliver = Callable[[bytes, dict[str, str]], int]
Order = Literal["written", "reversed", "shuffled"]

_PAUSES = (1, 2, 4, 8, 15, 30, 60, 120, 300, 600, 1800, 3600)
_TICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Due:
    """One delivery whose time has come."""

    seq: int
    event: str
    tries: int


class Postman:
    """Carries events. With a `deliver` of the caller's own it works at once and in the caller's thread."""

    def __init__(self, store: Store, *, url: str, secret: str, deliver: Deliver | None) -> None:
        self._store = store
        self._secret = secret
        self._deliver = deliver or _by_http(url)
        self._is_inline = deliver is not None
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def after_answer(self) -> None:
        """Called when an answer is on its way: events never overtake the answer that caused them."""
        if not self._is_inline:
            self.start()
            self._wake.set()
            return
        self.flush()

    def start(self) -> None:
        """Begin to carry in a thread of this process, once."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="standin-postman", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the thread, letting it finish what it carries."""
        self._ended.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=15)

    def flush(self, *, order: Order = "written", early: bool = False) -> int:
        """Carry all that is due, `early` also what waits; answers how many the shop took."""
        with self._store.unit() as unit:
            if unit.switch("hold", False) and not early:
                return 0
            due = self._claim(unit, early=early)
        if order == "reversed":
            due.reverse()
        if order == "shuffled":
            shuffle(due)
        return sum(self._carry(one) for one in due)

    def _claim(self, unit: Unit, *, early: bool) -> list[Due]:
        rows = unit.sql(
            "SELECT seq, event, tries FROM delivery WHERE state = 'pending' AND (? OR due_at <= ?) ORDER BY seq LIMIT 200",
            (early, unit.now),
        ).fetchall()
        # Claimed rows come back by themselves should this process die on the way.
        for row in rows:
            unit.sql("UPDATE delivery SET due_at = ? WHERE seq = ?", (unit.now + 30, row["seq"]))
        return [Due(*row) for row in rows]

    def _carry(self, due: Due) -> bool:
        with self._store.unit() as unit:
            event = unit.find("event", due.event)
            now = unit.now
        body = json.dumps(event, indent=2)
        status = self._deliver(body.encode(), _signed(body, self._secret, now=now))
        taken = 200 <= status < 300
        with self._store.unit() as unit:
            pause = _PAUSES[min(due.tries, len(_PAUSES) - 1)]
            state = "done" if taken else "given up" if due.tries + 1 > len(_PAUSES) else "pending"
            unit.sql(
                "UPDATE delivery SET tries = tries + 1, state = ?, due_at = ? WHERE seq = ?",
                (state, unit.now + pause, due.seq),
            )
        return taken

    def _run(self) -> None:
        while not self._ended.is_set():
            self._wake.wait(_TICK_SECONDS)
            self._wake.clear()
            try:
                with self._store.unit() as unit:
                    expire_due(unit)
                self.flush()
            except sqlite3.OperationalError as error:
                print(f"The stand-in's file is busy ({error}); events go out a little later.", file=sys.stderr)


def _signed(body: str, secret: str, *, now: int) -> dict[str, str]:
    import stripe

    signature = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=now)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature,
        "User-Agent": f"Stripe/1.0 (stand-in; {api_version()})",
    }


def _by_http(url: str) -> Deliver:
    import requests

    session = requests.Session()
    # A proxy of the surroundings has no business between two programs of one machine.
    session.trust_env = False

    def deliver(body: bytes, headers: dict[str, str]) -> int:
        try:
            return session.post(url, data=body, headers=headers, timeout=10, allow_redirects=False).status_code
        except requests.RequestException:
            return 0

    return deliver
