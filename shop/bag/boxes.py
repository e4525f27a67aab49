"""What is inside the boxes of a bag, with the stock of every component."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from shop.bag.columns import piece_columns, shelf_order, with_pieces
from shop.bag.pieces import Piece, package_piece, variant_piece
from shop.bag.reading import BagItem
from shop.catalog.models import Box, BoxItem
from shop.core.db import db
from shop.inventory.selling import first_end


def fill_boxes(items: list[BagItem]) -> None:
    """Name, price and components of each box line, in one statement for all of them."""
    wanted = {item.box_id for item in items}
    pieces: dict[int, dict[int, tuple[Piece, Any]]] = {}
    boxes: dict[int, Any] = {}
    for row in db.session.execute(_components().where(Box.id.in_(wanted))):
        boxes[row.box_id] = row
        inside = pieces.setdefault(row.box_id, {})
        if row.item_id not in inside:
            inside[row.item_id] = (variant_piece(row) if row.variant_id else package_piece(row), row.count)
        if row.lot_id:
            inside[row.item_id][0].add_shelf(row)
    for item in items:
        box = boxes.get(item.box_id or 0)
        if box is None or box.box_state != "live":
            item.name, item.problem = item.name or "Box", "This box is not offered any more. Please take it out."
            continue
        item.name, item.unit_minor, item.link = box.box_name, box.box_minor, f"/products?q={box.box_slug}"
        item.components = list(pieces[box.box_id].values())
        item.agree()
        item.detail = ", ".join(piece.name for piece, _ in item.components)


def _components() -> Select[Any]:
    box = (Box.id.label("box_id"), Box.slug.label("box_slug"), Box.name.label("box_name"), Box.state.label("box_state"))
    inside = (Box.price_minor.label("box_minor"), BoxItem.id.label("item_id"), BoxItem.quantity.label("count"))
    items = select(*box, *inside, *piece_columns()).select_from(Box).join(BoxItem, BoxItem.box_id == Box.id)
    joined = with_pieces(items, variant_id=BoxItem.variant_id, package_id=BoxItem.package_id, first=first_end())
    return joined.order_by(BoxItem.id, *shelf_order())
