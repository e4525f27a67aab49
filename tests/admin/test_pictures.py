"""Photographs: known by their content, bare of what the camera wrote, and never a way in for anything else."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from shop.catalog.cutting import WIDTHS, cut
from shop.catalog.models import ProductPicture
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.history import history_of
from tests.support.factories import make_product

PLACE = b"51 deg 31' N"


def photograph(kind="JPEG", size=(900, 1200), *, colour="#c8a27a", exif=None, **options):
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **({"exif": exif} if exif else {}), **options)
    return out.getvalue()


def told_by_a_camera():
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    exif[0x0112] = 6  # lies on its side
    return photograph(size=(1200, 900), exif=exif)


def send(browser, product, raw, *, name="photo.jpg", **typed):
    data = {"file": (BytesIO(raw), name), "alt": "A bottle on sand", "focus": "50-50", **typed}
    return browser.post(f"/admin/products/{product.id}/pictures", data=data)


def pictures(product):
    rows = select(ProductPicture).where(ProductPicture.product_id == product.id).order_by(ProductPicture.position)
    return db.session.scalars(rows.execution_options(populate_existing=True)).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photograph_is_shown_in_the_shop_in_every_size(as_admin, client, kind):
    product = make_product()
    assert send(as_admin, product, photograph(kind)).status_code == 303
    [kept] = pictures(product)
    page = client.get(f"/products/{product.slug}").text
    for width in WIDTHS:
        for kind in ("avif", "webp"):
            path = f"/media/{kept.stem}-{width}.{kind}"
            answer = client.get(path)
            assert path in page
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            with Image.open(BytesIO(answer.data)) as opened:
                assert opened.size == (width, width * 5 // 4)
    assert f"/media/{kept.stem}-400.webp" in client.get("/products").text
    assert f"/media/{kept.stem}-share.jpg" in page


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright():
    raw = told_by_a_camera()
    assert PLACE in raw
    made = cut(raw)
    assert made.files
    assert not [name for name, body in made.files if PLACE in body or Image.open(BytesIO(body)).getexif()]
    kept = next(body for name, body in made.files if "-kept" in name)
    assert Image.open(BytesIO(kept)).size == (900, 1200)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?php system($_GET['c']);",
        b"GIF89a" + bytes(500),
        b"\xff\xd8\xff" + b"no more than its first bytes",
        photograph("PNG")[:-400],
        photograph(size=(399, 900)),
    ],
    ids=["empty", "svg", "php", "gif", "only a beginning", "torn", "too small"],
)
def test_what_is_no_photograph_of_use_is_refused_and_typed_words_stay(as_admin, config, raw):
    product = make_product()
    answer = send(as_admin, product, raw, name="../../evil.php", alt="My words stay")
    assert answer.status_code == 422
    assert "My words stay" in answer.text
    assert pictures(product) == []
    assert not list((config.instance / "media").rglob("*-*"))


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_unpacked():
    bomb = BytesIO()
    Image.new("1", (20000, 20000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 1_000_000
    with pytest.raises(Refused):
        cut(bomb.getvalue())


def test_a_picture_needs_words_and_comes_once(as_admin):
    product, raw = make_product(), photograph()
    assert "Say what the picture shows" in send(as_admin, product, raw, alt=" ").text
    assert send(as_admin, product, raw).status_code == 303
    assert "here already" in send(as_admin, product, raw).text
    assert len(pictures(product)) == 1


def test_the_frame_keeps_the_side_that_was_chosen():
    wide = Image.new("RGB", (2000, 800), "#ffffff")
    wide.paste("#c02020", (0, 0, 700, 800))

    def colour(focus):
        out = BytesIO()
        wide.save(out, "PNG")
        first = cut(out.getvalue(), focus=focus).files[1][1]
        return Image.open(BytesIO(first)).convert("RGB").getpixel((200, 250))

    red, green, _ = colour((0, 50))
    assert red > 150 > green
    assert min(colour((100, 50))) > 200


def test_order_cut_and_removal(as_admin, client, config):
    product = make_product()
    for colour in ("#336699", "#993333"):
        send(as_admin, product, photograph(colour=colour), alt=f"A {colour} bottle")
    first, second = pictures(product)
    at = f"/admin/products/{product.id}/pictures"
    as_admin.post(f"{at}/{second.id}", data={"act": "first"})
    assert [one.id for one in pictures(product)] == [second.id, first.id]
    assert f"/media/{second.stem}-400.webp" in client.get("/products").text
    old, number = second.stem, second.id
    assert as_admin.post(f"{at}/{number}", data={"act": "cut", "focus": "0-50"}).status_code == 303
    assert pictures(product)[0].stem != old
    as_admin.post(f"{at}/{number}", data={"act": "remove"})
    [left] = pictures(product)
    assert f"/media/{left.stem}-400.webp" in client.get("/products").text
    stem = left.stem
    assert list((config.instance / "media").rglob(f"{stem}-*"))
    as_admin.post(f"{at}/{left.id}", data={"act": "remove"})
    assert "/media/" not in client.get("/products").text
    assert not list((config.instance / "media").rglob(f"{stem}-*"))
    assert [row.axis for row in history_of(f"product:{product.id}")].count("picture") == 6


def test_the_list_names_what_has_no_photograph(as_admin):
    bare, shown = make_product(name="Bare Balm"), make_product(name="Shown Serum")
    send(as_admin, shown, photograph())
    page = as_admin.get("/admin/products?photo=missing").text
    assert bare.name in page
    assert shown.name not in page


@pytest.mark.parametrize("name", ["x", "..%2f..%2fconfig.py", f"{'a' * 24}-400.webp", f"{'a' * 24}-400.webp%00.png"])
def test_an_address_that_is_no_picture_is_not_there(client, name):
    assert client.get(f"/media/{name}").status_code in (400, 404)
