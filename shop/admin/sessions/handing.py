"""Sessions go to another file, or to somebody who has none yet; a used one is given back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from shop.accounts.models import Client
from shop.admin.choosing import choices
from shop.admin.sessions.acts import Act, Done
from shop.admin.sessions.forms import GiveForm, ReverseForm
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.templating import moment
from shop.orders.passing_on import offer_sessions
from shop.visits.finding import any_visit
from shop.visits.giving_back import give_back, give_back_one, taken_elsewhere, taken_visits
from shop.wallet.finding import extras_of
from shop.wallet.giving import give_with_extras
from shop.wallet.models import Credit

LARGEST_ID = 2**53
ELSEWHERE = "elsewhere"


def _look_give(credit: Credit, form: Any) -> list[str]:
    count = form.sessions.data
    if count > credit.free:
        raise Refused(f"At most {credit.free} can be given.", field="sessions")
    words = "1 session" if count == 1 else f"{count} sessions"
    to = _recipient(credit, form)
    extras = [extra.name for extra in extras_of([credit.id]) if extra.free]
    along = f" {', '.join(extras)} go along, one for each session as far as they are left." if extras else ""
    if to is None:
        return [
            f"{form.name.data} gets an e-mail; {words} change hands when they accept it.{along}",
            "They answer the questions themselves. A refund goes to whoever paid.",
        ]
    return [
        f"{words} move to {to.name}, file {to.id}, now.{along}",
        "Before the first appointment they answer the questions themselves. A refund goes to whoever paid.",
    ]


def _give(credit: Credit, form: Any, cause: str, by: str) -> Done:
    to, count = _recipient(credit, form), form.sessions.data
    if to is None:
        owner = db.session.get_one(Client, credit.client_id)
        offer_sessions(credit, sessions=count, name=form.name.data, email=form.to.data, giver=owner.name)
        return Done(f"{form.name.data} has been written to.")
    facts = {"cause": cause, "by": by, "kind": form.kind.data, "reason": form.reason.data}
    give_with_extras(credit.id, sessions=count, to_client_id=to.id, **facts)
    return Done(f"They are in the file of {to.name} now.")


def _recipient(credit: Credit, form: Any) -> Client | None:
    """A file by its number or a single one by its e-mail; None for somebody new, who is then written to."""
    text = form.to.data or ""
    known = select(Client).where(Client.erased_at.is_(None), Client.id != credit.client_id)
    if text.isascii() and text.isdecimal():
        found = list(db.session.scalars(known.where(Client.id == min(int(text[:17]), LARGEST_ID))))
    else:
        found = list(db.session.scalars(known.where(func.lower(Client.email) == text.lower()).order_by(Client.id)))
    if len(found) > 1:
        numbers = ", ".join(f"{one.id} ({one.name})" for one in found[:5])
        raise Refused(f"Several files have this address: {numbers}. Type the number of the right one.", field="to")
    if found:
        return found[0]
    if "@" not in text or not form.name.data:
        raise Refused("Nobody here has that address or number. Type a name as well, and they are written to.", field="to")
    return None


def _lay_out_reverse(credit: Credit, form: Any) -> None:
    words = {visit.number: f"{moment(visit.starts_at)}, {visit.session}" for visit in taken_visits(credit.id)}
    if taken_elsewhere(credit):
        words[ELSEWHERE] = "One without an appointment here"
    form.visit.choices = choices({"": "Choose"} | words)


def _look_reverse(credit: Credit, form: Any) -> list[str]:
    said = ["The session can be booked again and is owed again; the month's report takes it off what was used."]
    if form.visit.data != ELSEWHERE:
        said.append("The appointment stays as it was: whoever was treated keeps the distance to the next session.")
    if credit.expires_on < clock.today():
        said.append("Its last day is over: extend the series afterwards, or it expires tonight.")
    return said


def _reverse(credit: Credit, form: Any, cause: str, by: str) -> Done:
    if form.visit.data == ELSEWHERE:
        give_back_one(credit, cause=cause, by=by, reason=form.reason.data)
    else:
        visit = any_visit(form.visit.data)
        if visit.credit_id != credit.id:
            raise Refused("This appointment belongs to other sessions.", field="visit")
        give_back(visit, by=by, reason=form.reason.data)
    return Done("The session is back.")


HANDED = (
    Act(
        "give", "Give away or move", "Hand them over", "sessions.change", GiveForm,
        lambda credit: credit.frozen_on is None and credit.free > 0, _look_give, _give,
    ),
    Act(
        "give-back", "Give a used one back", "Give it back", "refunds", ReverseForm,
        lambda credit: credit.used > 0, _look_reverse, _reverse, _lay_out_reverse,
    ),
)  # fmt: skip
