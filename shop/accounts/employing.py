"""Staff come, change their role and leave: an owner is made by owners alone, and the last one stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from shop.accounts import mail_tokens, signing_in
from shop.accounts.letters import site_link
from shop.accounts.making import make_staff, welcome_token
from shop.accounts.models import ROLES, User
from shop.accounts.people import Person
from shop.accounts.second_factor import address_of, draw_recovery_codes, draw_secret
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Forbidden, Refused
from shop.core.history import actor, record
from shop.core.settings import setting

YOURSELF = "Nobody changes their own access: ask somebody else who may."
LAST_OWNER = "This is the last owner. Make another one first."
OWNERS_ONLY = "Only an owner decides about owners."


@dataclass(frozen=True)
class FirstSteps:
    """What somebody needs for a first sign-in; it is shown once and stored nowhere in the clear."""

    link: str
    secret: str
    address: str
    codes: Sequence[str]


def employ(email: str, *, name: str, role: str, person: Person) -> tuple[User, FirstSteps]:
    """A new member of staff. Raises Conflict for an address in use, Forbidden for a role that is not theirs to give."""
    _may_give(role, person)
    user = make_staff(email, name=name, role=role, by=actor(person))
    return user, _first_steps(user)


def begin_anew(user: User, *, person: Person) -> FirstSteps:
    """The telephone or the password is lost: everything is drawn anew, and every sign-in ends."""
    _may_change(user, person)
    user.totp_secret, user.totp_step, user.password_hash = draw_secret(), None, None
    signing_in.end_all(user.id, devices=True)
    record(f"user:{user.id}", axis="access", was=None, now="begins anew", by=actor(person))
    return _first_steps(user)


def change_role(user: User, role: str, *, person: Person) -> None:
    """From the next request on. Raises Forbidden and Refused as above; the same role again changes nothing."""
    if user.role == role:
        return
    _may_give(role, person)
    _may_change(user, person)
    _keep_an_owner(user)
    record(f"user:{user.id}", axis="role", was=user.role, now=role, by=actor(person))
    user.role = role


def dismiss(user: User, *, person: Person) -> None:
    """Nobody gets in with this account from this moment; what was begun in any browser ends."""
    if user.disabled_at is not None:
        return
    _may_change(user, person)
    _keep_an_owner(user)
    signing_in.disable(user)
    mail_tokens.void_tokens(user.id, "welcome")
    record(f"user:{user.id}", axis="access", was="open", now="closed", by=actor(person))


def close_exports(user: User, *, closed: bool, person: Person) -> None:
    """Somebody who has given notice goes on working and takes no lists along; from the next request on."""
    if (user.exports_closed_at is not None) == closed:
        return
    _may_change(user, person)
    user.exports_closed_at = clock.now() if closed else None
    words = ("open", "closed") if closed else ("closed", "open")
    record(f"user:{user.id}", axis="exports", was=words[0], now=words[1], by=actor(person))


def take_back(user: User, *, person: Person) -> None:
    """The account opens again, with the password and second factor it had."""
    if user.disabled_at is None:
        return
    _may_change(user, person)
    user.disabled_at = None
    record(f"user:{user.id}", axis="access", was="closed", now="open", by=actor(person))


def _may_give(role: str, person: Person) -> None:
    if role not in ROLES:
        raise Refused("Choose a role.", field="role")
    if role == "owner" and person.role != "owner":
        raise Forbidden(OWNERS_ONLY, field="role")


def _may_change(user: User, person: Person) -> None:
    if user.id == person.id:
        raise Refused(YOURSELF)
    if user.role == "owner" and person.role != "owner":
        raise Forbidden(OWNERS_ONLY)


def _keep_an_owner(user: User) -> None:
    """Locks the owners: two of them cannot send each other away at the same moment."""
    if user.role != "owner":
        return
    owners = select(User.id).where(User.role == "owner", User.disabled_at.is_(None)).order_by(User.id).with_for_update()
    if set(db.session.scalars(owners)) <= {user.id}:
        raise Refused(LAST_OWNER)


def _first_steps(user: User) -> FirstSteps:
    secret = user.totp_secret or ""
    address = address_of(secret, email=user.email, clinic=setting("clinic.name"))
    return FirstSteps(site_link(f"/reset/{welcome_token(user)}"), secret, address, draw_recovery_codes(user.id))
