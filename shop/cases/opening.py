"""A case is opened once, has a deadline from its first minute, and those who must act are told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from shop.accounts.models import User
from shop.cases.models import KINDS, REACTIONS, Case
from shop.core import clock, mail
from shop.core.attention import raise_entry
from shop.core.db import db, insert_once
from shop.core.errors import Refused
from shop.core.handlers import fire
from shop.core.history import record
from shop.core.settings import setting

MOST_WORDS = 4000
LEADS, TREATING = ("medical-lead",), ("consultant", "practitioner")


def open_case(
    kind: str,
    *,
    client_id: int | None,
    cause: str,
    by: str,
    words: str = "",
    facts: Mapping[str, Any] | None = None,
    visit_number: str | None = None,
    order_number: str | None = None,
    is_urgent: bool | None = None,
    due_at: datetime | None = None,
) -> Case:
    """Open a case, or find the one that this cause opened before. Reactions are urgent and go to the medical lead.

    `facts` are plain JSON values and sealed with the words. Fires "case.opened". Raises Refused for an unknown kind.
    """
    if kind not in KINDS:
        raise Refused("Choose what the case is about.", field="kind")
    if len(words) > MOST_WORDS:
        raise Refused(f"At most {MOST_WORDS} characters, please.", field="words")
    urgent = kind in REACTIONS if is_urgent is None else is_urgent
    hours = setting("cases.reaction_hours" if kind in REACTIONS else "cases.other_hours")
    columns = {
        "kind": kind,
        "client_id": client_id,
        "visit_number": visit_number,
        "order_number": order_number,
        "content": {"words": words.strip(), **(facts or {})},
        "is_urgent": urgent,
        "due_at": due_at or clock.now() + timedelta(hours=hours),
        "opened_at": clock.now(),
        "opened_by": by,
    }
    is_new = insert_once(Case, unique="cause", cause=cause, **columns)
    case = db.session.scalars(select(Case).where(Case.cause == cause)).one()
    if is_new:
        record(f"case:{case.id}", axis="state", was=None, now="open", by=by)
        _alert(case)
        fire("case.opened", case_id=case.id, kind=kind, client_id=client_id)
    return case


def _alert(case: Case) -> None:
    """The desk sees an entry without a word of health; those who may read are written to, without one either."""
    raise_entry(
        "case",
        subject=f"case:{case.id}",
        reason="A client has reported something that needs a person today." if case.is_urgent else "A case was opened.",
        what_to_do="Open the case. Reactions are read and answered by those who treat; the medical lead has been told."
        if case.is_reaction
        else "Open the case, give it an owner, and answer the client.",
        key=f"case:{case.id}",
        urgent=case.is_urgent,
    )
    if not case.is_reaction:
        return
    for address, name in _who_must_act():
        mail.send(
            "case_opened",
            to=address,
            subject=f"Please look today: a case at {setting('clinic.name')}",
            key=f"case-opened:{case.id}:{address}",
            name=name,
            until=clock.local(case.due_at).strftime("%H:%M"),
            link=f"{current_app.config['SHOP'].site_url}/admin/cases/{case.id}",
        )


def _who_must_act() -> list[tuple[str, str]]:
    """(address, name) of the medical lead; else of those who treat; else the clinic's own address."""
    return _staff(LEADS) or _staff(TREATING) or [(setting("clinic.email"), "")]


def _staff(roles: Iterable[str]) -> list[tuple[str, str]]:
    active = select(User.email, User.name).where(User.role.in_(list(roles)), User.disabled_at.is_(None))
    return [(email, name) for email, name in db.session.execute(active.order_by(User.id))]
