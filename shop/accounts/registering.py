"""An account begins when its owner opens the link in the e-mail: until then there is a wish, and no user."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from shop.accounts import letters, mail_tokens
from shop.accounts.finding import find_user
from shop.accounts.hashing import digest
from shop.accounts.models import Client, MailToken, User
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict
from shop.core.history import record

TAKEN = "This address has an account already. Please sign in."


def ask_to_register(email: str, *, name: str, password_hash: str, browser_mark: str, target: str | None) -> None:
    """Write the wish down and mail the link; who has an account gets another e-mail, and the page says the same.

    `browser_mark` proves later that the link was opened where the password was typed.
    """
    known = find_user(email)
    facts = {"name": name, "password_hash": password_hash, "browser": digest(browser_mark)}
    purpose = "taken" if known else "register"
    token = mail_tokens.draw(purpose, email=email, user_id=known.id if known else None, facts=None if known else facts)
    if known:
        letters.send_has_account(known.email, token=token)
    else:
        letters.send_register(email, name=name, token=token, target=target)


def finish_registering(row: MailToken) -> User:
    """Make the user and its client. Raises Conflict when the address has got an account meanwhile."""
    facts, now = row.facts or {}, clock.now()
    hashed = facts["password_hash"]
    user = User(email=row.email.lower(), name=facts["name"], password_hash=hashed, role=None, made_at=now, confirmed_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        raise Conflict(TAKEN) from None
    db.session.add(Client(user_id=user.id, name=user.name, email=user.email, made_at=now))
    db.session.flush()
    record(f"user:{user.id}", axis="account", was=None, now="made", by=f"user:{user.id}")
    row.facts = None
    return user
