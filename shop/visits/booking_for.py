"""A consultation for somebody else: a file of their own is opened, and everything about it goes to them alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from shop.accounts.guests import open_file
from shop.accounts.models import Client
from shop.core.db import db
from shop.core.errors import Refused
from shop.visits.booking import Choice, book
from shop.visits.matters import Matter, free_matter
from shop.visits.models import Visit

NOBODY_YET = 0  # whose diary stands in the way of nothing


@dataclass(frozen=True, kw_only=True)
class Friend:
    """Who comes. `is_adult` is the booker's word that they are grown up and know of it."""

    name: str
    email: str
    phone: str = ""
    is_adult: bool = False


def matter_for_friend() -> Matter:
    return free_matter("consultation", client_id=NOBODY_YET)


def book_for(friend: Friend, choice: Choice, *, cause: str, by: str) -> Visit:
    """Open their file and book; a second click is the first one. Raises as booking does, and Refused without their consent."""
    if not friend.is_adult:
        raise Refused("Please confirm that they are 18 or older and know of it.", field="adult")
    known = db.session.scalars(select(Visit).where(Visit.cause == cause)).first()
    if known is not None:
        return known
    person: Client = open_file(name=friend.name, email=friend.email, phone=friend.phone)
    return book(free_matter("consultation", client_id=person.id), choice, cause=cause, by=by)
