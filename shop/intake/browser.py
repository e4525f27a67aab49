"""Whose answers a request means: the signed-in client's, else those this browser gave."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe

from flask import session
from flask_login import current_user

from shop.intake.answering import adopt
from shop.intake.subjects import Subject

TOKEN = "answers"  # noqa: S105 (a name in the session)


def subject() -> Subject:
    """Who is asked, without making anything."""
    token = session.get(TOKEN)
    return Subject(client_id=current_user.client_id, browser_hash=_hashed(token) if token else None)


def subject_for_writing() -> Subject:
    """The same; a browser that stands for no client is given its token now."""
    if current_user.client_id is None and TOKEN not in session:
        session[TOKEN] = token_urlsafe(24)
    return subject()


def answers_of_signed_in(*, client_id: int | None = None, **_facts: object) -> None:
    """Hears "signed_in": what this browser answered is the client's from now on."""
    token = session.pop(TOKEN, None)
    if token and client_id is not None:
        adopt(_hashed(token), client_id)


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
