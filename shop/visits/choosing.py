"""The three steps of booking as pages show them: what to book, which time, and what the client agrees to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from shop.core.db import db
from shop.core.errors import NotFound
from shop.core.money import money
from shop.core.settings import setting
from shop.core.texts import current_text
from shop.visits.booking import Choice, find_slot
from shop.visits.fees import fee_of, late_words
from shop.visits.matters import Matter, free_matter, matter_of
from shop.visits.models import Practitioner, Visit
from shop.visits.offering import Bounds, bounds_of
from shop.visits.slots import Slot
from shop.wallet.finding import get_credit, usable
from shop.wallet.models import Credit
from shop.wallet.requesting import TEXT
from shop.wallet.series import gaps_for, read_gaps


@dataclass(frozen=True)
class Option:
    """One thing that can be booked; `series` feeds the series line, none for what is free."""

    what: str
    name: str
    words: str
    series: dict[str, Any] | None = None


@dataclass(frozen=True)
class Agreement:
    """What the last step says: who, until when, what spacing warns of, and the words of the early request, if needed."""

    slot: Slot
    who: str
    warnings: Sequence[str]
    request_title: str
    request_md: str
    must_answer: bool
    free_until: datetime
    fee_minor: int = 0
    late_words: str = ""


def options(client_id: int | None) -> list[Option]:
    """Sessions first, the earliest end first; a consultation is always there, a review once something was done."""
    if client_id is None:
        return [_free("consultation")]
    found = [_option(credit) for credit in usable(client_id)]
    done = db.session.scalar(select(func.count(Visit.id)).where(Visit.client_id == client_id, Visit.state == "done"))
    return found + ([_free("review")] if done else []) + [_free("consultation")]


def matter_for(what: str, *, client_id: int | None) -> Matter:
    """By a credit's code, "consultation" or "review". Raises NotFound for another client's."""
    if client_id is None:
        raise NotFound("These sessions are not here.")
    if what in ("consultation", "review"):
        return free_matter(what, client_id=client_id)
    return matter_of(get_credit(what, client_id=client_id))


def agreement(matter: Matter, choice: Choice, *, moving: int | None = None) -> Agreement:
    """The chosen time looked at once more. Raises Conflict when it is gone."""
    bounds = bounds_of(matter, without=moving)
    slot = find_slot(matter, bounds, choice, without=moving)
    who = db.session.get_one(Practitioner, slot.practitioner_id).name
    title, words = _request(bounds, choice.on)
    return Agreement(
        slot=slot,
        who=who,
        warnings=(*bounds.check(choice.on).problems, *bounds.check(choice.on).warnings),
        request_title=title,
        request_md=words,
        must_answer=bounds.admission.must_answer,
        fee_minor=0 if moving else fee_of(matter.kind),
        free_until=slot.starts_at - timedelta(hours=setting("visits.notice_hours")),
        late_words="" if moving else late_words(matter.kind, is_prepaid=matter.credit is not None),
    )


def _request(bounds: Bounds, on: date) -> tuple[str, str]:
    if not bounds.is_early(on):
        return "", ""
    text = current_text(TEXT)
    return text.title, text.body_md


def _option(credit: Credit) -> Option:
    gaps = [[gap.least, gap.most] for gap in gaps_for(read_gaps(credit.gaps), sessions=credit.granted)]
    left = "1 session" if credit.free == 1 else f"{credit.free} sessions"
    ends = credit.expires_on
    words = f"{left} to book, to be used by {ends.day} {ends:%B %Y}"
    series = {"gaps": gaps, "done": credit.used, "booked": credit.held - credit.reserved}
    return Option(credit.code, credit.name, words, series)


def _free(kind: str) -> Option:
    minutes = setting(f"visits.{kind}_minutes")
    words = {
        "consultation": f"About {minutes} minutes to talk about what you want, {consultation_price()}.",
        "review": f"About {minutes} minutes to look at the result together, free of charge.",
    }
    return Option(kind, kind.capitalize(), words[kind])


def consultation_price() -> str:
    """What a consultation costs, and that it comes off a series."""
    fee = fee_of("consultation")
    if not fee:
        return "free of charge"
    days = setting("visits.fee_credit_days")
    back = f", which come off a series that you buy within {days} days" if days else ""
    return f"{money(fee, short=True)}{back}"
