"""What was done at a visit is written down sealed, saved as it is typed, and can begin as it was last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.history import record
from shop.visits.finding import locked
from shop.visits.models import Practitioner, TreatmentRecord, Visit

REACTIONS = {
    "": "Not looked at yet",
    "none": "None to see",
    "mild": "As expected, calm",
    "strong": "Stronger than expected",
    "stop": "Treatment stopped",
}
EMPTY: dict[str, Any] = {
    "areas": [], "device": "", "depth_mm": "", "solutions": [], "reaction": "", "reaction_words": "", "notes": "",
}  # fmt: skip
REPEATS = ("areas", "device", "depth_mm")  # what "same as last time" brings along; each vial's lot is read anew
OVERWRITES = "Somebody else has saved this record meanwhile. Open it again: what you typed is still on this page."


@dataclass(frozen=True)
class Last:
    """An earlier record, in the words of the card."""

    at: datetime
    who: str
    content: dict[str, Any]

    @property
    def reaction(self) -> str:
        words = REACTIONS.get(self.content["reaction"], "")
        said = self.content["reaction_words"]
        return f"{words}: {said}" if said else words


def find_record(visit: Visit) -> TreatmentRecord | None:
    return db.session.scalars(select(TreatmentRecord).where(TreatmentRecord.visit_id == visit.id)).first()


def save(visit: Visit, content: Mapping[str, Any], *, revision: int, by: str, finished: bool = False) -> TreatmentRecord:
    """Write or overwrite the record; `revision` is the one that the page was opened with, 0 for a new one.

    Raises Conflict when somebody saved in between, Refused for a visit that does not take place. Locks the visit.
    """
    visit = locked(visit)
    if visit.state in ("cancelled", "moved", "no_show"):
        raise Refused("This appointment does not take place; there is nothing to write down.")
    kept, now = find_record(visit), clock.now()
    if (kept.revision if kept else 0) != revision:
        raise Conflict(OVERWRITES)
    if kept is None:
        kept = TreatmentRecord(visit_id=visit.id, client_id=visit.client_id, revision=0)
        db.session.add(kept)
    if kept.finished_at is not None:
        record(f"record:{visit.number}", axis="content", was=str(kept.revision), now=str(revision + 1), by=by)
    kept.practitioner_id, kept.content = visit.practitioner_id, {**EMPTY, **content}
    kept.revision, kept.saved_at, kept.saved_by = revision + 1, now, by
    if finished and kept.finished_at is None:
        kept.finished_at = now
        record(f"record:{visit.number}", axis="state", was="draft", now="finished", by=by)
    db.session.flush()
    return kept


def last_record(visit: Visit) -> Last | None:
    """The record of the client's latest earlier treatment of the same kind, else of any kind."""
    earlier = (
        select(TreatmentRecord, Visit.starts_at, Visit.treatment_id, Practitioner.name)
        .join(Visit, Visit.id == TreatmentRecord.visit_id)
        .join(Practitioner, Practitioner.id == Visit.practitioner_id)
        .where(Visit.client_id == visit.client_id, Visit.starts_at < visit.starts_at, Visit.state == "done")
    )
    same_first = (Visit.treatment_id == visit.treatment_id).desc()
    row = db.session.execute(earlier.order_by(same_first, Visit.starts_at.desc()).limit(1)).first()
    return None if row is None else Last(row.starts_at, row.name, {**EMPTY, **row[0].content})


def as_last_time(last: Last) -> dict[str, Any]:
    """A record to begin with: the same areas, device and depth, the same solutions without their lots."""
    solutions = [{**one, "lot": "", "last_lot": one.get("lot", "")} for one in last.content["solutions"]]
    return {**EMPTY, **{name: last.content[name] for name in REPEATS}, "solutions": solutions}
