"""What one version changed of another, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from shop.plans.lines import Content, Line

WORDS = {
    "role": "role",
    "when": "time of day",
    "amount": "amount",
    "frequency": "how often",
    "start_on": "start",
    "stop_on": "stop",
    "why": "reason",
    "quantity": "number",
    "substitute": "what may come in its place",
    "override": "reason of the override",
}


def differences(before: Content, after: Content) -> list[tuple[str, str, str]]:
    """(what, was, is); a line that came or went has one empty side."""
    return [*_heads(before, after), *_lines(before, after)]


def _heads(before: Content, after: Content) -> Iterator[tuple[str, str, str]]:
    for name, words in (("goal", "Goal"), ("message", "Message"), ("review_on", "Review"), ("concern", "Concern")):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield words, was, now
    if before.nothing_to_buy != after.nothing_to_buy:
        yield "Nothing to buy today", *("yes" if one.nothing_to_buy else "no" for one in (before, after))  # type: ignore[misc]


def _lines(before: Content, after: Content) -> Iterator[tuple[str, str, str]]:
    was, now = {_key(line): line for line in before.lines}, {_key(line): line for line in after.lines}
    for key, line in was.items():
        if key not in now:
            yield "Taken out", line.name, ""
    for key, line in now.items():
        if key not in was:
            yield "Added", "", line.name
            continue
        if was[key].price_minor != line.price_minor:
            yield f"{line.name}: price", f"{was[key].price_minor / 100:.2f}", f"{line.price_minor / 100:.2f}"
        for name, words in WORDS.items():
            old, new = str(getattr(was[key], name)), str(getattr(line, name))
            if old != new:
                yield f"{line.name}: {words}", old, new


def _key(line: Line) -> tuple[str, ...]:
    """A series of the client's own is the same one while its facts are."""
    if line.own is not None:
        return (line.kind, str(line.own))
    return (line.kind, line.sku or line.package or line.name, line.when if line.kind == "keep" else "")
