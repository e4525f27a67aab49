"""The code of a gift card: sixteen signs that are hard to mix up, drawn at random, kept sealed and found by their hash."""

from __future__ import annotations

import secrets
from hashlib import sha256

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 16
SHORTEST_OLD, LONGEST_OLD = 8, 24


def draw() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def tidy(text: str) -> str:
    """Capitals without dashes and spaces; empty when it cannot be the code of a card."""
    code = "".join(text.split()).upper().replace("-", "")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def tidy_old(text: str) -> str:
    """The number of a card that another till sold, in the same way; shorter ones than eight signs are guessed, so none."""
    code = "".join(text.split()).upper().replace("-", "")
    return code if SHORTEST_OLD <= len(code) <= LONGEST_OLD and code.isascii() and code.isalnum() else ""


def hashed(code: str) -> str:
    """Eighty bits drawn at random need no slow hash."""
    return sha256(f"gift-card:{code}".encode()).hexdigest()


def spelt(code: str) -> str:
    """ABCD-EFGH-JKMN-PQRS, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
