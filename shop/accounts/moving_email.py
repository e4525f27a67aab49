"""A new e-mail address counts once its owner has opened the link sent there; the old one is told at once."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from shop.accounts import letters, mail_tokens, signing_in
from shop.accounts.finding import find_client, find_user
from shop.accounts.models import MailToken, User
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import record


def ask_to_move(user: User, *, email: str, by: str) -> None:
    """The caller has checked the password. An address that has an account gets another e-mail; the page says the same."""
    if email.lower() == user.email:
        raise Refused("This is your address already.", field="email")
    taken = find_user(email) is not None
    token = mail_tokens.draw("taken" if taken else "email", email=email, user_id=user.id)
    letters.tell_address_changes(user.email, new=email, token=token)
    if taken:
        letters.send_address_taken(email, token=token)
    else:
        letters.send_new_address(email, token=token)
    record(f"user:{user.id}", axis="email", was=None, now="change asked", by=by)


def finish_moving(row: MailToken, *, by: str) -> User:
    """Take the new address; links mailed to the old one open nothing any more. Raises Conflict when it is taken."""
    user = db.session.get_one(User, row.user_id)
    try:
        with db.session.begin_nested():
            user.email = row.email.lower()
    except IntegrityError:
        raise Conflict("This address has an account already.") from None
    client = find_client(user.id)
    if client:
        client.email = user.email
    mail_tokens.void_tokens(user.id)
    signing_in.end_all(user.id, devices=False)
    record(f"user:{user.id}", axis="email", was=None, now="changed", by=by)
    return user
