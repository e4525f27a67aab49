"""A product without a picture of its own is drawn: the vessel by its step, the tones by its brand, always alike."""

from __future__ import annotations

from hashlib import blake2s

from shop.catalog.tones import painted

SHAPES = {
    "cleanse": ("tube", "pump", "bottle"),
    "tone": ("bottle", "spray"),
    "treat": ("dropper", "pump"),
    "eye": ("tube", "jar"),
    "moisturise": ("jar", "tube", "pump"),
    "protect": ("tube", "bottle"),
    "mask": ("jar", "tube"),
    "body": ("pump", "bottle", "jar"),
    "scalp": ("bottle", "dropper"),
}
TONES = (
    "clay", "sage", "porcelain", "amber", "sea", "dusk", "moss", "rose", "sand", "slate", "plum", "sky", "lemon", "bark",
)  # fmt: skip
CAPS = ("ink", "porcelain", "sand", "slate")


def drawing_for(brand: str, step: str | None, *, name: str = "") -> dict[str, str]:
    """Shape and tones as the packshot macros know them."""
    tone = blake2s(brand.casefold().encode(), digest_size=4).digest()
    own = blake2s(f"{brand}\0{name}".encode(), digest_size=2).digest()
    shapes = SHAPES.get(step or "", ("bottle", "jar", "tube"))
    colour = tone[0] % len(TONES)
    return painted(
        {
            "shape": shapes[own[0] % len(shapes)],
            "colour": TONES[colour],
            "accent": TONES[(colour + 1 + tone[1] % (len(TONES) - 1)) % len(TONES)],
            "cap": CAPS[tone[2] % len(CAPS)],
        }
    )
