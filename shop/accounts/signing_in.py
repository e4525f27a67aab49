"""A browser is signed in as long as its row stands; ending the row ends it, whatever its cookie says."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from shop.accounts.hashing import digest, draw_token
from shop.accounts.models import Client, KnownDevice, SignIn, User
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import NotFound
from shop.core.handlers import fire

DEVICE_LASTS = timedelta(days=1)


def sign_in(
    user_id: int, *, device: str, way: str = "", second_at: datetime | None = None, bag_token: str | None = None
) -> str:
    """Open a new sign-in and return its token, which is new each time. Fires "signed_in", which merges the bag.

    `way` is "password", "code" or "pin", for the person's own list of sign-ins.
    """
    token, now = draw_token(), clock.now()
    row = {"token_hash": digest(token), "user_id": user_id, "started_at": now, "seen_at": now, "way": way}
    db.session.add(SignIn(**row, second_at=second_at, device=device))
    db.session.flush()
    client_id = db.session.scalar(select(Client.id).where(Client.user_id == user_id))
    fire("signed_in", user_id=user_id, client_id=client_id, bag_token=bag_token)
    return token


def end(sign_in_id: int, *, user_id: int) -> None:
    """End one of a person's own sign-ins. Raises NotFound for another's."""
    mine = update(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    if not changed(mine.values(ended_at=clock.now())):
        raise NotFound("This sign-in has ended already.")


def end_token(token: str) -> None:
    """Sign out: the cookie's row ends, if it still stood."""
    changed(
        update(SignIn).where(SignIn.token_hash == digest(token), SignIn.ended_at.is_(None)).values(ended_at=clock.now())
    )


def lock(sign_in_id: int) -> None:
    """The screen asks for the PIN or the password again, from this moment, whatever its page still shows."""
    open_one = update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None), SignIn.locked_at.is_(None))
    changed(open_one.values(locked_at=clock.now()))


def end_all(user_id: int, *, but: int | None = None, devices: bool = False) -> int:
    """End every sign-in of a user, or every other; `devices` also asks each browser for the second factor again."""
    mine = update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    if but is not None:
        mine = mine.where(SignIn.id != but)
    if devices:
        changed(delete(KnownDevice).where(KnownDevice.user_id == user_id))
    return changed(mine.values(ended_at=clock.now()))


def disable(user: User) -> None:
    """Nobody gets in with this user any more, from this moment."""
    user.disabled_at = clock.now()
    end_all(user.id, devices=True)


def standing(user_id: int, *, since: datetime) -> list[SignIn]:
    """Where this user is signed in, the latest seen first; what idled out before `since` counts no more."""
    mine = select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.seen_at > since)
    return list(db.session.scalars(mine.order_by(SignIn.seen_at.desc(), SignIn.id.desc())))


def latest(user_id: int, *, most: int = 30) -> list[SignIn]:
    """The person's sign-ins of the last weeks, ended ones too, the newest first."""
    mine = select(SignIn).where(SignIn.user_id == user_id)
    return list(db.session.scalars(mine.order_by(SignIn.id.desc()).limit(most)))


def know_device(user_id: int, *, token: str | None = None) -> str:
    """Remember, for a day, that the second factor was given in this browser; the token goes into its cookie.

    The token is a new one: an older copy of it opens nothing. Colleagues who proved themselves here (`token`) move along.
    """
    fresh = draw_token()
    if token:
        old = KnownDevice.token_hash == digest(token)
        changed(delete(KnownDevice).where(old, KnownDevice.user_id == user_id))
        changed(update(KnownDevice).where(old).values(token_hash=digest(fresh)))
    db.session.add(KnownDevice(user_id=user_id, token_hash=digest(fresh), proved_at=clock.now()))
    return fresh


def find_device(user_id: int, token: str | None) -> datetime | None:
    """When the second factor was given in this browser, if that was less than a day ago."""
    if not token:
        return None
    fresh = select(KnownDevice.proved_at).where(KnownDevice.user_id == user_id, KnownDevice.token_hash == digest(token))
    return db.session.scalar(fresh.where(KnownDevice.proved_at > clock.now() - DEVICE_LASTS))
