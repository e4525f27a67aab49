"""Starting within the withdrawal window is asked for by the client, when such a visit is booked, in words that are kept."""

from __future__ import annotations

from datetime import date, datetime

from shop.core.db import db
from shop.core.errors import Refused
from shop.core.handlers import fire
from shop.core.settings import setting
from shop.core.texts import current_versions
from shop.terms.jurisdictions import jurisdiction_of, law_of
from shop.terms.windows import first_day_without_request
from shop.wallet.models import Credit
from shop.wallet.requesting import TEXT, request_start

ASK = "Please tick the request first: this time lies within the days in which you can still cancel everything."


def first_day(credit: Credit) -> date:
    """The first day that nobody has to ask for: bought 1 June, 16 June; the day of purchase once it was asked for."""
    if credit.express_at is not None or not credit.order_number:
        return credit.bought_on
    country = _country(credit)
    law = law_of(jurisdiction_of(country), on=credit.bought_on)
    return first_day_without_request(law, bought_on=credit.bought_on, country=country)


def must_ask(credit: Credit, *, on: date) -> bool:
    """Whether a visit on that day needs the request, and it was not made yet."""
    return credit.express_at is None and _is_inside(credit, on)


def keep_request(credit: Credit, *, on: date, asked: bool, by: str) -> tuple[int, datetime] | None:
    """Write the request down where one is needed. Returns its wording and moment for a visit inside the window, else None.

    Asked for once, it holds for the other visits of the same sessions. Raises Refused when it was not asked for.
    """
    if not _is_inside(credit, on):
        return None
    if credit.express_at is None:
        if not asked:
            raise Refused(ASK, field="express")
        request_start(credit.id, version=current_versions(TEXT).get(TEXT, 0), by=by)
        db.session.refresh(credit)
    assert credit.express_at is not None
    return credit.express_version or 0, credit.express_at


def _is_inside(credit: Credit, on: date) -> bool:
    if not credit.order_number:  # given by the clinic or brought along: there is nothing to withdraw from here
        return False
    country = _country(credit)
    law = law_of(jurisdiction_of(country), on=credit.bought_on)
    return on < first_day_without_request(law, bought_on=credit.bought_on, country=country)


def _country(credit: Credit) -> str:
    """Where the buyer lives, as the order says; the clinic's country when nobody knows."""
    answers = fire("order.country", number=credit.order_number)
    return next((answer for answer in answers if answer), setting("clinic.country"))
