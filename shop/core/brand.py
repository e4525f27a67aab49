"""The clinic's own two colours and its logo: a small stylesheet over the tokens, at an address that names its content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from types import SimpleNamespace

from shop.core.colours import is_legible, mix, nearest_legible
from shop.core.settings import setting


@dataclass(frozen=True)
class Scheme:
    """What text stands on in one scheme, as static/css/tokens.css says; `ends` is what shades move towards."""

    grounds: tuple[str, ...]
    paper: str
    ends: str
    is_light: bool


LIGHT = Scheme(("#fbf8f4", "#ffffff", "#f3ece3"), "#ffffff", "#000000", is_light=True)
DARK = Scheme(("#171412", "#211d1a", "#2a241f"), "#211d1a", "#ffffff", is_light=False)
ON_LIGHT, ON_DARK = "#ffffff", "#14100e"  # words on a button
CHOSEN = ("accent", "second", "accent_dark", "second_dark")
SCHEMES = {"light": LIGHT, "dark": DARK}


def grounds_of(colour: str, scheme: Scheme) -> tuple[str, ...]:
    """Everything this colour is read on, its own faint wash and the words of its buttons among them."""
    return (*scheme.grounds, _wash(colour, scheme), ON_LIGHT if scheme.is_light else ON_DARK)


def passes(colour: str, scheme: Scheme) -> bool:
    return is_legible(colour, grounds_of(colour, scheme))


def nearest(colour: str, scheme: Scheme) -> str:
    """The nearest shade of its hue that passes; itself when it does."""
    found = colour
    for _ in range(8):  # the wash follows the colour, so a shade is asked once more
        if passes(found, scheme):
            return found
        found = nearest_legible(found, grounds_of(found, scheme), darker=scheme.is_light)
    return found


def stylesheet() -> str:
    """Empty while the clinic has chosen nothing."""
    return _styles(*(setting(f"look.{name}") for name in CHOSEN))


def stylesheet_path() -> str:
    """/assets/brand/<content>.css, or nothing."""
    css = stylesheet()
    return f"/assets/brand/{sha256(css.encode()).hexdigest()[:16]}.css" if css else ""


def logo() -> SimpleNamespace | None:
    """Address and size of the clinic's own logo, or None for the drawn mark."""
    stem, size = setting("look.logo"), setting("look.logo_size")
    if not stem or len(size) != 2:
        return None
    width, height = int(size[0]), int(size[1])
    return SimpleNamespace(src=f"/media/{stem}-logo.webp", width=width, height=height, named=setting("look.logo_named"))


@lru_cache(maxsize=8)
def _styles(accent: str, second: str, accent_dark: str, second_dark: str) -> str:
    """On dark screens the clinic's own choice, else the nearest shade of its light one that can be read there."""
    if not accent and not second:
        return ""
    light = _rules(accent, second, LIGHT)
    dark = _rules(_dark(accent_dark, accent), _dark(second_dark, second), DARK)
    return f"@layer base{{:root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}}}\n"


def _dark(own: str, light: str) -> str:
    return own or (nearest(light, DARK) if light else "")


def _wash(colour: str, scheme: Scheme) -> str:
    return mix(colour, scheme.paper, 0.08 if scheme.is_light else 0.12)


def _rules(accent: str, second: str, scheme: Scheme) -> str:
    rules = [f"--display:{second}"] if second else []
    if accent:
        on = ON_LIGHT if scheme.is_light else ON_DARK
        rules += [f"--accent:{accent}", f"--accent-deep:{mix(accent, scheme.ends, 0.78)}"]
        rules += [f"--on-accent:{on}", f"--accent-wash:{_wash(accent, scheme)}"]
    return ";".join(rules)
