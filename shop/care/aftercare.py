"""What waits after a session and until when: for each thing the strictest rule of session and add-ons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shop.care.rule_files import read_rules
from shop.care.saying_dates import say_moment
from shop.core import clock

Book = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """One thing that waits; without `until` it is a standing advice that has no end."""

    thing: str
    name: str
    until: datetime | None
    until_utc: datetime | None
    sentence: str
    rule: str
    version: int
    source: str


def timeline(
    treatment: str, addons: Iterable[str], at: datetime, tz: ZoneInfo | str, *, book: Book | None = None
) -> list[Entry]:
    """Everything that waits after a session at that aware moment, what ends first first.

    Hours are elapsed hours whatever the wall clock does; days are local days, ending at the session's
    own time of day (an hour that the clock repeats ends with its second run).
    """
    zone = tz if isinstance(tz, ZoneInfo) else ZoneInfo(tz)
    local = clock.local(at, zone)
    chosen = set(addons)
    strictest: dict[str, Entry] = {}
    for rule in (book or read_rules("aftercare"))["rule"]:
        if _applies(rule, treatment, chosen):
            entry = _entry(rule, local, zone)
            strictest[entry.thing] = _stricter(strictest.get(entry.thing, entry), entry)
    return sorted(strictest.values(), key=lambda entry: (_order(entry), entry.thing))


def after_days(local: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, when the wall shows the same time that many local days later; if in doubt the later."""
    wall = local.replace(tzinfo=None) + timedelta(days=days)
    return max(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def _applies(rule: Mapping[str, Any], treatment: str, addons: set[str]) -> bool:
    if rule.get("addon"):
        return rule["addon"] in addons
    treatments = rule.get("treatments", ("*",))
    return "*" in treatments or treatment in treatments


def _entry(rule: Mapping[str, Any], local: datetime, zone: ZoneInfo) -> Entry:
    until_utc = _until(rule, local, zone)
    until = until_utc.astimezone(zone) if until_utc else None
    return Entry(
        thing=rule["thing"],
        name=rule["name"],
        until=until,
        until_utc=until_utc,
        sentence=rule["sentence"].replace("{until}", say_moment(until) if until else ""),
        rule=rule["id"],
        version=rule["version"],
        source=rule["source"],
    )


def _until(rule: Mapping[str, Any], local: datetime, zone: ZoneInfo) -> datetime | None:
    if "hours" in rule:
        return local.astimezone(UTC) + timedelta(hours=rule["hours"])
    return after_days(local, rule["days"], zone) if "days" in rule else None


def _stricter(one: Entry, other: Entry) -> Entry:
    return other if _order(other) > _order(one) else one


def _order(entry: Entry) -> datetime:
    """Without an end means longest."""
    return entry.until_utc or datetime.max.replace(tzinfo=UTC)
