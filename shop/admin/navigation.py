"""Which desks a member of staff has, and what waits at each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from flask_login import current_user
from sqlalchemy import func, select

from shop.admin.plans.requests import count_open as count_open_requests
from shop.admin.setup.steps import is_over
from shop.cases.models import KINDS, REACTIONS
from shop.cases.standing import count_open
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.settings import setting
from shop.intake.reviewing import count_waiting
from shop.orders.finding import Wanted, count_orders
from shop.plans.following import count_waiting as count_waiting_questions
from shop.reviews.moderating import count_waiting as count_reviews

MOST_COUNTED = 100


@dataclass(frozen=True)
class Desk:
    """One entry of the list; `right` is who has it, `shows` whether the clinic uses it."""

    path: str
    words: str
    right: str
    waiting: Callable[[], int] | None = None
    shows: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class Item:
    path: str
    words: str
    here: bool
    count: str


def open_entries() -> int:
    """Entries of the attention list that wait for a person."""
    return int(db.session.scalar(select(func.count(AttentionEntry.id)).where(AttentionEntry.resolved_at.is_(None))) or 0)


def count_cases() -> int:
    """Open cases that the reader may open."""
    return count_open(KINDS if current_user.can("health") else set(KINDS) - set(REACTIONS))


def orders_to_send() -> int:
    return count_orders(Wanted(fulfilment="to-send"), most=MOST_COUNTED)


def plans_waiting() -> int:
    """Questions of clients and requests that wait for a consultant."""
    return count_waiting_questions() + count_open_requests()


DESKS = (
    Desk("/admin", "Today", "desk"),
    Desk("/admin/desk", "Till", "till"),
    Desk("/admin/visits", "Visits", "visits"),
    Desk("/admin/orders", "Orders", "orders", orders_to_send),
    Desk("/admin/attention", "Attention", "attention", open_entries),
    Desk("/admin/answers", "Answers", "health", count_waiting),
    Desk("/admin/cases", "Cases", "cases", count_cases),
    Desk("/admin/rules", "Rules", "rules.read"),
    Desk("/admin/clients", "Clients", "clients"),
    Desk("/admin/plans", "Plans", "plans", plans_waiting),
    Desk("/admin/stock", "Stock", "stock"),
    Desk("/admin/products", "Products", "catalogue"),
    Desk("/admin/packages", "Packages", "catalogue"),
    Desk("/admin/codes", "Codes", "codes"),
    Desk("/admin/gift-cards", "Gift cards", "till", shows=lambda: bool(setting("gift_cards.on"))),
    Desk("/admin/reviews", "Reviews", "reviews", count_reviews, shows=lambda: bool(setting("reviews.on"))),
    Desk("/admin/reports", "Reports", "reports"),
    Desk("/admin/imports", "Files", "imports"),
    Desk("/admin/staff", "Staff", "staff"),
    Desk("/admin/settings", "Settings", "settings"),
    Desk("/admin/texts", "Texts", "settings"),
    Desk("/admin/trail", "Trail", "trail"),
    Desk("/admin/setup", "Set up", "settings", shows=lambda: not is_over()),
    Desk("/admin/go-live", "Go live", "settings"),
)


def staff_nav() -> list[Item]:
    """The reader's desks; the one that is open is marked."""
    if not current_user.is_staff:
        return []
    return [_item(desk) for desk in DESKS if current_user.can(desk.right) and desk.shows()]


def counted(number: int) -> str:
    """ "" for nothing, "99+" for many."""
    return "" if not number else str(number) if number < MOST_COUNTED else f"{MOST_COUNTED - 1}+"


def _item(desk: Desk) -> Item:
    here = request.path == desk.path or (desk.path != "/admin" and request.path.startswith(desk.path + "/"))
    return Item(desk.path, desk.words, here, counted(desk.waiting()) if desk.waiting else "")
