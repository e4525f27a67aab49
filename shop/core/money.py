"""Money is a whole number of minor units; here it is split without losing a penny, taxed, read and written."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from shop.core.errors import Refused

# ISO 4217. Everything that is not named here has two decimals.
_NO_DECIMALS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})

# As Babel writes them in en_GB; its tables take a starting shop longer than its first page may.
_COMMON = {"GBP": "£", "EUR": "€", "USD": "US$"}

_PLAIN = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_GROUPED = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]+)")
_LARGEST_MINOR = 10**12


def split(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Share a total by weight; the parts add up to it exactly.

    Largest remainder: every part is first rounded down, then the pennies left over go to the
    largest fractions, the earliest first among equals. A weight of zero receives nothing, unless
    all weights are zero: then the shares are even, so that nothing is lost.
    """
    if total_minor < 0 or any(weight < 0 for weight in weights):
        raise ValueError("only amounts and weights of zero or more can be split")
    if not weights:
        if total_minor:
            raise ValueError("there is nothing to split the amount over")
        return []
    shares = list(weights) if any(weights) else [1] * len(weights)
    whole = sum(shares)
    parts = [total_minor * share // whole for share in shares]
    by_fraction = sorted(range(len(shares)), key=lambda i: -(total_minor * shares[i] % whole))
    for index in by_fraction[: total_minor - sum(parts)]:
        parts[index] += 1
    return parts


def split_even(total_minor: int, count: int) -> list[int]:
    """Share a total over `count` equal units, the odd pennies to the earliest: 100.00 → 33.34 33.33 33.33."""
    return split(total_minor, [1] * count)


def vat_inside(gross_minor: int, percent: int | Decimal | str) -> int:
    """The VAT contained in a price that includes it, half up (away from zero)."""
    rate = _rate(percent)
    vat = Fraction(abs(gross_minor)) * rate / (100 + rate)
    rounded = int(vat + Fraction(1, 2))
    return rounded if gross_minor >= 0 else -rounded


def exponent(currency: str) -> int:
    """How many decimals the currency has: 0 (JPY), 2 (GBP) or 3 (KWD)."""
    if not re.fullmatch("[A-Z]{3}", currency):
        raise ValueError(f"{currency!r} is not a currency code")
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


@lru_cache(maxsize=8192)
def money(minor: int, currency: str = "GBP", locale: str = "en_GB", *, short: bool = False) -> str:
    """An amount for people: £90.00; with `short` a whole amount loses its zeros: £90."""
    places = exponent(currency)
    shown = 0 if short and minor % 10**places == 0 else places
    if locale == "en_GB" and currency in _COMMON:
        whole, rest = divmod(abs(minor), 100)
        return f"{'-' if minor < 0 else ''}{_COMMON[currency]}{whole:,}{f'.{rest:02}' if shown else ''}"
    from babel.numbers import format_currency

    amount = Decimal(minor).scaleb(-places)
    return format_currency(amount, currency, _pattern(locale, shown), locale, currency_digits=False)


def parse_minor(text: str, currency: str = "GBP") -> int:
    """Read an amount that a person typed; raises Refused rather than guess what a comma means."""
    bare = _without_symbol(text, currency)
    match = _PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare)
    if not match:
        raise Refused(_why_unreadable(bare, currency))
    whole, decimals = match[1].replace(",", ""), match[2] or ""
    places = exponent(currency)
    if len(decimals) > places:
        raise Refused(f"{currency} has {_places(places)}; {bare} has {len(decimals)}.")
    minor = int(whole + decimals.ljust(places, "0"))
    if minor > _LARGEST_MINOR:
        raise Refused("That amount is too large.")
    return minor


@lru_cache
def _pattern(locale: str, decimals: int) -> str:
    from babel import Locale

    # By itself Babel rounds to the digits CLDR thinks customary, for some currencies fewer than the bank's.
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    return re.sub(r"\.0+", "." + "0" * decimals if decimals else "", pattern)


def _rate(percent: int | Decimal | str) -> Fraction:
    if isinstance(percent, float):
        raise TypeError("write a VAT rate as a whole number, a Decimal or text, never as a float")
    try:
        rate = Fraction(Decimal(percent))
    except (InvalidOperation, ValueError, OverflowError):
        raise ValueError(f"{percent!r} is not a VAT rate") from None
    if rate < 0:
        raise ValueError("a VAT rate is zero or more")
    return rate


def _without_symbol(text: str, currency: str) -> str:
    from babel.numbers import get_currency_symbol

    bare = text.strip()
    for mark in (get_currency_symbol(currency, locale="en_GB"), currency):
        bare = bare.removeprefix(mark).removesuffix(mark).strip()
    return bare


def _why_unreadable(bare: str, currency: str) -> str:
    example = "1234" if exponent(currency) == 0 else "1234.50"
    if bare.startswith(("-", "−")):
        return "The amount cannot be below zero."
    if "," in bare:
        return f"A comma can mean two things. Write the amount with a point: {example}."
    return f"Write the amount in figures: {example}."


def _places(places: int) -> str:
    return "no decimals" if places == 0 else f"{places} decimals"
