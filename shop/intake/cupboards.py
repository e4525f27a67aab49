"""What a client says about the things at home: bought elsewhere, used up, used in the morning or at night, photographed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from shop.catalog.words import STEP_WORDS
from shop.core import clock
from shop.core.db import db, one_or_404
from shop.core.errors import Refused
from shop.intake import papers
from shop.intake.models import CupboardItem, SealedFile

MOST, LONGEST_NAME, LONGEST_LIST = 80, 120, 6000
WHENS = ("morning", "evening", "both")
GONE = "This is not in your cupboard any more."


def add_typed(client_id: int, *, name: str, inci: str = "", step: str = "", photo: bytes = b"") -> CupboardItem:
    """Something of another shop: its list pasted, or its label photographed for somebody here to read. Raises Refused."""
    named = " ".join(name.split())[:LONGEST_NAME]
    if not named:
        raise Refused("What is it called?", field="name")
    if not inci.strip() and not photo:
        raise Refused("Paste the ingredients, or photograph the label.", field="inci")
    if (db.session.scalar(select(func.count(CupboardItem.id)).where(_there(client_id))) or 0) >= MOST:
        raise Refused("Your cupboard is full. Say first what you have used up.")
    kept = papers.keep(photo, purpose="label", client_id=client_id, images_only=True) if photo else None
    item = CupboardItem(
        client_id=client_id,
        content={
            "name": named,
            "inci": inci.strip()[:LONGEST_LIST],
            "step": step if step in STEP_WORDS else "",
            "when": "",
        },
        photo_id=kept.id if kept else None,
        made_at=clock.now(),
    )
    db.session.add(item)
    db.session.flush()
    return item


def add_product(client_id: int, product_id: int) -> CupboardItem:
    """A product of the shop that was bought somewhere else, or that is there again."""
    item = _of_product(client_id, product_id)
    item.finished_at = None
    item.made_at = clock.now()
    db.session.flush()
    return item


def finish(client_id: int, *, item_id: int | None = None, product_id: int | None = None) -> None:
    """It is used up, or was never theirs. Raises NotFound."""
    _one(client_id, item_id, product_id).finished_at = clock.now()
    db.session.flush()


def choose_when(client_id: int, when: str, *, item_id: int | None = None, product_id: int | None = None) -> None:
    """Used in the morning, in the evening, or both. Raises Refused."""
    if when not in WHENS:
        raise Refused("Choose morning, evening or both.", field="when")
    item = _one(client_id, item_id, product_id)
    item.content = {**item.content, "when": when}
    db.session.flush()


def items_of(client_ids: list[int]) -> list[CupboardItem]:
    """Every row, used up or not, the oldest first."""
    mine = select(CupboardItem).where(CupboardItem.client_id.in_(client_ids))
    return list(db.session.scalars(mine.order_by(CupboardItem.id)))


def labels_to_read() -> list[tuple[CupboardItem, str]]:
    """(item, name of its photograph) of every label that waits for somebody to read it."""
    photographed = select(CupboardItem, SealedFile.name).join(SealedFile, SealedFile.id == CupboardItem.photo_id)
    waiting = photographed.where(CupboardItem.read_by.is_(None), CupboardItem.finished_at.is_(None))
    return [(item, name) for item, name in db.session.execute(waiting.order_by(CupboardItem.id).limit(200))]


def read_label_for(item_id: int, *, inci: str, by: str) -> CupboardItem:
    """Somebody has read the photograph; the list stands where a pasted one would."""
    item = one_or_404(select(CupboardItem).where(CupboardItem.id == item_id, CupboardItem.photo_id.is_not(None)), GONE)
    if not inci.strip():
        raise Refused("Type the list as it is printed.", field="inci")
    item.content = {**item.content, "inci": inci.strip()[:LONGEST_LIST]}
    item.read_by = by
    db.session.flush()
    return item


def _there(client_id: int) -> Any:
    return (CupboardItem.client_id == client_id) & CupboardItem.finished_at.is_(None)


def _one(client_id: int, item_id: int | None, product_id: int | None) -> CupboardItem:
    if product_id is not None:
        return _of_product(client_id, product_id)
    return one_or_404(select(CupboardItem).where(CupboardItem.id == item_id, CupboardItem.client_id == client_id), GONE)


def _of_product(client_id: int, product_id: int) -> CupboardItem:
    """The row of a product, made when the client first says something about it."""
    same = (CupboardItem.client_id == client_id, CupboardItem.product_id == product_id)
    item = db.session.scalars(select(CupboardItem).where(*same)).first()
    if item is None:
        item = CupboardItem(client_id=client_id, product_id=product_id, content={}, made_at=clock.now())
        db.session.add(item)
    return item
