"""Things go into a bag and out of it; what cannot be sold never goes in, and nothing is lost when two bags become one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from shop.bag.finding import Owner, find_bag, get_or_make_bag, make_bag
from shop.bag.models import Bag, BagLine
from shop.bag.unlocking import unlocked_of
from shop.catalog.models import AddOn, Box, Package, Product, Treatment, Variant, addon_treatment
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import NotFound, Refused
from shop.core.money import money
from shop.core.settings import setting
from shop.intake import signing

MOST_OF_ONE = 99
MOST_LINES = 60


_SOLD = (
    select(Variant.id, Product.id.label("product_id"), Product.gated)
    .join(Product, Product.id == Variant.product_id)
    .where(Variant.sku == bindparam("sku"), Variant.is_sold, Product.state == "live")
)


def add_variant(owner: Owner, sku: str, *, quantity: int = 1) -> None:
    """Put a product in. Raises NotFound for an unknown size, Refused for one that is not sold here."""
    _check_quantity(quantity)
    row = db.session.execute(_SOLD, {"sku": sku}).first()
    if row is None or (row.gated and row.product_id not in unlocked_of(owner).products):
        raise NotFound("This product is not in the shop any more.")
    _add(owner, quantity, variant_id=row.id)


def add_package(owner: Owner, slug: str, *, quantity: int = 1, addons: dict[str, int] | None = None) -> None:
    """Put a package in, with so many of each add-on. Raises Refused when an add-on does not go with it."""
    _check_quantity(quantity)
    row = db.session.execute(
        select(Package.id, Package.sessions, Treatment.id, Treatment.sold_as, Treatment.slug, Package.state)
        .join(Treatment, Treatment.id == Package.treatment_id)
        .where(Package.slug == slug, Package.state.in_(("live", "private")))
    ).first()
    if row is None or row.sold_as == "unsold":
        raise NotFound("This package is not offered any more.")
    package_id, sessions, treatment_id, sold_as, treatment, state = row
    is_open = (state == "live" and sold_as == "online") or package_id in unlocked_of(owner).packages
    if state == "private" and not is_open:
        raise NotFound("This package is not offered any more.")
    if not is_open:
        raise Refused("This treatment begins with a consultation. Book one, and the package opens for you there.")
    if signing.unsigned([treatment]):
        raise Refused(signing.NOT_YET)
    chosen = _checked_addons(addons or {}, treatment_id, most=sessions * quantity)
    _add(owner, quantity, package_id=package_id, addons=chosen)


def add_box(owner: Owner, slug: str, *, quantity: int = 1) -> None:
    """Put a box in. Raises NotFound."""
    _check_quantity(quantity)
    box_id = db.session.scalar(select(Box.id).where(Box.slug == slug, Box.state == "live"))
    if box_id is None:
        raise NotFound("This box is not offered any more.")
    _add(owner, quantity, box_id=box_id)


def add_gift_card(owner: Owner, minor: int, *, gift: dict[str, Any]) -> None:
    """`gift` holds for_name, for_email, from_name and message. Raises Refused when none are sold, or not of this sum."""
    least, most = setting("gift_cards.least_minor"), setting("gift_cards.most_minor")
    if not setting("gift_cards.on"):
        raise NotFound("Gift cards are not sold here.")
    if not least <= minor <= most:
        raise Refused(f"A gift card holds from {money(least, short=True)} to {money(most, short=True)}.", field="other")
    bag = get_or_make_bag(owner)
    _refuse_full(bag.id)
    values = {"bag_id": bag.id, "quantity": 1, "addons": {}, "made_at": clock.now(), "gift_minor": minor, "gift": gift}
    db.session.execute(insert(BagLine).values(**values))


def set_quantity(owner: Owner, line_id: int, *, quantity: int) -> None:
    """Change a line, 0 takes it out. Raises NotFound for a line of another bag."""
    if quantity < 0 or quantity > MOST_OF_ONE:
        raise Refused(f"Choose a number from 0 to {MOST_OF_ONE}.", field="quantity")
    mine = BagLine.id == line_id, BagLine.bag_id.in_(select(Bag.id).where(owner.condition))
    if not owner.is_known:
        raise NotFound("Your bag is empty.")
    act: Any = delete(BagLine).where(*mine) if quantity == 0 else update(BagLine).where(*mine).values(quantity=quantity)
    if not changed(act):
        raise NotFound("That line is not in your bag any more.")


def agree_to_date(owner: Owner, line_id: int, *, ends: date) -> None:
    """The buyer takes short-dated goods that can be used until that day or longer. Raises NotFound as above."""
    if not owner.is_known:
        raise NotFound("Your bag is empty.")
    mine = BagLine.id == line_id, BagLine.bag_id.in_(select(Bag.id).where(owner.condition))
    if not changed(update(BagLine).where(*mine).values(accepts_end=ends)):
        raise NotFound("That line is not in your bag any more.")


def merge(owner: Owner, guest_token: str | None) -> None:
    """What a guest chose moves into the bag of the person who just signed in; the larger number of each stays."""
    guest = find_bag(Owner(token=guest_token)) if guest_token else None
    if guest is None:
        return
    lines = db.session.scalars(select(BagLine).where(BagLine.bag_id == guest.id).order_by(BagLine.id)).all()
    if guest.codes or guest.cards:
        bag = get_or_make_bag(owner)
        bag.codes, bag.cards = bag.codes or guest.codes, bag.cards or guest.cards
    for line in lines:
        if line.gift_minor is not None:
            line.bag_id = get_or_make_bag(owner).id
            continue
        _add(
            owner,
            line.quantity,
            variant_id=line.variant_id,
            package_id=line.package_id,
            box_id=line.box_id,
            addons=line.addons,
            keep_larger=True,
        )
    db.session.execute(delete(BagLine).where(BagLine.bag_id == guest.id))
    db.session.execute(delete(Bag).where(Bag.id == guest.id))


def empty(bag_id: int, *, up_to: datetime, lines: list[int] | None = None) -> None:
    """Take out what was bought, and the codes with it; what went in later, or was not part of the order, stays."""
    bought = delete(BagLine).where(BagLine.bag_id == bag_id, BagLine.made_at <= up_to)
    db.session.execute(bought if lines is None else bought.where(BagLine.id.in_(lines)))
    changed(
        update(Bag)
        .where(Bag.id == bag_id, ~select(BagLine.id).where(BagLine.bag_id == bag_id).exists())
        .values(codes=[], cards=[])
    )


def count(owner: Owner) -> int:
    """How many things are in the bag, for the number beside its icon."""
    if not owner.is_known:
        return 0
    total = select(func.coalesce(func.sum(BagLine.quantity), 0)).join(Bag, Bag.id == BagLine.bag_id)
    return int(db.session.scalar(total.where(owner.condition)) or 0)


def _add(
    owner: Owner,
    quantity: int,
    *,
    variant_id: int | None = None,
    package_id: int | None = None,
    box_id: int | None = None,
    addons: dict[str, Any] | None = None,
    keep_larger: bool = False,
) -> None:
    bag = find_bag(owner)
    lines = db.session.scalars(select(BagLine).where(BagLine.bag_id == bag.id)).all() if bag else ()
    thing = {"variant_id": variant_id, "package_id": package_id, "box_id": box_id}
    line = next((held for held in lines if all(getattr(held, name) == value for name, value in thing.items())), None)
    if line is None:
        if bag is not None:
            _refuse_full(bag.id)
        bag = bag or make_bag(owner)
        values = {"bag_id": bag.id, "quantity": quantity, "addons": addons or {}, "made_at": clock.now(), **thing}
        db.session.execute(insert(BagLine).values(**values))
        return
    total = max(line.quantity, quantity) if keep_larger else line.quantity + quantity
    if package_id is not None and not keep_larger:
        total = quantity  # choosing a package again replaces the choice
        line.addons = addons or {}
    line.quantity = min(total, MOST_OF_ONE)
    line.made_at = clock.now()


def _refuse_full(bag_id: int) -> None:
    if (db.session.scalar(select(func.count()).where(BagLine.bag_id == bag_id)) or 0) >= MOST_LINES:
        raise Refused("Your bag is full. Buy what is in it first.")


def _check_quantity(quantity: int) -> None:
    if not 1 <= quantity <= MOST_OF_ONE:
        raise Refused(f"Choose a number from 1 to {MOST_OF_ONE}.", field="quantity")


def _checked_addons(wanted: dict[str, int], treatment_id: int, *, most: int) -> dict[str, int]:
    chosen = {slug: number for slug, number in wanted.items() if number}
    if not chosen:
        return {}
    offered = (
        select(AddOn.slug, AddOn.name, AddOn.not_with)
        .join(addon_treatment, addon_treatment.c.addon_id == AddOn.id)
        .where(addon_treatment.c.treatment_id == treatment_id)
    )
    known = {row.slug: row for row in db.session.execute(offered)}
    for slug, number in chosen.items():
        if slug not in known:
            raise Refused("That add-on does not go with this treatment.", field="addon")
        if not 1 <= number <= most:
            raise Refused(f"{known[slug].name}: choose at most {most}, one for each session.", field="addon")
        clash = set(known[slug].not_with) & set(chosen)
        if clash:
            raise Refused(f"{known[slug].name} cannot be combined with {known[min(clash)].name}.", field="addon")
    return chosen
