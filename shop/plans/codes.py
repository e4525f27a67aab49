"""The short code on a printed sheet: eight signs that cannot be mistaken for one another, read out or typed."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8


def draw_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown_code(code: str) -> str:
    """ "7KQ2-M9XP" """
    return f"{code[:4]}-{code[4:]}"


def typed_code(text: str) -> str:
    """What somebody typed as it is kept; "" for what is none. Looked up like a password: slowly and seldom."""
    bare = "".join(sign for sign in text.upper() if sign.isalnum())[: LENGTH + 1]
    return bare if len(bare) == LENGTH and set(bare) <= set(ALPHABET) else ""
