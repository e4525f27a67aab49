"""What a market's law allows in a cosmetic, how much, and on which day old stock may be sold for the last time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from shop.care.labels import Label
from shop.care.tables import read_rows, several

NOT_KNOWN = "not known"
WATCHED_DAYS = 90
STATES = ("ok", "not known", "until", "not sellable")


@dataclass(frozen=True, slots=True, eq=False)
class LimitRule:
    """One limit, ban or labelling rule of one market.

    `factors` tell how much of each name counts (retinyl palmitate as retinol: 0.546). Stock first placed on the market
    from `new_stock_from` must comply at once; older stock may be sold up to and including `last_sale_day`.
    """

    id: str
    version: int
    market: str
    effect: str
    factors: Mapping[str, float]
    classes: frozenset[str]
    areas: frozenset[str]
    max_percent: float | None
    new_stock_from: date | None
    last_sale_day: date | None
    sentence: str
    source: str
    author: str
    review_on: date


@dataclass(frozen=True, slots=True)
class LimitFinding:
    """What one rule says of one product: `ok`, `not known`, `until` the last sale day, or `not sellable`."""

    rule: str
    version: int
    state: str
    names: tuple[str, ...]
    max_percent: float | None
    percent: float | None
    last_sale_day: date | None
    sentence: str
    source: str

    @property
    def concentration(self) -> str:
        """“1 %”, or “not known” until the supplier has said it."""
        return NOT_KNOWN if self.percent is None else f"{self.percent:g} %"


def check_limits(
    label: Label,
    *,
    market: str,
    on: date,
    area: str = "face",
    percents: Mapping[str, float] | None = None,
    on_market_since: date | None = None,
) -> list[LimitFinding]:
    """What the law of `market` (EU or GB) says of this label on a day, the strictest first.

    `percents` are the supplier's figures by INCI name; a percentage printed on the label stands in for a missing one.
    `on_market_since` is the day this stock was first placed on the market, None when nobody knows.
    """
    known = _printed_percents(label) | {name.upper(): percent for name, percent in (percents or {}).items()}
    met = (
        (rule, _names_under(rule, label))
        for rule in limit_rules()
        if rule.market == market and (not rule.areas or area in rule.areas)
    )
    found = [_finding(rule, names, known, on, on_market_since) for rule, names in met if names]
    return sorted(found, key=lambda finding: (-STATES.index(finding.state), finding.rule))


def may_be_sold(findings: Iterable[LimitFinding]) -> bool:
    """Whether no rule forbids the sale; what is not known forbids nothing and is said instead."""
    return all(finding.state != "not sellable" for finding in findings)


def ends_soon(findings: Iterable[LimitFinding], *, on: date, within_days: int = WATCHED_DAYS) -> list[LimitFinding]:
    """What the admin should see ahead: rules whose last sale day comes within these days and that may bite."""
    return [
        finding
        for finding in findings
        if finding.state in ("until", "not known")
        and finding.last_sale_day
        and on <= finding.last_sale_day <= on + timedelta(days=within_days)
    ]


@lru_cache(maxsize=1)
def limit_rules() -> tuple[LimitRule, ...]:
    """The rules that the shop starts with, the newest version of each."""
    newest: dict[str, LimitRule] = {}
    for rule in map(_rule, read_rows("limits")):
        if rule.id not in newest or rule.version > newest[rule.id].version:
            newest[rule.id] = rule
    return tuple(newest.values())


def _finding(
    rule: LimitRule, names: tuple[str, ...], known: Mapping[str, float], on: date, on_market_since: date | None
) -> LimitFinding:
    percent = _counted(rule, names, known)
    return LimitFinding(
        rule.id,
        rule.version,
        _state(rule, percent, on, on_market_since),
        names,
        rule.max_percent,
        percent,
        rule.last_sale_day,
        rule.sentence,
        rule.source,
    )


def _state(rule: LimitRule, percent: float | None, on: date, on_market_since: date | None) -> str:
    if rule.effect == "ban":
        return "not sellable"
    if percent is not None and rule.max_percent is not None and percent <= rule.max_percent:
        return "ok"
    if percent is None or rule.max_percent is None or rule.effect == "label":
        return NOT_KNOWN
    return "until" if _is_old_stock_in_time(rule, on, on_market_since) else "not sellable"


def _is_old_stock_in_time(rule: LimitRule, on: date, on_market_since: date | None) -> bool:
    """Old stock needs a known day on the market before the rule began: without it the new rule is taken to apply."""
    if rule.last_sale_day is None or on > rule.last_sale_day:
        return False
    return on_market_since is not None and (rule.new_stock_from is None or on_market_since < rule.new_stock_from)


def _counted(rule: LimitRule, names: tuple[str, ...], known: Mapping[str, float]) -> float | None:
    """The percentage that counts. None when one part is missing and the known ones alone do not exceed the limit."""
    parts = [known[name] * rule.factors[name] for name in names if name in known and name in rule.factors]
    total = round(sum(parts), 6)
    if parts and (len(parts) == len(names) or (rule.max_percent is not None and total > rule.max_percent)):
        return total
    return None


def _names_under(rule: LimitRule, label: Label) -> tuple[str, ...]:
    if rule.factors:
        return tuple(name for name in rule.factors if name in label.names)
    return tuple(dict.fromkeys(name for of_class in sorted(rule.classes) for _, name in label.classes.get(of_class, ())))


def _printed_percents(label: Label) -> dict[str, float]:
    return {token.name: token.percent for token in label.tokens if token.name and token.percent is not None}


def _rule(row: Mapping[str, str]) -> LimitRule:
    factors = dict(pair.split("=") for pair in several(row["names"]))
    return LimitRule(
        row["id"],
        int(row["version"]),
        row["market"],
        row["effect"],
        {name: float(factor) for name, factor in factors.items()},
        frozenset(several(row["class"])),
        frozenset(several(row["area"])),
        float(row["max_percent"]) if row["max_percent"] else None,
        _day(row["new_stock_from"]),
        _day(row["last_sale_day"]),
        row["sentence"],
        row["source"],
        row["author"],
        date.fromisoformat(row["review_on"]),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
