"""Sessions given to a friend are offered by e-mail and change hands when the friend accepts; until then they are the giver's.

The friend answers the questions and books; the giver sees none of it. A refund still goes to whoever paid.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select

from shop.accounts.guests import open_file
from shop.core.db import db
from shop.core.errors import Conflict, NotFound, Refused
from shop.core.history import record
from shop.core.mail import send
from shop.core.settings import setting
from shop.wallet.giving import give_with_extras
from shop.wallet.models import Credit

GONE = "This link does not open anything here any more. Please ask whoever sent it to you."
SECONDS = 60 * 60 * 24 * 60


@dataclass(frozen=True)
class Passed:
    """What the signed link says; `mark` makes accepting it twice accepting it once."""

    code: str
    sessions: int
    name: str
    email: str
    giver: str
    mark: str


def offer_sessions(credit: Credit, *, sessions: int, name: str, email: str, giver: str) -> None:
    """Write to the friend. Raises Conflict when so many are not free. Nothing moves yet."""
    if credit.frozen_on is not None:
        raise Conflict("These sessions are paused. End the pause first.")
    if not 1 <= sessions <= credit.free:
        raise Refused(f"You can give up to {credit.free}.", field="sessions")
    passed = Passed(credit.code, sessions, name, email, giver, secrets.token_urlsafe(12))
    token = _signer().dumps([passed.code, passed.sessions, passed.name, passed.email, passed.giver, passed.mark])
    send(
        "passed_on",
        to=email,
        subject=f"{giver} has something for you at {setting('clinic.name')}",
        key=f"passed_on:{passed.mark}",
        name=name,
        giver=giver,
        link=f"{current_app.config['SHOP'].site_url}/sessions/accept?key={token}",
    )


def read_offer(token: str) -> tuple[Passed, Credit]:
    """Raises NotFound for anything that was not signed here, or too long ago."""
    try:
        passed = Passed(*_signer().loads(token, max_age=SECONDS))
    except (BadData, TypeError):
        raise NotFound(GONE) from None
    credit = db.session.scalars(select(Credit).where(Credit.code == passed.code)).first()
    if credit is None:
        raise NotFound(GONE)
    return passed, credit


def is_accepted(passed: Passed) -> bool:
    return db.session.scalar(select(Credit.id).where(Credit.cause == _cause(passed))) is not None


def accept_sessions(token: str, *, is_adult: bool) -> Credit:
    """Open the friend's file and hand the sessions over, once. Raises Conflict when they are used or gone by now."""
    passed, credit = read_offer(token)
    if not is_adult:
        raise Refused("Treatments are for adults: please confirm that you are 18 or older.", field="adult")
    known = db.session.scalars(select(Credit).where(Credit.cause == _cause(passed))).first()
    if known is not None:
        return known
    friend = open_file(name=passed.name, email=passed.email)
    given = give_with_extras(
        credit.id, sessions=passed.sessions, to_client_id=friend.id, cause=_cause(passed), by=f"client:{credit.client_id}"
    )
    record(f"credit:{credit.code}", axis="recipient", was=None, now="accepted", by=f"client:{friend.id}")
    return given


def _cause(passed: Passed) -> str:
    return f"gift:{passed.mark}"


def _signer() -> URLSafeTimedSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="sessions-accept")
