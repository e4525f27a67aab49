"""A password is set by who has the old one or the mailed link; every other sign-in ends with it."""

from __future__ import annotations

from shop.accounts import letters, mail_tokens, signing_in
from shop.accounts.finding import find_user
from shop.accounts.models import User
from shop.core import clock
from shop.core.history import record


def ask_for_reset(email: str) -> None:
    """Mail a link, or that there is no account: the page says the same and costs the same."""
    user = find_user(email)
    is_open = user is not None and user.disabled_at is None
    purpose, user_id = ("reset", user.id) if user and is_open else ("nobody", None)
    token = mail_tokens.draw(purpose, email=email, user_id=user_id)
    if user and is_open:
        letters.send_reset(user.email, token=token)
    else:
        letters.send_no_account(email, token=token)


def set_password(user: User, *, password_hash: str, by: str, keep_sign_in: int | None = None) -> None:
    """Take the new hash (made outside any transaction), end the other sign-ins, and tell the owner by e-mail."""
    now = clock.now()
    user.password_hash = password_hash
    user.confirmed_at = user.confirmed_at or now
    signing_in.end_all(user.id, but=keep_sign_in, devices=True)
    mail_tokens.void_tokens(user.id)
    record(f"user:{user.id}", axis="password", was=None, now="changed", by=by)
    letters.tell_password_changed(user.email, key=f"{user.id}:{now.isoformat()}")
