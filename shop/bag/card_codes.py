"""The code of a gift card: sixteen signs that are hard to mix up, drawn at random, kept sealed and found by their hash."""

from __future__ import annotations

import secrets
from hashlib import sha256

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 16


def draw() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def tidy(text: str) -> str:
    """Capitals without dashes and spaces; empty when it cannot be the code of a card."""
    code = "".join(text.split()).upper().replace("-", "")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def hashed(code: str) -> str:
    """Eighty bits drawn at random need no slow hash."""
    return sha256(f"gift-card:{code}".encode()).hexdigest()


def spelt(code: str) -> str:
    """ABCD-EFGH-JKMN-PQRS, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))
