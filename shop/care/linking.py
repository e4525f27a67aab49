"""A product serves a concern through an active that stands, by its whole name, on a line of its ingredient list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from shop.care.labels import Label
from shop.care.tables import read_rows, several


@dataclass(frozen=True, slots=True)
class ActiveRule:
    """One active that serves one concern; `max_line` where only a place high in the list makes it the point of the product."""

    concern: str
    active: str
    max_line: int | None
    areas: frozenset[str]
    source: str


def link_concerns(label: Label, *, area: str | None = None) -> list[tuple[str, str, int]]:
    """(concern, active, line) for each active on the label; `area` (face, eye, body, scalp) leaves out what is used elsewhere.

    What a list only may contain, or a promise beside it mentions, links nothing.
    """
    lines: dict[str, int] = {}
    for token in label.tokens:
        for name in token.names:
            if not token.may_contain:
                lines.setdefault(name, token.position)
    return [
        (rule.concern, rule.active, lines[rule.active])
        for rule in active_rules()
        if rule.active in lines
        and (area is None or area in rule.areas)
        and (rule.max_line is None or lines[rule.active] <= rule.max_line)
    ]


@lru_cache(maxsize=1)
def active_rules() -> tuple[ActiveRule, ...]:
    """The actives of each concern, in the order of the concerns."""
    return tuple(
        ActiveRule(
            row["concern"],
            row["active"],
            int(row["max_line"]) if row["max_line"] else None,
            frozenset(several(row["areas"])),
            row["source"],
        )
        for row in read_rows("concerns")
    )
