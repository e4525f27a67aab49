"""What is on the label meets what is in the diary: one verdict for one product and one person, the strictest rule winning."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from shop.care.allergies import find_allergies, unknown_allergies
from shop.care.labels import Label
from shop.care.windows import ConditionRule, Rulebook, WindowRule, starter_rules

VERDICTS = ("use", "not assessed", "ask", "pause", "no")


@dataclass(frozen=True, slots=True)
class Session:
    """A session on a day of the clinic's calendar, done or planned, with its add-ons."""

    treatment: str
    on: date
    addons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that the label meets: which, in which version, from where, and by which ingredients."""

    of_class: str
    rule: str
    version: int
    source: str
    verdict: str
    names: tuple[str, ...]
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`use`, `pause`, `ask`, `no` or `not assessed`. Rest lasts from `pause_from` up to, not including, `back_on`.

    `unread` names what could not be read; `pauses` are all rests the sessions ask for, the first still to end given above.
    """

    verdict: str
    pause_from: date | None
    back_on: date | None
    rules: tuple[Finding, ...]
    unread: tuple[str, ...]
    pauses: tuple[tuple[date, date], ...] = ()


def judge(
    label: Label,
    *,
    sessions: Sequence[Session] = (),
    on: date | None = None,
    pregnant: bool = False,
    allergies: Iterable[str] = (),
    rules: Rulebook | None = None,
) -> Verdict:
    """The verdict for one label. With `on` it is that day's; without, a label that any session pauses says "pause"."""
    book = rules or starter_rules()
    avoided = tuple(allergies)
    met, pauses = rests(_rules_met(label, book), tuple(sessions), on)
    findings = tuple(_window_finding(rule, label) for rule in met)
    paused = bool(pauses) and (on is None or any(start <= on < end for start, end in pauses))
    verdict = "pause" if paused else "use"
    if pregnant or avoided:
        personal = [*(_pregnancy(label, book) if pregnant else ()), *(_allergies(label, avoided) if avoided else ())]
        verdict = strictest([verdict, *(finding.verdict for finding in personal)])
        findings += tuple(personal)
    if verdict == "use" and not _is_enough(label, avoided, pregnant=pregnant):
        verdict = "not assessed"
    pause_from, back_on = next((pause for pause in pauses if on is None or on < pause[1]), (None, None))
    unread = (*label.unread, *unknown_allergies(avoided)) if avoided else label.unread
    return Verdict(verdict, pause_from, back_on, findings, unread, pauses)


def strictest(verdicts: Collection[str]) -> str:
    """The verdict that wins."""
    return max(verdicts, key=VERDICTS.index)


@lru_cache(maxsize=16384)
def rests(
    met: frozenset[WindowRule], sessions: tuple[Session, ...], on: date | None
) -> tuple[tuple[WindowRule, ...], tuple[tuple[date, date], ...]]:
    """What these rules ask for around these sessions: the rules that speak on the day, and the rests, merged where they touch.

    On a day of rest the rules that rest that day speak; before one, those of the rest to come; without a day, all.
    """
    spans = [
        (rule, *_span(rule, session.on))
        for session in sessions
        for rule in met
        if rule.is_for(session.treatment, session.addons)
    ]
    spans = [
        (rule, start, end)
        for rule, start, end in spans
        if start < end and (rule.kind != "welcome" or (on is not None and start <= on < end))
    ]
    pauses = _merged([(start, end) for _, start, end in spans])
    ahead = next((pause for pause in pauses if on is None or on < pause[1]), None)
    if ahead is None:
        return (), pauses
    if on is None:
        speaking = [rule for rule, _, _ in spans]
    elif ahead[0] <= on:
        speaking = [rule for rule, start, end in spans if start <= on < end]
    else:
        speaking = [rule for rule, start, end in spans if ahead[0] <= start and end <= ahead[1]]
    return tuple(sorted(set(speaking), key=lambda rule: (-rule.after_days, rule.id))), pauses


def _is_enough(label: Label, allergies: tuple[str, ...], *, pregnant: bool) -> bool:
    """Whether enough was read to say that nothing was found: nine tenths, and everything for pregnancy and allergies."""
    if not (pregnant or allergies):
        return label.status != "unknown"
    return label.status == "assessed" and not unknown_allergies(allergies)


def _span(rule: WindowRule, day: date) -> tuple[date, date]:
    """The days of rest; at the ends of the calendar they end with it."""
    before = min(rule.before_days, (day - date.min).days)
    after = min(rule.after_days, (date.max - day).days)
    return day - timedelta(before), day + timedelta(after)


def _merged(spans: list[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    merged: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _rules_met(label: Label, book: Rulebook) -> frozenset[WindowRule]:
    """The rules whose ingredients are on this label, worked out once for each label."""
    if book not in label.memo:
        label.memo[book] = frozenset(rule for rule in book.windows if _names_under(rule, label))
    known: frozenset[WindowRule] = label.memo[book]
    return known


def _names_under(rule: WindowRule | ConditionRule, label: Label) -> tuple[str, ...]:
    """The ingredients of the label that the rule is about."""
    if rule.names:
        return tuple(sorted(rule.names & label.names))
    places = label.classes.get(rule.of_class, ())
    limit = rule.max_position if isinstance(rule, WindowRule) else None
    return tuple(dict.fromkeys(name for place, name in places if limit is None or place <= limit))


def _window_finding(rule: WindowRule, label: Label) -> Finding:
    if rule not in label.memo:
        label.memo[rule] = Finding(rule.of_class, rule.id, rule.version, rule.source, "pause", _names_under(rule, label))
    known: Finding = label.memo[rule]
    return known


def _pregnancy(label: Label, book: Rulebook) -> tuple[Finding, ...]:
    key = (book, "pregnancy")
    if key not in label.memo:
        met = ((rule, _names_under(rule, label)) for rule in book.pregnancy)
        label.memo[key] = tuple(
            Finding(rule.of_class, rule.id, rule.version, rule.source, rule.verdict, names, rule.sentence)
            for rule, names in met
            if names
        )
    known: tuple[Finding, ...] = label.memo[key]
    return known


def _allergies(label: Label, allergies: tuple[str, ...]) -> list[Finding]:
    return [
        Finding(
            found.sign.value if found.sign.kind == "class" else "allergy",
            f"allergy: {found.allergy}",
            1,
            found.sign.source,
            found.verdict,
            (found.sign.value,),
        )
        for found in find_allergies(label, allergies=allergies)
    ]
