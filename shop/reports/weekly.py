"""On Monday at eight the owner gets the week in figures: what the dashboard counts, and nobody's name."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.core import clock, outbox
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.mail import send
from shop.core.money import money
from shop.core.settings import setting
from shop.inventory.reporting import ending_soon, running_low
from shop.reports.takings import Takings, takings, week_before

KIND = "reports.weekly"
AT = time(8)
LATEST = timedelta(hours=16)  # a worker that comes back on the same day still writes


def promise() -> None:
    """Said by every sweep: on Monday from eight on the clinic's wall, once."""
    today = clock.today()
    due = clock.at_local(today, AT)
    if today.weekday() == 0 and due <= clock.now() < due + LATEST and setting("reports.monday_mail"):
        outbox.put(KIND, {"monday": today.isoformat()}, key=f"{KIND}:{today.isoformat()}")


def write(*, monday: str) -> None:
    """Outbox handler: one e-mail to each owner. Done twice it is done once."""
    first = date.fromisoformat(monday)
    now, before = takings(week_before(first)), takings(week_before(first - timedelta(days=7)))
    words = {"week": now.days.words, "rows": _rows(now, before), "waits": _waits(), "link": _link()}
    for user in db.session.scalars(select(User).where(User.role == "owner", User.disabled_at.is_(None)).order_by(User.id)):
        send("week", to=user.email, subject=f"Your week, {now.days.words}", key=f"week:{monday}:{user.id}", **words)


def _rows(now: Takings, before: Takings) -> list[list[str]]:
    """[what, this week, the week before], as the e-mail prints them."""
    currency = current_app.config["SHOP"].currency
    return [
        ["Sold, VAT included", money(now.gross_minor, currency), money(before.gross_minor, currency)],
        ["Orders", str(now.orders), str(before.orders)],
        ["Sessions sold", str(now.sold), str(before.sold)],
        ["Sessions redeemed", str(now.redeemed), str(before.redeemed)],
    ]


def _waits() -> list[list[str]]:
    """[what, how many], without what is nothing."""
    open_entries = select(func.count(AttentionEntry.id)).where(AttentionEntry.resolved_at.is_(None))
    found: dict[str, Any] = {
        "Waiting for a person": db.session.scalar(open_entries) or 0,
        "Articles running low": len(running_low()),
        "Lots ending soon": len(ending_soon()),
    }
    return [[words, str(count)] for words, count in found.items() if count]


def _link() -> str:
    return f"{current_app.config['SHOP'].site_url.rstrip('/')}/admin"
