"""Colours as WCAG 2.2 sees them: contrast, mixtures, and the nearest shade of a hue that can be read. Pure."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence

HEX = re.compile(r"#[0-9a-f]{6}")
LEGIBLE = 4.5  # WCAG 1.4.3, text of any size
STEPS = 256


def tidy(text: str) -> str:
    """ "8C3B2E" and "#8c3b2e" → "#8c3b2e"; empty when it is no colour of six digits."""
    given = "#" + text.strip().lower().removeprefix("#")
    return given if HEX.fullmatch(given) else ""


def contrast(one: str, other: str) -> float:
    """Between 1 and 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def is_legible(colour: str, grounds: Sequence[str]) -> bool:
    """As text on each of these grounds."""
    return all(contrast(colour, ground) >= LEGIBLE for ground in grounds)


def mix(colour: str, other: str, share: float) -> str:
    """`share` of the first, the rest of the other."""
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return _hex([one * share + two * (1 - share) for one, two in pairs])


def nearest_legible(colour: str, grounds: Sequence[str], *, darker: bool) -> str:
    """The same hue, only as much darker (or lighter) as it takes; at the end black or white."""
    hue, light, strength = colorsys.rgb_to_hls(*(part / 255 for part in _parts(colour)))
    for step in range(STEPS + 1):
        moved = light * (1 - step / STEPS) if darker else light + (1 - light) * step / STEPS
        found = _hex([part * 255 for part in colorsys.hls_to_rgb(hue, moved, strength)])
        if is_legible(found, grounds):
            return found
    return "#000000" if darker else "#ffffff"


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(parts: Sequence[float]) -> str:
    return "#" + "".join(f"{min(255, max(0, round(part))):02x}" for part in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
