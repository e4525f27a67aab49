"""Links and codes that leave by e-mail: random, kept only as a hash, good once and not for long."""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest
from secrets import randbelow
from typing import Any

from sqlalchemy import select, update

from shop.accounts.hashing import digest, draw_token
from shop.accounts.models import MailToken
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Refused

LASTS = {
    "register": timedelta(days=1),
    "taken": timedelta(days=1),
    "email": timedelta(days=1),
    "claim": timedelta(days=1),
    "welcome": timedelta(days=1),
    "reset": timedelta(minutes=45),
    "nobody": timedelta(minutes=45),
    "code": timedelta(minutes=10),
    "second": timedelta(minutes=10),
    "plan": timedelta(minutes=10),
}
CODE_TRIES = 5
SPENT = "This link has been used or is too old. Please ask for a new one."
WRONG_CODE = "This code does not fit. Please check the newest e-mail, or ask for a new code."


def draw(purpose: str, *, email: str, user_id: int | None, facts: dict[str, Any] | None = None) -> str:
    """Make a token for one purpose; the same row is written whether the address has a user or not."""
    token, now = draw_token(), clock.now()
    row = {"purpose": purpose, "token_hash": digest(token), "user_id": user_id, "email": email.lower(), "facts": facts}
    db.session.add(MailToken(**row, made_at=now, expires_at=now + LASTS[purpose]))
    return token


def find_token(purpose: str, token: str) -> MailToken | None:
    """The open row of a token, if it is neither used nor old."""
    return db.session.scalars(_open(purpose, token)).first()


def get_token(purpose: str, token: str) -> MailToken:
    """The same. Raises Refused when there is none."""
    row = find_token(purpose, token)
    if row is None:
        raise Refused(SPENT)
    return row


def spend(purpose: str, token: str) -> MailToken:
    """Use a token up. Raises Refused when somebody (a second click, another tab) was quicker."""
    row = get_token(purpose, token)
    _use(row, otherwise=SPENT)
    return row


def draw_code(*, email: str, user_id: int | None) -> tuple[str, str]:
    """(token for the browser, six digits for the e-mail): the code opens nothing in any other browser."""
    return draw_digits("code", email=email, user_id=user_id)


def draw_digits(purpose: str, *, email: str, user_id: int | None = None) -> tuple[str, str]:
    """The same for what needs no user."""
    code = f"{randbelow(10**6):06}"
    token = draw(purpose, email=email, user_id=user_id)
    row = get_token(purpose, token)
    row.facts = {"code": digest(token + code)}
    return token, code


def mark_of(token: str) -> str:
    """Names a token in a key without holding it."""
    return digest(token)[:16]


def try_code(token: str, code: str) -> MailToken | None:
    """Count one try and compare; None when it does not fit. Raises Refused when the code is spent."""
    return try_digits("code", token, code, needs_user=True)


def try_digits(purpose: str, token: str, code: str, *, needs_user: bool = False) -> MailToken | None:
    """The same for what needs no user."""
    row = get_token(purpose, token)
    counted = update(MailToken).where(MailToken.id == row.id, MailToken.tries < CODE_TRIES)
    if not changed(counted.values(tries=MailToken.tries + 1)):
        raise Refused("This code was tried five times. Please ask for a new one.")
    given = "".join(code.split())
    fits = compare_digest(digest(token + given), (row.facts or {})["code"])
    if not fits or (needs_user and row.user_id is None):
        return None
    _use(row, otherwise=WRONG_CODE)
    return row


def void_tokens(user_id: int, *purposes: str) -> None:
    """Nothing that was mailed before opens anything from now on."""
    mine = update(MailToken).where(MailToken.user_id == user_id, MailToken.used_at.is_(None))
    if purposes:
        mine = mine.where(MailToken.purpose.in_(purposes))
    changed(mine.values(used_at=clock.now()))


def _open(purpose: str, token: str) -> Any:
    mine = select(MailToken).where(MailToken.token_hash == digest(token), MailToken.purpose == purpose)
    return mine.where(MailToken.used_at.is_(None), MailToken.expires_at > clock.now())


def _use(row: MailToken, *, otherwise: str) -> None:
    mine = update(MailToken).where(MailToken.id == row.id, MailToken.used_at.is_(None))
    if not changed(mine.values(used_at=clock.now())):
        raise Refused(otherwise)
