"""The one or two things a client should know first: what to book, what runs out, what is on its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shop.account.seeing_orders import Bought
from shop.account.seeing_sessions import Series
from shop.core.templating import day, moment
from shop.plans.models import Plan
from shop.visits.models import Visit


@dataclass(frozen=True)
class Step:
    icon: str
    title: str
    text: str
    path: str
    words: str


def next_steps(
    series: Sequence[Series],
    *,
    orders: Sequence[Bought],
    phone: str,
    appointment: Visit | None = None,
    plan: Plan | None = None,
) -> list[Step]:
    """In the order in which they matter; empty when there is nothing to do."""
    coming = [_appointment(appointment)] if appointment else []
    ending = [_ends_soon(one, phone) for one in series if one.ends_soon]
    booking = [_book(one) for one in series if one.left and not one.booked and not one.is_over and not one.ends_soon]
    parcels = [_parcel(order) for order in orders if order.is_on_its_way]
    advice = [_plan(plan)] if plan else []
    return coming + advice + ending + booking + parcels


def _plan(plan: Plan) -> Step:
    words = f"Written on {day(plan.sent_at or plan.made_at)}. It is looked at again whenever you open it."
    return Step("sun", "Your plan is here", words, "/plan", "Open it")


def _appointment(visit: Visit) -> Step:
    path = f"/account/visits/{visit.number}"
    return Step(
        "calendar", f"Your next appointment: {moment(visit.starts_at)}", "Open it to move or cancel it.", path, "Open it"
    )


def _ends_soon(series: Series, phone: str) -> Step:
    left = "One session" if series.left == 1 else f"{series.left} sessions"
    title = f"{left} of {series.name} {'ends' if series.left == 1 else 'end'} on {day(series.expires_on)}"
    path = f"/account/visits/new?what={series.code}"
    return Step("clock", title, f"Find the days here, or call {phone} and we find them with you.", path, "Find a time")


def _book(series: Series) -> Step:
    which = "first" if not series.done else "next"
    title = f"Choose a time for the {which} session of {series.name}"
    return Step(
        "calendar",
        title,
        "Three taps: the day, the time, confirm.",
        f"/account/visits/new?what={series.code}",
        "Find a time",
    )


def _parcel(order: Bought) -> Step:
    title = f"Order {order.number}: {order.state[0].lower()}"
    return Step("bag", title, "We write as soon as there is news.", f"/orders/{order.number}", "See the order")
