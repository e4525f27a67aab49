"""The days after a session as a person lives them: what to do now, what still waits, what ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shop.care.aftercare import Book, Entry, timeline
from shop.care.rule_files import read_rules
from shop.core import clock


@dataclass(frozen=True)
class Stage:
    """One stretch of the days after; `watch` marks the long one that runs beside the others."""

    key: str
    title: str
    starts: datetime
    starts_utc: datetime
    ends: datetime
    ends_utc: datetime
    lines: tuple[str, ...]
    waiting: tuple[Entry, ...]
    ending: tuple[Entry, ...]
    watch: bool
    source: str


def day_view(
    treatment: str,
    addons: Iterable[str],
    at: datetime,
    tz: ZoneInfo | str,
    *,
    book: Book | None = None,
    days: Book | None = None,
) -> list[Stage]:
    """The stages after a session at that aware moment: hours elapsed, then days from local midnight."""
    zone = tz if isinstance(tz, ZoneInfo) else ZoneInfo(tz)
    chosen = set(addons)
    entries = timeline(treatment, chosen, at, zone, book=book)
    local = clock.local(at, zone)
    return [
        _stage(rule, {treatment, *chosen}, entries, local, zone) for rule in (days or read_rules("aftercare_days"))["rule"]
    ]


def stages_at(stages: Iterable[Stage], moment: datetime) -> list[Stage]:
    """The stages that run at that aware moment; none before the session and after twelve weeks."""
    now = moment.astimezone(UTC)
    return [stage for stage in stages if stage.starts_utc <= now < stage.ends_utc]


def _stage(rule: Mapping[str, Any], about: set[str], entries: list[Entry], local: datetime, zone: ZoneInfo) -> Stage:
    starts = _moment(rule, "from", local, zone)
    ends = _moment(rule, "to", local, zone)
    dated = [entry for entry in entries if entry.until_utc]
    return Stage(
        key=rule["id"],
        title=rule["title"],
        starts=starts.astimezone(zone),
        starts_utc=starts,
        ends=ends.astimezone(zone),
        ends_utc=ends,
        watch=rule.get("watch", False),
        source=rule["source"],
        lines=tuple(line["text"] for line in rule["lines"] if _is_said(line, about)),
        waiting=tuple(entry for entry in dated if _end(entry) > starts),
        ending=tuple(entry for entry in dated if starts < _end(entry) <= ends),
    )


def _end(entry: Entry) -> datetime:
    assert entry.until_utc
    return entry.until_utc


def _moment(rule: Mapping[str, Any], edge: str, local: datetime, zone: ZoneInfo) -> datetime:
    if f"{edge}_hours" in rule:
        return local.astimezone(UTC) + timedelta(hours=rule[f"{edge}_hours"])
    return clock.local_midnight(local.date() + timedelta(days=rule[f"{edge}_day"]), zone)


def _is_said(line: Mapping[str, Any], about: set[str]) -> bool:
    """A line may be for some treatments only, with some add-ons only, or unless one of either is there."""
    return (
        ("treatments" not in line or bool(about & set(line["treatments"])))
        and ("with" not in line or bool(about & set(line["with"])))
        and not about & set(line.get("unless", ()))
    )
