"""Days and counts as sentences for people name them."""

from datetime import date


def day(on: date, *, near: date | None = None) -> str:
    """Tuesday 15 June 2027; the year is left out when it is that of `near`."""
    words = f"{on:%A} {on.day} {on:%B}"
    return words if near and near.year == on.year else f"{words} {on.year}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """1 session, 2 sessions."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def listed(words: list[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
