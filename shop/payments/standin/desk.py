"""The control desk: what a bank, a client or bad luck would do, as verbs for tests and for the desk's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, get_args

from shop.payments.standin import balancing, disputing, paying, refunding, sessions
from shop.payments.standin.delivering import Order, Postman
from shop.payments.standin.envelope import ApiError
from shop.payments.standin.recording import INNER
from shop.payments.standin.store import Json, Store, Unit, without

# timeout: done, but the answer is lost; reset: lost on the way there; the numbers are Stripe's own answers.
Fault = Literal["timeout", "reset", "500", "503", "403", "409", "429"]


class Desk:
    """Every verb is one unit of work; its events go out at once unless they are held."""

    def __init__(self, store: Store, postman: Postman) -> None:
        self._store = store
        self._postman = postman

    def pay(self, session: str) -> Json:
        return self._do(lambda unit: paying.pay(unit, session))

    def decline(self, session: str) -> Json:
        return self._do(lambda unit: paying.decline(unit, session))

    def pay_slowly(self, session: str) -> Json:
        return self._do(lambda unit: paying.pay_slowly(unit, session))

    def settle_slow(self, session: str, *, ok: bool) -> Json:
        """The slow bank answers, days later."""
        return self._do(lambda unit: paying.settle_slow(unit, session, ok=ok))

    def expire(self, session: str) -> Json:
        return self._do(lambda unit: sessions.expire(unit, session))

    def expire_due(self) -> int:
        """Close every page whose hour has come, as Stripe does by itself."""
        with self._store.unit() as unit:
            count = sessions.expire_due(unit)
        self._postman.after_answer()
        return count

    def refund_in_dashboard(self, payment_intent: str, *, amount: int | None = None) -> Json:
        """Somebody refunds in Stripe's own dashboard: no metadata, no word to the shop but the event."""
        params: Json = {"payment_intent": payment_intent}
        if amount is not None:
            params["amount"] = amount
        return self._do(lambda unit: refunding.refund(unit, params))

    def settle_refund(self, refund: str, *, ok: bool) -> Json:
        """A pending refund arrives; or a refund, even a succeeded one, comes back."""
        return self._do(lambda unit: refunding.settle_refund(unit, refund, ok=ok))

    def refunds_wait(self, on: bool = True) -> None:
        """New refunds start as pending, as slow banks have them."""
        self._set("refunds_wait", on)

    def open_dispute(self, payment_intent: str, *, amount: int | None = None) -> Json:
        return self._do(lambda unit: disputing.open_dispute(unit, payment_intent, amount=amount))

    def close_dispute(self, dispute: str, *, won: bool) -> Json:
        return self._do(lambda unit: disputing.close_dispute(unit, dispute, won=won))

    def warn(self, payment_intent: str) -> Json:
        """An early fraud warning."""
        return self._do(lambda unit: disputing.warn(unit, payment_intent))

    def pay_out(self) -> Json:
        """Stripe sends what is on the account to the clinic's bank."""
        return self._do(balancing.pay_out)

    def fail_payout(self, payout: str) -> Json:
        """The bank sends a payout back."""
        return self._do(lambda unit: balancing.fail_payout(unit, payout))

    def hold(self) -> None:
        """Keep events until `release`, to let them arrive late or in another order."""
        self._set("hold", True)

    def release(self, *, order: Order = "written") -> int:
        """Send what was kept; answers how many the shop took."""
        self._set("hold", False)
        return self._postman.flush(order=order, early=True)

    def send_due(self, *, early: bool = False) -> int:
        """Send what is due by the clock; `early` also what waits for a later try."""
        return self._postman.flush(early=early)

    def send_copies(self, copies: int) -> None:
        """From now on each event goes out this many times; 1 is usual."""
        self._set("copies", copies)

    def drop_next(self, count: int = 1) -> None:
        """The next events are never sent; they can still be listed."""
        self._set("drop_next", count)

    def delay(self, seconds: int) -> None:
        """From now on events become due so much later."""
        self._set("delay_seconds", seconds)

    def send_again(self, event: str) -> int:
        """Send one event once more, as somebody may in Stripe's dashboard."""
        with self._store.unit() as unit:
            unit.sql("INSERT INTO delivery (event, due_at) VALUES (?, ?)", (event, unit.now))
        return self._postman.flush()

    def fail_next(self, kind: Fault, *, times: int = 1) -> None:
        """The next calls of the API fail in this way."""
        if kind not in get_args(Fault):
            raise ApiError(f"A fault is one of {', '.join(get_args(Fault))}.", param="kind")
        self._set("fault", {"kind": kind, "times": times})

    def take_fault(self) -> Fault | None:
        """The fault that the present call has to show, counted down."""
        with self._store.unit() as unit:
            fault = unit.switch("fault")
            if not fault or not fault["times"]:
                return None
            unit.set_switch("fault", fault | {"times": fault["times"] - 1})
        kind: Fault = fault["kind"]
        return kind

    def events(self, types: Iterable[str] = ()) -> list[Json]:
        """What happened so far, oldest first."""
        wanted = set(types)
        return [one for one in self.all("event") if not wanted or one["type"] in wanted]

    def all(self, kind: str) -> list[Json]:
        """Every object of a kind, oldest first, as the API shows it."""
        with self._store.unit() as unit:
            return [without(body, *INNER) for body in unit.all(kind)]

    def _do(self, act: Callable[[Unit], Json]) -> Json:
        with self._store.unit() as unit:
            body = act(unit)
        self._postman.after_answer()
        return without(body, *INNER)

    def _set(self, name: str, value: object) -> None:
        with self._store.unit() as unit:
            unit.set_switch(name, value)
