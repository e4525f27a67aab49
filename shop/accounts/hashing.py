"""Passwords are hashed slowly (argon2id, 19 MiB), tokens quickly; neither is ever stored as it was given."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=3, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
# Of a password that was drawn and thrown away: an unknown address costs as much time as a known one.
NOBODYS_HASH = "$argon2id$v=19$m=19456,t=3,p=1$WYO2tFY3VSTyeD+v+ZZuOQ$cKCyBTUuFcfWLOn1Fo43UkctXLnX8qrHF0a+FbtLyYE"


def draw_token() -> str:
    """256 random bits for a cookie or a link."""
    return token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token: it has too much chance in it to be guessed from its hash."""
    return sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """Takes tens of milliseconds: never inside a write transaction."""
    return _hasher.hash(password)


def is_password(password: str, stored: str | None) -> bool:
    """Compare; without a stored hash the same work is done and the answer is no, so that time tells nothing."""
    try:
        fits = _hasher.verify(stored or NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None


def is_dated(stored: str) -> bool:
    """Made with other costs than today's; to be hashed again at the next sign-in."""
    return _hasher.check_needs_rehash(stored)
