"""What a guest bought becomes a person's own by a signed link or a confirmed e-mail, never by an equal address alone."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, Table, UniqueConstraint, delete, func, select, update

from shop.accounts import letters, mail_tokens
from shop.accounts.finding import find_client
from shop.accounts.models import Client, User
from shop.core import clock
from shop.core.db import Base, changed, db
from shop.core.errors import Conflict, Refused
from shop.core.handlers import fire
from shop.core.history import record


def guests_at(email: str) -> list[int]:
    """Clients without a user at this address, oldest first."""
    same = select(Client.id).where(func.lower(Client.email) == email.lower())
    return list(db.session.scalars(same.where(Client.user_id.is_(None), Client.erased_at.is_(None)).order_by(Client.id)))


def is_guest(client_id: int) -> bool:
    """Whether this client is nobody's yet."""
    free = select(Client.id).where(Client.id == client_id, Client.user_id.is_(None), Client.erased_at.is_(None))
    return db.session.scalar(free) is not None


def ask_to_claim(user: User) -> None:
    """Mail a link to the confirmed address: who opens it owns the address now, not only when the account was made."""
    token = mail_tokens.draw("claim", email=user.email, user_id=user.id)
    letters.send_claim(user.email, token=token)


def claim_address(user: User, *, by: str) -> int:
    """Take over every guest of the user's confirmed address, after its owner has agreed by e-mail. Says how many."""
    if user.confirmed_at is None:
        raise Conflict("Please confirm your e-mail address first.")
    guests = guests_at(user.email)
    for client_id in guests:
        claim_client(client_id, user=user, by=by)
    return len(guests)


def claim_client(client_id: int, *, user: User, by: str) -> Client:
    """Take over one guest; the caller has checked a signed link or the mailbox. Returns the person's client.

    Raises Conflict when the guest belongs to somebody else by now. Twice by the same person changes nothing.
    """
    own = find_client(user.id)
    guest = db.session.get_one(Client, client_id)
    if own is not None and own.id == guest.id:
        return own
    _take(guest, by=by)
    if own is None:
        guest.user_id, guest.erased_at = user.id, None
        db.session.flush()
        return guest
    _move_all(guest, own)
    return own


def join_files(guest_id: int, into_id: int, *, by: str) -> None:
    """Two files are one person's: a member of staff has looked at both. Nothing that either holds is lost.

    Raises Refused for one file twice, or a first file with a sign-in of its own; Conflict when it is gone meanwhile.
    """
    if guest_id == into_id:
        raise Refused("These are the same file.")
    guest, own = db.session.get_one(Client, guest_id), db.session.get_one(Client, into_id)
    if guest.user_id is not None:
        raise Refused("The file that goes has a sign-in of its own. Join them the other way round.")
    if own.erased_at is not None:
        raise Conflict("The other file is not here any more.")
    own.phone = own.phone or guest.phone
    own.email = own.email or guest.email
    db.session.flush()
    _take(guest, by=by)
    record(f"client:{own.id}", axis="file", was=None, now="joined", by=by, note=f"file {guest.id}")
    _move_all(guest, own)


def held_by(client_id: int) -> dict[str, int]:
    """Table → how many rows of it name a client: what joining would move."""
    counts: dict[str, int] = {}
    for table, column in _pointing_at_clients():
        n = int(db.session.scalar(select(func.count()).select_from(table).where(column == client_id)) or 0)
        counts[table.name] = counts.get(table.name, 0) + n
    return {name: n for name, n in counts.items() if n}


def _move_all(guest: Client, own: Client) -> None:
    """What can only be there once gives way to the person's own, after whoever keeps such things has added them up."""
    fire("client_joining", client_id=guest.id, into_id=own.id)
    for table, column in _pointing_at_clients():
        if column.unique and db.session.scalar(select(column).where(column == own.id)) is not None:
            changed(delete(table).where(column == guest.id))  # one for each person: the person's own stays
        for others in _unique_beside(table, column):
            twin = table.alias()
            same = [twin.c[name] == table.c[name] for name in others]
            there = select(twin.c[column.name]).where(twin.c[column.name] == own.id, *same).exists()
            changed(delete(table).where(column == guest.id, there))
        changed(update(table).where(column == guest.id).values({column.name: own.id}))
    guest.name = guest.email = guest.phone = ""  # the person's own file says it now; one copy is enough to erase
    db.session.flush()
    db.session.expire_all()
    fire("client_claimed", client_id=guest.id, into_id=own.id)


def _unique_beside(table: Table, column: Column) -> Iterator[list[str]]:
    """The other columns of each constraint by which a client has something only once."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and column.name in constraint.columns and len(constraint.columns) > 1:
            yield [one.name for one in constraint.columns if one.name != column.name]


def _take(guest: Client, *, by: str) -> None:
    """Only one claim wins: the guest's row is emptied by a compare-and-swap."""
    free = update(Client).where(Client.id == guest.id, Client.user_id.is_(None), Client.erased_at.is_(None))
    if not changed(free.values(erased_at=clock.now())):
        raise Conflict("This order belongs to another account already.")
    db.session.refresh(guest)
    record(f"client:{guest.id}", axis="claim", was="guest", now="claimed", by=by)


def _pointing_at_clients() -> Iterator[tuple[Table, Column]]:
    """Every column of the shop that names a client: what is built later is claimed too, without a list to forget."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.target_fullname == "client.id" for key in column.foreign_keys):
                yield table, column
