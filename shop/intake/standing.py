"""What the newest answers mean today: a decision is replayed by the rules it was made with, on today's date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shop.care.loading import screening_rules
from shop.care.screening import Decision, decide
from shop.core import clock
from shop.core.db import db
from shop.intake.models import Screening
from shop.intake.subjects import Subject


@dataclass(frozen=True)
class Standing:
    """What the newest answers mean today. `is_payable` is the only thing checkout asks."""

    treatment: str
    decision: str
    until: date | None = None
    reasons: tuple[str, ...] = ()
    screening_id: int | None = None
    is_reviewed: bool = False

    @property
    def is_payable(self) -> bool:
        return self.decision == "ok"


def newest(subject: Subject, treatment: str) -> Screening | None:
    """The newest answers that were not taken back, valid or not."""
    mine = select(Screening).where(
        subject.owns(Screening), Screening.treatment == treatment, Screening.withdrawn_at.is_(None)
    )
    return db.session.scalars(mine.order_by(Screening.id.desc()).limit(1)).first()


def standings(subject: Subject, treatments: Iterable[str]) -> dict[str, Standing]:
    """For each treatment what the newest answers mean today, in one statement.

    A decision is replayed by the version of the rules it was made with, on today's date: so a wait ends by itself.
    Answers that have grown too old decide nothing any more, but a wait they began lasts to its end.
    """
    wanted = sorted(set(treatments))
    mine = select(Screening).where(
        subject.owns(Screening), Screening.treatment.in_(wanted), Screening.withdrawn_at.is_(None)
    )
    found = {row.treatment: row for row in db.session.scalars(mine.order_by(Screening.id))} if subject.is_known else {}
    return {slug: _valid(found[slug]) if slug in found else Standing(slug, "unanswered") for slug in wanted}


def standing_of(screening: Screening) -> Standing:
    """What one set of answers means today; what a person let pass is ok when every question is answered."""
    decision = replay(screening, on=clock.today())
    kind = decision.decision
    if screening.signed_off_at is not None and kind in ("letter", "wait", "no") and decision.is_complete:
        kind = "ok"
    reasons = tuple(dict.fromkeys(reason["sentence"] for reason in decision.reasons))
    until = decision.until if kind == "wait" else None
    return Standing(screening.treatment, kind, until, reasons, screening.id, screening.reviewed_at is not None)


def replay(screening: Screening, *, on: date) -> Decision:
    """The decision again, by the stored version."""
    return decide(screening.treatment, screening.answers, on, rules=screening_rules(screening.rules_version))


def _valid(screening: Screening) -> Standing:
    standing = standing_of(screening)
    if screening.valid_until < clock.today() and standing.decision != "wait":
        return Standing(screening.treatment, "unanswered")
    return standing
