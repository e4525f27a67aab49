"""What a consultant has unlocked for one client is open in that client's bag, and in nobody else's."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from shop.accounts.models import Client
from shop.bag.finding import Owner
from shop.bag.pieces import Piece
from shop.core.db import db
from shop.intake.unlocking import NOTHING, Unlocked, unlocked_for


def unlocked_of(owner: Owner) -> Unlocked:
    """For the client who is signed in, or whom a guest has proved to be; two statements at most."""
    client_id = owner.client_id
    if owner.user_id is not None:
        client_id = db.session.scalar(select(Client.id).where(Client.user_id == owner.user_id))
    return unlocked_for(client_id) if client_id is not None else NOTHING


def open_pieces(pieces: Iterable[Piece], owner: Owner) -> None:
    """Offer what is unlocked. Nothing is asked while nothing in the bag needs it."""
    closed = [piece for piece in pieces if piece.opens is not None]
    if not closed:
        return
    unlocked = unlocked_of(owner)
    for piece in closed:
        if piece.opens in (unlocked.products if piece.kind == "variant" else unlocked.packages):
            piece.is_offered, piece.sold_as = True, "online"
