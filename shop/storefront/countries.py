"""Country codes in words."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=256)
def country_name(code: str) -> str:
    """ "Denmark" for DK; what is no code stays as it is."""
    from babel import Locale

    return str(Locale("en", "GB").territories.get(code, code)) if len(code) == 2 else code
