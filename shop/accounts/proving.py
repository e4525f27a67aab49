"""Before something dear is changed, the password is asked for again."""

from __future__ import annotations

from shop.accounts import slowing
from shop.accounts.finding import find_known
from shop.accounts.hashing import is_password
from shop.core.errors import Refused


def check_current(email: str, password: str, *, address: str) -> None:
    """Raises Refused for the field "current", or TooMany. Reads on its own: call before the request's first query."""
    slowing.slow_guessing(email, address)
    known = find_known(email)
    if known is None or not is_password(password, known.password_hash):
        raise Refused("This is not your current password.", field="current")
    slowing.forgive(email, address)
