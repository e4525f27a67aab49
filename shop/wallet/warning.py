"""Clients hear 60, 30 and 7 days before that their sessions run out, each once, in words that name no treatment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import select

from shop.accounts.models import Client
from shop.core import clock, outbox
from shop.core.db import db
from shop.core.mail import KIND, mail_payload
from shop.core.settings import setting
from shop.core.templating import day
from shop.wallet.models import Credit
from shop.wallet.periods import can_extend

DAYS_BEFORE = (60, 30, 7)
MISSED_DAYS = 5  # a worker that stood still for so long still sends


@dataclass(frozen=True)
class Due:
    """One warning to be given."""

    credit: Credit
    email: str
    name: str
    days_before: int

    @property
    def key(self) -> str:
        """A later end, by a pause or an extension, is warned of anew."""
        return f"mail:runs-out:{self.credit.code}:{self.credit.expires_on}:{self.days_before}"


def warn_due() -> int:
    """Promise every warning whose day has come; said again on the same day it is silently the same one."""
    due = list(_due(clock.today()))
    outbox.put_all((KIND, _letter(one), one.key) for one in due)
    return len(due)


def _due(today: date) -> Iterator[Due]:
    for days in DAYS_BEFORE:
        first, last = today + timedelta(days=days - MISSED_DAYS), today + timedelta(days=days)
        ending = Credit.expires_on.between(first, last)
        rows = select(Credit, Client.email, Client.name).join(Client, Client.id == Credit.client_id)
        open_ones = (Credit.kind == "sessions", Credit.free > 0, Credit.frozen_on.is_(None), Client.erased_at.is_(None))
        for credit, email, name in db.session.execute(rows.where(ending, *open_ones)):
            if credit.expires_on - timedelta(days=days) > credit.bought_on:  # not on the day of the purchase
                yield Due(credit, email, name, days)


def _letter(due: Due) -> dict[str, object]:
    credit = due.credit
    return mail_payload(
        "runs_out",
        to=due.email,
        subject=f"Your appointments at {setting('clinic.name')}: please book by {day(credit.expires_on, weekday=False)}",
        name=due.name,
        left=credit.free,
        last_day=day(credit.expires_on, year=True),
        days=(credit.expires_on - clock.today()).days,
        can_extend=can_extend(credit),
        link=f"{current_app.config['SHOP'].site_url}/account/credits/{credit.code}",
    )
