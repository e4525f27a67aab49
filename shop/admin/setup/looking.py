"""The clinic's colours and logo: what cannot be read is refused with the nearest shade that can."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from wtforms import BooleanField
from wtforms.validators import Length

from shop.catalog.cutting import opened
from shop.core import media
from shop.core.brand import SCHEMES, nearest, passes
from shop.core.colours import tidy
from shop.core.errors import Refused
from shop.core.forms import LineField, ShopForm
from shop.core.settings import change_setting, setting

HEIGHT, WIDEST = 144, 768  # twice what a page shows, for dense screens
WANTED = (
    "Please choose a logo as PNG, WebP or JPEG, at least 48 pixels high. An SVG can carry a program, so it is not taken."
)
COLOURS = {"accent": "light", "second": "light", "accent_dark": "dark", "second_dark": "dark"}
GROUND_WORDS = {"light": "light pages", "dark": "dark pages"}


class LookForm(ShopForm):
    """Colours as six digits; an empty one is the shop's own."""

    accent = LineField("Main colour, for buttons and links", [Length(max=20)])
    second = LineField("Second colour, for headings", [Length(max=20)])
    accent_dark = LineField("Main colour on dark screens", [Length(max=20)])
    second_dark = LineField("Second colour on dark screens", [Length(max=20)])
    named = BooleanField("The logo already shows the name")
    plain = BooleanField("Back to the drawn mark")


@dataclass(frozen=True)
class Logo:
    """`stem` names the content; `size` in pixels as a page shows it."""

    stem: str
    size: tuple[int, int]
    body: bytes


def read_colours(form: LookForm) -> dict[str, str]:
    """name → "#8c3b2e" or "". Adds a sentence to each field that cannot be read; Raises nothing."""
    chosen: dict[str, str] = {}
    for name, scheme in COLOURS.items():
        typed = (form[name].data or "").strip()
        colour = tidy(typed) if typed else ""
        chosen[name] = colour
        if typed and not colour:
            form.refuse(Refused("A colour is six figures and letters a to f, like #8c3b2e.", field=name))
        elif colour and not passes(colour, SCHEMES[scheme]):
            near = nearest(colour, SCHEMES[scheme])
            words = f"{colour} cannot be read well enough on our {GROUND_WORDS[scheme]}. The nearest that can is {near}."
            form.refuse(Refused(words, field=name))
    return chosen


def read_logo(raw: bytes) -> Logo:
    """A picture known by its content, drawn anew, at most 144 pixels high. Raises Refused. Slow: before any writing."""
    from PIL import Image

    picture = opened(raw, smallest=48, wanted=WANTED)
    picture.thumbnail((WIDEST, HEIGHT), Image.Resampling.LANCZOS)
    out = BytesIO()
    picture.save(out, "WEBP", lossless=True)
    size = (max(1, picture.width // 2), max(1, picture.height // 2))
    return Logo(sha256(out.getvalue()).hexdigest()[:24], size, out.getvalue())


def keep_look(colours: dict[str, str], *, logo: Logo | None, named: bool, plain: bool, by: str) -> None:
    """Write what differs; the logo's file goes first, so that no page ever names a file that is not there."""
    values: dict[str, object] = {f"look.{name}": colour for name, colour in colours.items()}
    if logo is not None:
        media.put(f"{logo.stem}-logo.webp", logo.body)
        values |= {"look.logo": logo.stem, "look.logo_size": list(logo.size)}
    elif plain:
        values |= {"look.logo": "", "look.logo_size": []}
    values["look.logo_named"] = named
    for key, value in values.items():
        if setting(key) != value:
            change_setting(key, value, by=by)
