"""An uploaded photograph becomes the pictures of a page: known by content, turned upright, cut to 4:5, made small, bare of EXIF."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from shop.core.errors import Refused

if TYPE_CHECKING:
    from PIL import Image

LARGEST = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
SMALLEST_SIDE = 400
KINDS = ("JPEG", "PNG", "WEBP", "AVIF")
WIDTHS = (400, 800, 1200)  # each 4:5; the list shows the first, a large screen the last
SHARED = "share"  # the one JPEG, for mails and for sites that show a link
KEPT = "kept"  # what later cuts are made of
GROUND = (246, 242, 236)  # behind what is transparent: the sand of the stage
WANTED = "Please choose a photograph (JPEG, PNG, WebP or AVIF) of at most 12 MB, 400 pixels or more on each side."


@dataclass(frozen=True)
class Picture:
    """`stem` names content and cut; `files` are (name, bytes) of every size and format."""

    stem: str
    files: tuple[tuple[str, bytes], ...]


def cut(raw: bytes, *, focus: tuple[int, int] = (50, 50)) -> Picture:
    """All sizes around a point (percent from left and top). Raises Refused for anything that is not a photograph of use.

    Slow: call it before the first statement of a request that writes.
    """
    from PIL import Image, ImageOps  # loaded by those who hand in a picture alone

    whole = upright(raw)
    stem = sha256(raw + f"{focus[0]},{focus[1]}".encode()).hexdigest()[:24]
    framed = ImageOps.fit(whole, _frame(whole.size), centering=(focus[0] / 100, focus[1] / 100))
    files = []
    for width in WIDTHS:
        small = framed.resize((width, width * 5 // 4), Image.Resampling.LANCZOS)
        files.append((f"{stem}-{width}.avif", _packed(small, "AVIF", quality=62, speed=8)))
        files.append((f"{stem}-{width}.webp", _packed(small, "WEBP", quality=80)))
    shared = framed.resize((800, 1000), Image.Resampling.LANCZOS)
    files.append((f"{stem}-{SHARED}.jpg", _packed(shared, "JPEG", quality=84)))
    whole.thumbnail((2000, 2000))
    files.append((f"{stem}-{KEPT}.webp", _packed(whole, "WEBP", quality=92)))
    return Picture(stem, tuple(files))


def opened(raw: bytes, *, smallest: int = SMALLEST_SIDE, wanted: str = WANTED) -> Image.Image:
    """Upright, in plain colours with what is transparent, bare of EXIF. The size is read before a single pixel is.

    Raises Refused with the sentence `wanted` for anything that is no still picture of these kinds and sizes.
    """
    from PIL import Image, ImageOps

    if not raw or len(raw) > LARGEST:
        raise Refused(wanted, field="file")
    try:
        with Image.open(BytesIO(raw), formats=KINDS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS or min(width, height) < smallest or getattr(picture, "n_frames", 1) > 1:
                raise Refused(wanted, field="file")
            return ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as unreadable:
        raise Refused(wanted, field="file") from unreadable


def upright(raw: bytes) -> Image.Image:
    """A photograph in plain colours, the right way up, without what the camera wrote. Raises Refused. Slow."""
    from PIL import Image

    layered = opened(raw)
    flat = Image.new("RGB", layered.size, GROUND)
    flat.paste(layered, mask=layered.getchannel("A"))
    return flat


def _frame(size: tuple[int, int]) -> tuple[int, int]:
    """The largest 4:5 inside a picture."""
    width, height = size
    return (width, width * 5 // 4) if width * 5 <= height * 4 else (height * 4 // 5, height)


def _packed(picture: Image.Image, kind: str, **options: int) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
