"""Whose bag a request means: the person's who is signed in, else the one whose token the browser keeps."""

from __future__ import annotations

from flask import session
from flask_login import current_user

from shop.bag.filling import count, merge
from shop.bag.finding import Owner, draw_token

TOKEN, COUNT, PROVED = "bag", "bag_count", "proved"


def bag_owner() -> Owner:
    """Who owns the bag, without making one."""
    if current_user.is_authenticated:
        return Owner(user_id=current_user.id)
    return Owner(token=session.get(TOKEN), client_id=session.get(PROVED))


def bag_owner_for_writing() -> Owner:
    """The same; a guest's browser is given its token now."""
    owner = bag_owner()
    if owner.is_known:
        return owner
    session[TOKEN] = draw_token()
    session.permanent = True
    return Owner(token=session[TOKEN], client_id=session.get(PROVED))


def proved_to_be(client_id: int) -> None:
    """A guest has shown to be this client: what is unlocked for them can be bought from this browser."""
    session[PROVED] = client_id


def remember_count(count: int) -> None:
    """The number beside the bag's icon travels in the cookie, so that no page asks the database for it."""
    session[COUNT] = count


def shown_count() -> int:
    return int(session.get(COUNT, 0))


def forget_bag() -> None:
    """After buying: the next thing put in begins a new bag."""
    session.pop(TOKEN, None)
    session.pop(COUNT, None)


def bag_of_signed_in(*, user_id: int, bag_token: str | None = None, **_facts: object) -> None:
    """Hears "signed_in": what the guest chose moves into the person's own bag."""
    owner = Owner(user_id=user_id)
    merge(owner, bag_token)
    remember_count(count(owner))
