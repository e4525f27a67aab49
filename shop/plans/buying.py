"""From a plan into the bag, in one tap: what matters most, everything, or a choice; what is there already stays as it is."""

from __future__ import annotations

from shop.bag import filling
from shop.bag.finding import Owner, find_bag
from shop.bag.reading import read_bag
from shop.core.errors import NotFound, Refused, ShopError
from shop.plans.events import happened
from shop.plans.lines import PRODUCT
from shop.plans.models import Plan
from shop.plans.opening import Opened

WHICH = ("essentials", "all", "chosen")
CONFIRM = "Part of this is opened for you alone: confirm first that it is you."


def put_in_bag(plan: Plan, opened: Opened, owner: Owner, *, which: str, chosen: set[int], by: str) -> int:
    """Says how many lines went in. Raises Refused when nothing was chosen, or what was chosen cannot be bought."""
    lines = opened.to_add(which if which in WHICH else "chosen", chosen)
    if not lines:
        raise Refused("Tick what you would like to have.", field="line")
    there = {piece.ref for item in read_bag(owner).items for piece, _ in item.pieces}
    for one in lines:
        ref = one.item.sku if one.line.kind == PRODUCT and one.item else one.line.package
        if ref in there:
            continue
        try:
            if one.line.kind == PRODUCT:
                filling.add_variant(owner, ref, quantity=one.line.quantity)
            else:
                filling.add_package(owner, ref)
        except (NotFound, Refused) as closed:
            raise _said(closed, owner) from None
    bag = find_bag(owner)
    if bag is not None:
        happened(plan.id, "added", key=f"v{plan.shown}:bag:{bag.id}", by=by)
    return len(lines)


def _said(closed: ShopError, owner: Owner) -> ShopError:
    """To somebody unknown it may simply not be open yet."""
    unknown = owner.user_id is None and owner.client_id is None
    return Refused(CONFIRM) if unknown else closed
