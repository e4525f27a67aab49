"""What a scanner or a finger types: an EAN, a SKU, or a GS1 code that carries lot and expiry with it."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

# FNC1 ends a lot of variable length; some scanners print the prefix that names the symbol
_PREFIX = re.compile(r"^\](?:d2|C1|Q3|e0)")
_ELEMENTS = re.compile(r"\(?01\)?(?P<gtin>\d{14})(?P<rest>.*)", re.ASCII | re.DOTALL)
_EXPIRY = re.compile(r"\(?17\)?(\d{2})(\d{2})(\d{2})", re.ASCII)
_LOT = re.compile(r"\(?10\)?([!-%'-?A-Z_a-z]{1,20})", re.ASCII)


@dataclass(frozen=True)
class Code:
    """`article` is an EAN or a SKU; lot and expiry are empty unless the code carried them."""

    article: str
    lot: str = ""
    expires_on: date | None = None


def read_code(text: str) -> Code:
    """ "]d201050123456789001727053110L2" → EAN 5012345678900, lot L2, ending on 31 May 2027."""
    tidy = _PREFIX.sub("", text.strip().replace("\u241d", "\x1d"))
    found = _ELEMENTS.fullmatch(tidy)
    if found is None:
        return Code(tidy)
    rest, expires_on, lot = found["rest"], None, ""
    while rest:
        rest = rest.lstrip("\x1d")
        if (expiry := _EXPIRY.match(rest)) and expires_on is None:
            expires_on, rest = _day(*(int(part) for part in expiry.groups())), rest[expiry.end() :]
        elif (batch := _LOT.match(rest)) and not lot:
            lot, rest = batch[1], rest[batch.end() :]
        else:
            break
    return Code(_article(found["gtin"]), lot, expires_on)


def spellings(article: str) -> list[str]:
    """How the same code may stand in the catalogue: an EAN with and without leading zeros, a SKU in either case."""
    found = [article, article.upper()]
    if article.isascii() and article.isdecimal():
        found += [article.lstrip("0"), article.zfill(13), article.zfill(14)]
    return list(dict.fromkeys(word for word in found if word))


def _article(gtin: str) -> str:
    return gtin[1:] if gtin.startswith("0") else gtin


def _day(year: int, month: int, day: int) -> date | None:
    """GS1 writes two figures of the year; day 0 is the last of the month."""
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(2000 + year, month)[1]
    return date(2000 + year, month, day or last) if day <= last else None
