"""From an outline, the shelf and what is known of a person to a proposal: each step filled, with its reason and its warnings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol as Shape

from shop.care.labels import Label
from shop.care.matching import ASK, FITS, NOT_ASSESSED, PAUSE, SENTENCES, Hit, Matched, match
from shop.core.errors import NotFound
from shop.intake.routines import place_of, times_of
from shop.plans.lines import HABIT, KEEP, PACKAGE, PRODUCT, Content, Line, within_three
from shop.plans.protocols import Outline, Slot

FORBIDDEN = "no"
AMOUNTS = {
    "cleanse": "A hazelnut",
    "tone": "A few drops",
    "treat": "Three drops",
    "eye": "A grain of rice",
    "moisturise": "A hazelnut",
    "protect": "Two finger lengths",
    "mask": "A thin layer",
    "body": "A palmful",
    "scalp": "A few drops",
}
MOST_OTHERS = 8


class Stocked(Shape):
    """What composing needs of a size on the shelf, beyond what matching reads."""

    @property
    def sku(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def step(self) -> str | None: ...
    @property
    def title(self) -> str: ...
    @property
    def label(self) -> Label: ...
    @property
    def price_minor(self) -> int: ...
    @property
    def left(self) -> int: ...


@dataclass(frozen=True)
class Judged:
    """What the rules say of one product and one person. `forbids` needs a person's reason before it may stand."""

    verdict: str
    sentence: str = ""
    reason: str = ""

    @property
    def forbids(self) -> bool:
        return self.verdict == FORBIDDEN


@dataclass(frozen=True)
class AtHome:
    """Something the person owns: what it is called, at which step it is used, and what the calendar says of it."""

    name: str
    step: str
    verdict: str = "use"
    word: str = ""


@dataclass(frozen=True)
class Proposal:
    """`others[n]` are the sizes that may stand at line n as well, the best first; `notes` say what was left out and why."""

    content: Content
    others: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = field(default=())


def judged(
    concern: str,
    shelf: Iterable[Stocked],
    verdicts: Mapping[str, str],
    sentences: Mapping[str, str],
    *,
    skin: str | None = None,
) -> tuple[dict[str, Judged], Matched | None]:
    """slug → what speaks for and against each product: the calendar's word first, then the rules of the concern."""
    items = list(shelf)
    try:
        matched = match(concern, items, skin=skin, verdicts=verdicts)  # type: ignore[arg-type]
    except NotFound:  # a concern of the clinic's own, or none at all
        matched = None
    found = {item.slug: _by_calendar(verdicts.get(item.slug, "use"), sentences.get(item.slug, "")) for item in items}
    for hit in _hits(matched):
        known = found[hit.slug]
        found[hit.slug] = Judged(_status(known.verdict, hit), known.sentence or _said(hit), hit.reason)
    for refusal in matched.refused if matched else ():
        if refusal.kind == "class" and not found[refusal.slug].forbids:
            found[refusal.slug] = Judged(FORBIDDEN, refusal.reason)
    return found, matched


def compose(
    outline: Outline,
    shelf: Sequence[Stocked],
    known: Mapping[str, Judged],
    matched: Matched | None,
    *,
    owned: Sequence[AtHome] = (),
    package: tuple[str, int] | None = None,
    on: date,
) -> Proposal:
    """The outline filled for one person; nothing that a rule forbids is ever proposed.

    `package` is (name, price) of the outline's series where it is sold. What the person owns and may use is kept
    instead of bought; a step for which nothing is left is named in the notes.
    """
    taken: set[str] = set()
    lines: list[Line] = []
    others: list[tuple[str, ...]] = []
    notes: list[str] = []
    mine = list(owned)
    if package:
        lines.append(_series(outline.package, *package))
        others.append(())
    order = sorted(outline.slots, key=lambda slot: place_of(slot.step) if slot.kind == PRODUCT else 99)
    for slot in order:
        if slot.kind != PRODUCT:
            lines.append(_habit(slot))
            others.append(())
            continue
        kept = next((one for one in mine if one.step == slot.step and one.verdict in ("use", "pause")), None)
        if kept:
            mine.remove(kept)
            lines.append(_keep(kept, slot))
            others.append(())
            continue
        ranked = _ranked(slot, shelf, known, matched, taken)
        notes += _left_out(slot, shelf, known)
        if not ranked:
            notes.append(f"Nothing on our shelf fits the step “{slot.step}” for this person.")
            continue
        lines.append(_product(slot, ranked, known))
        others.append(tuple(item.sku for item in ranked[:MOST_OTHERS]))
        taken.add(ranked[0].slug)
    review = (on + timedelta(weeks=outline.review_weeks)).isoformat() if outline.review_weeks else ""
    content = Content(outline.concern, outline.goal, outline.message, review, lines=within_three(lines))
    return Proposal(content, tuple(others), tuple(dict.fromkeys(notes)))


