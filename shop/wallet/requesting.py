"""A client may ask to begin before the days of withdrawal are over; who did owes for what was done, who did not owes nothing."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update

from shop.core import clock
from shop.core.db import changed
from shop.core.history import record
from shop.terms.jurisdictions import Law
from shop.terms.windows import first_day_without_request
from shop.wallet.models import Credit
from shop.wallet.moving import lock

TEXT = "consent-early-start"


def needs_request(credit: Credit, *, law: Law, on: date, country: str = "") -> bool:
    """Whether a visit on that day has to be asked for: bought 1 June, every day before 16 June."""
    if credit.express_at is not None:
        return False
    return on < first_day_without_request(law, bought_on=credit.bought_on, country=country)


def request_start(credit_id: int, *, version: int, by: str) -> None:
    """Keep that the client asked, when, and by which wording; asked once, it stays asked."""
    credit = lock(credit_id)
    if credit.express_at is not None:
        return
    values = {"express_at": clock.now(), "express_version": version}
    changed(update(Credit).where(Credit.id == credit_id).values(**values))
    record(f"credit:{credit.code}", axis="express", was=None, now="asked", by=by, details={"version": version})
