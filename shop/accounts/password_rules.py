"""A password is long enough and not one of those that everybody tries first; what it is made of is its owner's business."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from shop.core.errors import Refused

SHORTEST, LONGEST = 8, 1024
COMMON = Path(__file__).parent / "data" / "common_passwords.txt"
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn")
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
COLUMNS = (
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qawsedrftgyhujikolp",
    "zaq12wsxcde34rfvbgt56yhn",
)
READ_AS = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "€": "e"}
)
TOO_COMMON = (
    "This password is one of the first that a thief tries. Three or four words that do not belong together are better."
)
ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def check_password(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Raises Refused for the field "password"; `about` is what everybody knows of its owner (name, e-mail)."""
    if len(password) < SHORTEST:
        raise Refused(f"Please use at least {SHORTEST} characters; a short sentence is a good password.", field="password")
    if len(password) > LONGEST:
        raise Refused(f"Please use at most {LONGEST} characters.", field="password")
    if is_common(password):
        raise Refused(TOO_COMMON, field="password")
    if _is_about(password, about):
        raise Refused("Please leave your own name and e-mail address out of the password.", field="password")


def is_common(password: str) -> bool:
    """In the list, as it stands or dressed up (Passw0rd!23), or a pattern of keys."""
    low = password.lower()
    return any(form in common_passwords() for form in _bare(low)) or _is_pattern(low)


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _bare(low: str) -> set[str]:
    """The word without the digits and signs around it, as it stands and with the usual letters for digits."""
    forms = {low, ENDS.sub("", low), ENDS.sub("", low.translate(READ_AS)), low.translate(READ_AS)}
    forms |= {ENDS.sub("", low).translate(READ_AS)}
    return {form for form in forms if len(form) > 3} | {_once(form) for form in forms if len(form) > 7}


def _once(text: str) -> str:
    """`passwordpassword` is `password`."""
    for size in range(2, len(text) // 2 + 1):
        if len(text) % size == 0 and text == text[:size] * (len(text) // size):
            return text[:size]
    return text


def _is_pattern(low: str) -> bool:
    """Few different signs, one short part again and again, a run of the keyboard or of the alphabet, a date."""
    if len(set(low)) <= 2 or len(_once(low)) <= 4:
        return True
    if re.fullmatch(r"(19|20)\d{6}|\d{4}(19|20)\d\d|\d{2}[-./]\d{2}[-./](19|20)?\d\d", low):
        return True
    runs = [*ROWS, ALPHABET, *COLUMNS]
    both = runs + [run[::-1] for run in runs]
    return _covered(low, both)


def _covered(low: str, runs: list[str]) -> bool:
    """Made of runs alone: each piece of at least three signs stands so in a run; one or two more at the end count in."""
    left = low
    while left:
        size = max(_run_length(left, run + run) for run in runs)
        if size < 3:
            return len(left) < 3 and left != low
        left = left[size:]
    return True


def _run_length(text: str, run: str) -> int:
    """How many signs at the beginning of a text stand so in a run."""
    size = 0
    while size < len(text) and text[: size + 1] in run:
        size += 1
    return size


def _is_about(password: str, about: tuple[str, ...]) -> bool:
    """Made of little else than what is known of the person."""
    low = ENDS.sub("", password.lower())
    parts = {part for text in about for part in re.split(r"[\W_]+", text.lower()) if len(part) > 3}
    return low in parts | {text.lower() for text in about} | {text.lower().partition("@")[0] for text in about}
