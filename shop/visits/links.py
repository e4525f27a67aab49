"""Addresses that open one appointment, or one calendar, without a sign-in: signed, and dead once they are renewed."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from shop.core import clock
from shop.core.db import db, one_or_404
from shop.core.errors import NotFound
from shop.visits.models import CalendarFeed, Visit

GONE = "This link does not open anything here any more."


def site() -> str:
    return str(current_app.config["SHOP"].site_url)


def visit_token(visit: Visit) -> str:
    """Opens the appointment wherever it moves to."""
    return _signer("visit").dumps(visit.uid)


def visit_link(visit: Visit, act: str = "") -> str:
    return f"{site()}/appointments/{visit_token(visit)}{'/' + act if act else ''}"


def get_by_token(token: str) -> Visit:
    """The newest row of the appointment. Raises NotFound for anything that was not signed here."""
    uid = _read("visit", token)
    wanted = select(Visit).where(Visit.uid == str(uid)).order_by(Visit.sequence.desc()).limit(1)
    return one_or_404(wanted, GONE)


def feed_link(feed: CalendarFeed) -> str:
    return f"{site()}/calendar/{_signer('calendar').dumps([feed.client_id, feed.edition])}.ics"


def client_of_feed(token: str) -> int:
    """Whose calendar this address opens. Raises NotFound for one that was renewed or ended."""
    signed = _read("calendar", token)
    if not (isinstance(signed, list) and len(signed) == 2):
        raise NotFound(GONE)
    client_id, edition = signed
    open_ones = select(CalendarFeed).where(CalendarFeed.client_id == client_id, CalendarFeed.ended_at.is_(None))
    feed = one_or_404(open_ones, GONE)
    if feed.edition != edition:
        raise NotFound(GONE)
    return feed.client_id


def find_feed(client_id: int | None) -> CalendarFeed | None:
    mine = select(CalendarFeed).where(CalendarFeed.client_id == client_id, CalendarFeed.ended_at.is_(None))
    return db.session.scalars(mine).first()


def open_feed(client_id: int) -> CalendarFeed:
    """A first address, or a new one in place of the old."""
    feed = db.session.scalars(select(CalendarFeed).where(CalendarFeed.client_id == client_id)).first()
    if feed is None:
        feed = CalendarFeed(client_id=client_id, edition=0, made_at=clock.now())
        db.session.add(feed)
    feed.edition, feed.made_at, feed.ended_at = feed.edition + 1, clock.now(), None
    db.session.flush()
    return feed


def end_feed(client_id: int) -> None:
    feed = find_feed(client_id)
    if feed is not None:
        feed.ended_at = clock.now()
        db.session.flush()


def _read(purpose: str, token: str) -> object:
    try:
        return _signer(purpose).loads(token)
    except BadData:
        raise NotFound(GONE) from None


def _signer(purpose: str) -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt=f"visits-{purpose}")
