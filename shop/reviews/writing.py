"""A buyer writes, changes or takes back a review; whatever was changed is read by the clinic again before it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from shop.accounts.models import Client
from shop.catalog.models import Brand, Product
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import NotFound, Refused
from shop.core.history import record
from shop.core.settings import setting
from shop.core.templating import TITLES
from shop.reviews.models import Review
from shop.reviews.receiving import received_by

LONGEST = 2000
NOT_HERE = "Only who bought this product here and received it can write about it."


@dataclass(frozen=True)
class Mine:
    """A product somebody may write about, with what they wrote."""

    product_id: int
    slug: str
    name: str
    brand: str
    received_at: datetime | None
    review: Review | None


def open_or_404() -> None:
    """Raises NotFound while the clinic has no reviews."""
    if not setting("reviews.on"):
        raise NotFound("Reviews are not open here.")


def mine(client_id: int) -> list[Mine]:
    """All that a client may write or has written about; two statements."""
    there = received_by(client_id)
    rows = (
        select(Review, Product.slug, Product.name, Brand.name.label("brand"))
        .join(Product, Product.id == Review.product_id)
        .join(Brand, Brand.id == Product.brand_id)
        .where(Review.client_id == client_id)
        .order_by(Review.id.desc())
    )
    written = {row[0].product_id: row for row in db.session.execute(rows)}
    found = [Mine(one.product_id, one.slug, one.name, one.brand, one.at, None) for one in there.values()]
    found = [one for one in found if one.product_id not in written]
    for product_id, (review, slug, name, brand) in written.items():
        at = there[product_id].at if product_id in there else None
        found.append(Mine(product_id, slug, name, brand, at, review))
    return found


def one_of_mine(client_id: int, product_id: int) -> Mine:
    """Raises NotFound for what this client neither received nor wrote about."""
    for one in mine(client_id):
        if one.product_id == product_id:
            return one
    raise NotFound(NOT_HERE)


def write(client_id: int, product_id: int, *, stars: int, text: str, by: str) -> Review:
    """Write it, or change what was written; either way it waits to be read. Raises NotFound, Refused. Locks the client."""
    one_of_mine(client_id, product_id)
    if not 1 <= stars <= 5:
        raise Refused("Choose one to five stars.", field="stars")
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise Refused("Say in a few words how it is, in at most 2,000 characters.", field="text")
    client = db.session.scalars(select(Client).where(Client.id == client_id).with_for_update()).one()  # two clicks, one row
    now, name = clock.now(), shown_name(client.name)
    review = _of(client_id, product_id)
    if review is None:
        review = Review(product_id=product_id, client_id=client_id, made_at=now, turn=0)
        db.session.add(review)
    elif (review.stars, review.text) == (stars, words):
        return review
    was = review.state if review.id else None
    review.stars, review.text, review.shown_name, review.changed_at = stars, words, name, now
    review.state, review.reason, review.answer, review.decided_at, review.decided_by = "waiting", "", "", None, None
    review.turn += 1
    db.session.flush()
    record(f"review:{review.id}", axis="state", was=was, now="waiting", by=by)
    return review


def take_back(client_id: int, product_id: int, *, by: str) -> None:
    """It is gone at once, from the product's page too; twice is once."""
    review = _of(client_id, product_id)
    if review is not None:
        record(f"review:{review.id}", axis="state", was=review.state, now="taken back", by=by)
        changed(delete(Review).where(Review.id == review.id))


def forget_reviews(*, client_id: int | None, **_facts: object) -> None:
    """Hears "client_erased": stars and words go with whoever gave them."""
    if client_id is not None:
        changed(delete(Review).where(Review.client_id == client_id))


def shown_name(name: str) -> str:
    """ "Nora Beck" is shown as "Nora B.": the first name and an initial, never more."""
    parts = [part for part in name.split() if part.rstrip(".").lower() not in TITLES]
    if not parts:
        return "A client"
    first = parts[0].split("@")[0]
    return first if len(parts) == 1 else f"{first} {parts[-1][0].upper()}."


def _of(client_id: int, product_id: int) -> Review | None:
    wanted = select(Review).where(Review.client_id == client_id, Review.product_id == product_id)
    return db.session.scalars(wanted).first()
