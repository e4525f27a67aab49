"""Before money is taken, the answers decide which packages of a bag can be paid for; products always can."""

from __future__ import annotations

from dataclasses import dataclass

from shop.bag.reading import BagItem, BagView
from shop.core.settings import setting
from shop.intake import signing
from shop.intake.answering import Standing, Subject, standings
from shop.terms.wording import day

UNSIGNED = "unsigned"  # nobody stands for the rules of the treatment as they are today


@dataclass(frozen=True)
class Gate:
    """`unanswered` is the first treatment to be asked about; `waiting` lines stay in the bag, with their reason."""

    payable: BagView
    unanswered: str | None
    waiting: dict[int, Standing]
    screenings: tuple[int, ...] = ()


def gate(bag: BagView, subject: Subject, *, for_somebody_else: bool = False) -> Gate:
    """Somebody else answers when they accept, so a present asks nothing of its buyer."""
    asked = {item.id: treatments_of(item) for item in bag.items}
    every = {slug for slugs in asked.values() for slug in slugs}
    unsigned = signing.unsigned(every)
    asks = bool(every) and not for_somebody_else and setting("intake.binds")
    if not asks and not unsigned:
        return Gate(bag, None, {})
    known = standings(subject, every) if asks else {slug: Standing(slug, "ok") for slug in every}
    known |= {slug: Standing(slug, UNSIGNED) for slug in unsigned}
    unanswered = next((slug for slug in sorted(every) if known[slug].decision == "unanswered"), None)
    waiting = {
        line_id: known[slug]
        for line_id, slugs in asked.items()
        for slug in slugs
        if not known[slug].is_payable and known[slug].decision != "unanswered"
    }
    payable = bag.only([item for item in bag.items if item.id not in waiting])
    kept = tuple(standing.screening_id for standing in known.values() if standing.is_payable and standing.screening_id)
    return Gate(payable, unanswered if any(asked[item.id] for item in payable.items) else None, waiting, kept)


def why_waiting(standing: Standing) -> str:
    """One calm sentence for a line that stays in the bag; it never names an answer."""
    if standing.decision == "wait" and standing.until is not None:
        return f"This waits until {day(standing.until)}; we keep it here for you. The rest can be paid for now."
    if standing.decision == UNSIGNED:
        return f"{signing.NOT_YET} We keep it here for you; the rest can be paid for now."
    if standing.decision == "letter":
        return "This opens once we have read a short letter from your doctor. The rest can be paid for now."
    return "This one is not for you at the moment; a consultation may find what is. The rest can be paid for now."


def treatments_of(item: BagItem) -> set[str]:
    """The treatments a line would give, by slug; a box may hold one."""
    return {str(piece.facts["treatment"]) for piece, _ in item.pieces if piece.kind == "package"}
