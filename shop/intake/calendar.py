"""What is in a bottle meets when the skin was treated and what the person told: one word for each product."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from shop.care.calendar import Finding, Session, Verdict, judge
from shop.care.explaining_labels import short_day
from shop.care.labels import Label
from shop.care.windows import Rulebook
from shop.intake.facts import NOTHING_KNOWN, Facts

RECENT_DAYS = 28


@dataclass(frozen=True)
class CareWord:
    """The one sentence a product may say. `kind` is that of a state: wait or no. `findings` are the rules behind it."""

    text: str
    kind: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Calendar:
    """Sessions done and ahead, what the person told, and the rules of the day. Pages ask it; it asks no database."""

    sessions: tuple[Session, ...]
    on: date
    rules: Rulebook = field(repr=False)
    facts: Facts = NOTHING_KNOWN

    def judge(self, label: Label) -> Verdict:
        return judge(
            label,
            sessions=self.sessions,
            on=self.on,
            pregnant=self.facts.pregnant,
            allergies=self.facts.for_products,
            rules=self.rules,
        )

    def word(self, label: Label) -> CareWord | None:
        """None where nothing in the rules speaks against it: it passes in silence."""
        verdict = self.judge(label)
        found = tuple(one for one in verdict.rules if one.verdict != "use")
        if verdict.verdict == "no":
            return CareWord(_sentence(verdict, "Not for you: it holds what you avoid."), "no", verdict, found)
        if verdict.verdict == "pause" and verdict.back_on is not None:
            return CareWord(f"Start on {short_day(verdict.back_on)}", "wait", verdict, found)
        if verdict.verdict == "ask":
            return CareWord(_sentence(verdict, "Ask us first."), "wait", verdict, found)
        if verdict.verdict == "not assessed":
            return CareWord("Not assessed: photograph the label, and we read it", "wait", verdict, found)
        if verdict.pause_from is not None and verdict.back_on is not None:
            said = f"Pause from {short_day(verdict.pause_from)}, back on {short_day(verdict.back_on)}"
            return CareWord(said, "wait", verdict, found)
        return None

    @property
    def last_session(self) -> Session | None:
        """The newest on or before today."""
        return max((one for one in self.sessions if one.on <= self.on), key=lambda one: one.on, default=None)

    @property
    def next_session(self) -> Session | None:
        return min((one for one in self.sessions if one.on > self.on), key=lambda one: one.on, default=None)

    @property
    def summary(self) -> str:
        """The one sentence above a list: which session the words below are about."""
        last, following = self.last_session, self.next_session
        if last is not None and (self.on - last.on).days <= RECENT_DAYS:
            return f"Counted from your session on {short_day(last.on)}."
        if following is not None:
            return f"Counted towards your session on {short_day(following.on)}."
        return "Looked at with what you avoid." if self.facts.allergies or self.facts.pregnant else ""


def _sentence(verdict: Verdict, otherwise: str) -> str:
    return next((one.sentence for one in verdict.rules if one.verdict == verdict.verdict and one.sentence), otherwise)
