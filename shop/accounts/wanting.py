"""Which letters a client wants beyond those that an order or a visit needs; each is stopped with one click."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from shop.accounts.models import Client, LetterChoice
from shop.core import clock
from shop.core.db import db
from shop.core.errors import NotFound
from shop.core.history import record

# kind → whether it comes to whoever never chose. One question after a purchase may be asked of buyers (UK: regulation
# 22(3) of the Privacy and Electronic Communications Regulations 2003); whatever reminds of buying waits for a yes.
KINDS = {"reviews": True, "reminders": False}


def wanted(kind: str, client_ids: Iterable[int]) -> set[int]:
    """Of these clients, who gets letters of this kind; one statement."""
    ids = set(client_ids)
    chosen = select(LetterChoice.client_id).where(LetterChoice.kind == kind, LetterChoice.client_id.in_(ids))
    differs = set(db.session.scalars(chosen.where(LetterChoice.wants.is_not(KINDS[kind]))))
    return ids - differs if KINDS[kind] else differs


def choices_of(client_id: int | None) -> dict[str, bool]:
    """kind → whether this client gets it."""
    rows = select(LetterChoice.kind, LetterChoice.wants).where(LetterChoice.client_id == client_id)
    return KINDS | dict(db.session.execute(rows).all())  # type: ignore[arg-type]


def choose(client_id: int, kind: str, *, wants: bool, by: str) -> None:
    """Keep what the client said, with its moment; the same again changes nothing. Locks the client: two clicks are one."""
    db.session.execute(select(Client.id).where(Client.id == client_id).with_for_update())
    if choices_of(client_id)[kind] == wants:
        return
    mine = select(LetterChoice).where(LetterChoice.client_id == client_id, LetterChoice.kind == kind)
    row = db.session.scalars(mine).first()
    if row is None:
        row = LetterChoice(client_id=client_id, kind=kind)
        db.session.add(row)
    row.wants, row.changed_at = wants, clock.now()
    was, now = ("no", "yes") if wants else ("yes", "no")
    record(f"client:{client_id}", axis=f"letters of {kind}", was=was, now=now, by=by)


def stop_link(client_id: int, kind: str) -> str:
    """The address that stands under each such letter; it opens nothing but the page with the button."""
    token = _signer().dumps([client_id, kind])
    return f"{current_app.config['SHOP'].site_url}/letters/{token if isinstance(token, str) else token.decode()}"


def read_stop(token: str) -> tuple[int, str]:
    """(client, kind) behind a link. Raises NotFound."""
    try:
        said = _signer().loads(token)
    except BadData:
        said = None
    if not isinstance(said, list) or len(said) != 2 or said[1] not in KINDS:
        raise NotFound("This link is not one of ours.")
    return int(said[0]), str(said[1])


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="letters")
