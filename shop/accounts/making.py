"""People made by the shell and by the demo clinic; on the pages they make themselves."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from shop.accounts import mail_tokens
from shop.accounts.hashing import hash_password
from shop.accounts.models import ROLES, Client, User
from shop.accounts.second_factor import draw_secret
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import record


def make_user(email: str, *, name: str, by: str, password: str | None = None, role: str | None = None) -> User:
    """A user whose address counts as confirmed. Raises Conflict when the address has one already.

    Hashing takes its time: give a password only where nobody waits for the write lock.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise Refused(f"“{email}” does not look like an e-mail address.", field="email") from None
    now = clock.now()
    hashed = hash_password(password) if password else None
    facts = {"email": email.strip().lower(), "name": name, "password_hash": hashed, "role": role}
    user = User(**facts, made_at=now, confirmed_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        raise Conflict(f"{user.email} has an account already.", field="email") from None
    record(f"user:{user.id}", axis="account", was=None, now=role or "client", by=by)
    return user


def make_client(email: str, *, name: str, by: str, phone: str = "", password: str | None = None) -> Client:
    """A person of the clinic with a sign-in; without a password they come in with an e-mailed code."""
    user = make_user(email, name=name, by=by, password=password)
    client = Client(user_id=user.id, name=name, email=user.email, phone=phone, made_at=clock.now())
    db.session.add(client)
    db.session.flush()
    return client


def make_staff(
    email: str, *, name: str, role: str, by: str, password: str | None = None, totp_secret: str | None = None
) -> User:
    """A member of staff with a second factor. Raises Refused for a role that does not exist."""
    if role not in ROLES:
        raise Refused(f"There is no role “{role}”: one of {', '.join(ROLES)}.", field="role")
    user = make_user(email, name=name, by=by, password=password, role=role)
    user.totp_secret = totp_secret or draw_secret()
    db.session.flush()
    return user


def welcome_token(user: User) -> str:
    """For the link with which somebody new chooses a first password: once, within a day."""
    mail_tokens.void_tokens(user.id, "welcome")
    return mail_tokens.draw("welcome", email=user.email, user_id=user.id)
