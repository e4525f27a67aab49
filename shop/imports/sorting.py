"""Where an imported product stands in a routine: the words that former shops use for a type, and our steps."""

from __future__ import annotations

import re
from collections.abc import Iterable

STEPS = ("cleanse", "tone", "treat", "eye", "moisturise", "protect", "mask", "body", "scalp")
SKIN_TYPES = ("dry", "oily", "combination", "normal", "sensitive")
AREAS = {"body": "body", "scalp": "scalp", "eye": "eye"}

# Read from top to bottom: "eye cream" is for the eyes, "body lotion" for the body, "cleansing mask" a mask.
_WORDS = (
    ("eye", "eye eyes"),
    ("scalp", "scalp hair shampoo conditioner haircare"),
    ("body", "body hand hands foot feet bath leg legs"),
    ("protect", "sun spf sunscreen sunblock sunscreens suncare"),
    ("mask", "mask masks masque peel peels exfoliator exfoliators scrub scrubs polish"),
    ("cleanse", "cleanse cleanser cleansers cleansing wash face-wash micellar remover"),
    ("tone", "tone toner toners tonic mist mists essence essences"),
    ("treat", "treat treatment treatments serum serums ampoule booster spot concentrate oil oils"),
    ("moisturise", "moisturise moisturize moisturiser moisturizer moisturisers moisturizers cream creams lotion balm"),
)
_STEP_OF = {word: step for step, words in reversed(_WORDS) for word in words.split()}
_ORDER = [step for step, _ in _WORDS]


def step_of(kinds: Iterable[str]) -> str | None:
    """The step that the first telling word of these types or categories stands for; None when none tells."""
    for kind in kinds:
        found = {_STEP_OF[word] for word in re.findall(r"[a-z]+(?:-[a-z]+)?", kind.casefold()) if word in _STEP_OF}
        if found:
            return min(found, key=_ORDER.index)
    return None


def skin_types_in(words: Iterable[str]) -> tuple[str, ...]:
    """The skin types among these words, in our order."""
    named = {word.strip().casefold().removesuffix(" skin") for word in words}
    return tuple(kind for kind in SKIN_TYPES if kind in named)