def _ranked(
    slot: Slot, shelf: Sequence[Stocked], known: Mapping[str, Judged], matched: Matched | None, taken: set[str]
) -> list[Stocked]:
    """What may stand at this step: the size that was pinned, then by the rules' own order, what is there before what is not."""
    place = {hit.slug: n for n, hit in enumerate(_hits(matched))}
    essential = {hit.slug for hit in matched.essentials} if matched else set()
    fit = [item for item in shelf if item.step == slot.step and item.slug not in taken]
    fit = [item for item in fit if not known[item.slug].forbids and (matched is None or item.slug in place)]

    def rank(item: Stocked) -> tuple[bool, ...] | tuple[int, ...]:
        kind = known[item.slug].verdict
        return (
            item.sku != slot.sku,
            item.left < 1,
            kind in (ASK, NOT_ASSESSED),
            not _at_time(slot, item),
            item.slug not in essential,
            place.get(item.slug, 0),
        )

    return sorted(fit, key=rank)


def _at_time(slot: Slot, item: Stocked) -> bool:
    """Whether its own time of day is the one the slot is for."""
    if slot.when not in ("morning", "evening"):
        return True
    return times_of(item.label, item.step or "") == (slot.when == "morning", slot.when == "evening")


def _product(slot: Slot, ranked: Sequence[Stocked], known: Mapping[str, Judged]) -> Line:
    best = ranked[0]
    second = next(
        (item.sku for item in ranked[1:] if item.left > 0 and known[item.slug].verdict in ("use", FITS, PAUSE)), ""
    )
    morning, evening = times_of(best.label, slot.step, slot.when)
    return Line(
        kind=PRODUCT,
        name=best.title,
        step=slot.step,
        sku=best.sku,
        role=slot.role,
        when="both" if morning and evening else "morning" if morning else "evening",
        amount=slot.amount or AMOUNTS.get(slot.step, ""),
        frequency=slot.frequency or "Every day",
        why=slot.why or known[best.slug].reason,
        price_minor=best.price_minor,
        substitute=second,
    )


def _keep(one: AtHome, slot: Slot) -> Line:
    why = (
        f"You have it already. {one.word}.".replace("..", ".")
        if one.word
        else "You have it already, and it does what this step needs."
    )
    return Line(
        kind=KEEP, name=one.name, step=one.step, when=slot.when or "both", frequency=slot.frequency or "Every day", why=why
    )


def _habit(slot: Slot) -> Line:
    return Line(kind=HABIT, name=slot.name, when=slot.when, frequency=slot.frequency, why=slot.why)


def _series(slug: str, name: str, price_minor: int) -> Line:
    return Line(kind=PACKAGE, name=name, package=slug, role="essential", price_minor=price_minor)


def _left_out(slot: Slot, shelf: Sequence[Stocked], known: Mapping[str, Judged]) -> list[str]:
    """Only what was asked for by name is worth a sentence; the rest was never in question."""
    return [
        f"{item.title} was left out. {known[item.slug].sentence}".strip()
        for item in shelf
        if item.sku == slot.sku and slot.sku and known[item.slug].forbids
    ]


def _hits(matched: Matched | None) -> list[Hit]:
    if matched is None:
        return []
    return [*matched.essentials, *(hit for _, hits in matched.steps for hit in hits if hit not in matched.essentials)]


def _by_calendar(verdict: str, sentence: str) -> Judged:
    return Judged(verdict, sentence)


def _status(verdict: str, hit: Hit) -> str:
    return hit.status if verdict == "use" else verdict


def _said(hit: Hit) -> str:
    return "" if hit.status == FITS else SENTENCES[hit.status]
