"""The photographs of a product, in the order they are shown."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from shop.catalog.cutting import KEPT, Picture, cut
from shop.catalog.models import Product, ProductPicture
from shop.core import clock, media
from shop.core.db import db
from shop.core.errors import NotFound, Refused
from shop.core.history import record

MOST = 8


def pictures_of(product_id: int) -> Sequence[ProductPicture]:
    rows = select(ProductPicture).where(ProductPicture.product_id == product_id)
    return db.session.scalars(rows.order_by(ProductPicture.position, ProductPicture.id)).all()


def address_of(stem: str, size: str, kind: str) -> str:
    """The path of one file of a picture."""
    return f"/media/{stem}-{size}.{kind}"


def keep_files(picture: Picture) -> None:
    """Write the files; done before their row is, so that no row ever names a file that is not there."""
    for name, body in picture.files:
        media.put(name, body)


def add_picture(product: Product, picture: Picture, *, alt: str, by: str, focus: tuple[int, int] = (50, 50)) -> None:
    """Raises Refused for the ninth, for one that is there already, and for one that nobody can describe."""
    there = pictures_of(product.id)
    if not alt.strip():
        raise Refused("Say what the picture shows, for people who cannot see it.", field="alt")
    if len(there) >= MOST:
        raise Refused(f"{MOST} pictures are enough. Remove one first.", field="file")
    if any(one.stem == picture.stem for one in there):
        raise Refused("This picture is here already.", field="file")
    last = there[-1].position + 1 if there else 0
    facts = {"alt": alt.strip()[:200], "focus_x": focus[0], "focus_y": focus[1], "position": last}
    db.session.add(ProductPicture(product_id=product.id, stem=picture.stem, made_at=clock.now(), **facts))
    _settle(product, was=None, now="added", by=by)


def show_first(product: Product, picture_id: int, *, by: str) -> None:
    """Raises NotFound."""
    chosen = get_picture(product, picture_id)
    chosen.position = min(one.position for one in pictures_of(product.id)) - 1
    _settle(product, was=None, now="first", by=by)


def cut_again(product: Product, picture_id: int, picture: Picture, *, focus: tuple[int, int], by: str) -> None:
    """Raises NotFound. Returns with the row naming the new files; the old ones stay for pages that are open."""
    chosen = get_picture(product, picture_id)
    chosen.stem, (chosen.focus_x, chosen.focus_y) = picture.stem, focus
    _settle(product, was=None, now="cut anew", by=by)


def remove_picture(product: Product, picture_id: int, *, by: str) -> str | None:
    """Take one away; returns its stem when no other row needs its files any more. Raises NotFound."""
    chosen = get_picture(product, picture_id)
    stem = chosen.stem
    db.session.delete(chosen)
    _settle(product, was="shown", now=None, by=by)
    others = db.session.scalar(select(func.count()).where(ProductPicture.stem == stem)) or 0
    return None if others else stem


def get_picture(product: Product, picture_id: int) -> ProductPicture:
    mine = select(ProductPicture).where(ProductPicture.id == picture_id, ProductPicture.product_id == product.id)
    found = db.session.scalars(mine).first()
    if found is None:
        raise NotFound("This picture is not here any more.")
    return found


def recut(stem: str, *, focus: tuple[int, int]) -> Picture:
    """A new cut of what was kept. Raises NotFound when the file is gone. Slow: before the first statement that writes."""
    path = media.path_of(f"{stem}-{KEPT}.webp")
    if not path.exists():
        raise NotFound("The photograph itself is gone. Please upload it again.")
    return cut(path.read_bytes(), focus=focus)


def _settle(product: Product, *, was: str | None, now: str | None, by: str) -> None:
    db.session.flush()
    first = next(iter(pictures_of(product.id)), None)
    drawing = {name: value for name, value in product.drawing.items() if name != "picture"}
    product.drawing = drawing | ({"picture": first.stem} if first else {})
    record(f"product:{product.id}", axis="picture", was=was, now=now, by=by)
