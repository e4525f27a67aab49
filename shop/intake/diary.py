"""The results diary: pictures and how the routine went, sealed; each purpose of each picture is the client's to give and to take back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from io import BytesIO

from sqlalchemy import delete, func, select, update

from shop.catalog.cutting import upright
from shop.core import clock
from shop.core.db import changed, db, one_or_404
from shop.core.errors import NotFound, Refused
from shop.core.history import record
from shop.core.texts import current_text, current_versions
from shop.intake import papers
from shop.intake.models import DiaryConsent, DiaryEntry, SealedFile
from shop.intake.models.diary import PURPOSES

TEXT = "consent-photographs"
PURPOSE_WORDS = {
    "record": "Keep it in my treatment record",
    "consultant": "My consultant may see it",
    "teaching": "For teaching inside the clinic",
    "advertising": "In the clinic’s advertising, without my name",
}
OF_WORDS = ("record", "consultant")  # what an entry without a picture may be allowed for
ADHERENCE = {"most": "Most days", "some": "Some days", "hardly": "Hardly"}
LARGEST_SIDE, LONGEST, MOST_ENTRIES = 1600, 600, 400
OLDEST = timedelta(days=3660)
GONE = "This is not in the diary any more."


def plain(raw: bytes) -> bytes:
    """A photograph as it is kept: upright, at most 1600 pixels, WebP, bare of what the camera wrote.

    Raises Refused. Slow: call it before the first statement that writes.
    """
    picture = upright(raw)
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    out = BytesIO()
    picture.save(out, "WEBP", quality=86)
    return out.getvalue()


def write_entry(
    client_id: int,
    *,
    day: date,
    by: str,
    photo: bytes = b"",
    adherence: str = "",
    words: str = "",
    purposes: Iterable[str] = (),
    visit_number: str | None = None,
) -> DiaryEntry:
    """`photo` has been through `plain`. Raises Refused for an empty entry, a day to come, or a full diary."""
    if not (photo or words.strip() or adherence):
        raise Refused("Add a picture, or say how it went.", field="photo")
    if adherence not in ("", *ADHERENCE):
        raise Refused("Choose one of the three, or none.", field="adherence")
    if not clock.today() - OLDEST <= day <= clock.today():
        raise Refused("The day is today or one before.", field="day")
    there = select(func.count(DiaryEntry.id)).where(DiaryEntry.client_id == client_id)
    if (db.session.scalar(there) or 0) >= MOST_ENTRIES:
        raise Refused("The diary is full. Take an old entry out first.")
    kept = papers.keep(photo, purpose="diary", client_id=client_id, images_only=True) if photo else None
    entry = DiaryEntry(
        client_id=client_id,
        day=day,
        content={"adherence": adherence, "words": words.strip()[:LONGEST]},
        photo_id=kept.id if kept else None,
        visit_number=visit_number,
        made_at=clock.now(),
        by=by,
    )
    db.session.add(entry)
    db.session.flush()
    for purpose in PURPOSES if kept else OF_WORDS:
        if purpose in purposes:
            allow(entry, purpose, by=by)
    return entry


def allow(entry: DiaryEntry, purpose: str, *, by: str) -> None:
    """Once more changes nothing. Raises Refused for a purpose that nobody asked for; words are for those who care alone."""
    if purpose not in (PURPOSES if entry.photo_id is not None else OF_WORDS):
        raise Refused("Choose what the picture may be used for.")
    if purpose in allowed([entry.id]).get(entry.id, ()):
        return
    version = current_versions(TEXT).get(TEXT, 0)
    given = {"text_version": version, "given_at": clock.now(), "given_by": by}
    db.session.add(DiaryConsent(entry_id=entry.id, purpose=purpose, **given))
    db.session.flush()
    record(f"diary:{entry.id}", axis=purpose, was=None, now="allowed", by=by)


def take_back(entry: DiaryEntry, purpose: str, *, by: str) -> None:
    """From the next request on nobody sees the picture for this purpose."""
    mine = update(DiaryConsent).where(DiaryConsent.entry_id == entry.id, DiaryConsent.purpose == purpose)
    if changed(mine.where(DiaryConsent.withdrawn_at.is_(None)).values(withdrawn_at=clock.now(), withdrawn_by=by)):
        record(f"diary:{entry.id}", axis=purpose, was="allowed", now=None, by=by)


def wording() -> str:
    """What is agreed to, as it is published today; "" while the clinic has no such text."""
    try:
        return current_text(TEXT).body_md
    except NotFound:
        return ""


def allowed(entry_ids: Iterable[int]) -> dict[int, set[str]]:
    """entry → the purposes that stand today."""
    standing = select(DiaryConsent.entry_id, DiaryConsent.purpose).where(DiaryConsent.withdrawn_at.is_(None))
    found: dict[int, set[str]] = {}
    for entry_id, purpose in db.session.execute(standing.where(DiaryConsent.entry_id.in_(list(entry_ids)))):
        found.setdefault(entry_id, set()).add(purpose)
    return found


def struggling(client_ids: Iterable[int]) -> dict[int, datetime]:
    """client → when they last told their consultant that the routine is hard to keep; who has told something since is left out."""
    told = select(DiaryEntry).join(DiaryConsent, DiaryConsent.entry_id == DiaryEntry.id)
    told = told.where(DiaryEntry.client_id.in_(list(client_ids)), DiaryConsent.withdrawn_at.is_(None))
    rows = db.session.scalars(told.where(DiaryConsent.purpose == "consultant").order_by(DiaryEntry.day, DiaryEntry.id))
    newest = {row.client_id: row for row in rows if row.content.get("adherence")}
    return {id: row.made_at for id, row in newest.items() if row.content["adherence"] == "hardly"}


def entries_of(client_id: int) -> list[DiaryEntry]:
    """The oldest first."""
    mine = select(DiaryEntry).where(DiaryEntry.client_id == client_id)
    return list(db.session.scalars(mine.order_by(DiaryEntry.day, DiaryEntry.id)))


def get_entry(entry_id: int, *, client_id: int | None) -> DiaryEntry:
    """Raises NotFound, also for another client's."""
    return one_or_404(select(DiaryEntry).where(DiaryEntry.id == entry_id, DiaryEntry.client_id == client_id), GONE)


def picture_of(entry: DiaryEntry) -> bytes:
    """The bytes, opened. Raises NotFound."""
    name = one_or_404(select(SealedFile.name).where(SealedFile.id == entry.photo_id), GONE)
    return papers.opened(name).content


def take_out(entry: DiaryEntry, *, by: str) -> None:
    """The entry goes with its picture, for good; that purposes were given and ended stays in the history."""
    for purpose in allowed([entry.id]).get(entry.id, ()):
        take_back(entry, purpose, by=by)
    changed(delete(DiaryConsent).where(DiaryConsent.entry_id == entry.id))
    changed(delete(DiaryEntry).where(DiaryEntry.id == entry.id))
    changed(delete(SealedFile).where(SealedFile.id == entry.photo_id))
    record(f"diary:{entry.id}", axis="entry", was="kept", now=None, by=by)
