"""Letters and photographs come in: known by their content, sealed, under names of our own, and opened only on purpose."""

from __future__ import annotations

from secrets import token_hex

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from shop.core import clock
from shop.core.db import db
from shop.core.errors import NotFound, Refused
from shop.intake.models import SealedFile

LARGEST = 10 * 1024 * 1024
MOST_OF_ONE, MOST_OF_ALL, MOST_IN_A_DIARY = 6, 40, 120
KINDS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
WANTED = "Please choose a PDF or a photograph (JPEG, PNG, WebP) of at most 10 MB."


def keep(
    raw: bytes, *, purpose: str, client_id: int | None = None, screening_id: int | None = None, images_only: bool = False
) -> SealedFile:
    """Keep one file. Raises Refused for what is too large, empty or no known kind, whatever its name says."""
    media_type = kind_of(raw)
    if not raw or len(raw) > LARGEST or media_type is None or (images_only and media_type == "application/pdf"):
        raise Refused(WANTED, field="file")
    _refuse_too_many(purpose, client_id=client_id, screening_id=screening_id)
    file = SealedFile(
        name=token_hex(16),
        purpose=purpose,
        client_id=client_id,
        screening_id=screening_id,
        media_type=media_type,
        byte_count=len(raw),
        content=raw,
        made_at=clock.now(),
    )
    db.session.add(file)
    db.session.flush()
    return file


def opened(name: str) -> SealedFile:
    """With its content. Raises NotFound."""
    wanted = select(SealedFile).where(SealedFile.name == name).options(undefer(SealedFile.content))
    file = db.session.scalars(wanted, execution_options={"populate_existing": True}).first()
    if file is None:
        raise NotFound("This file is not here any more.")
    return file


def letters_of(screening_id: int) -> list[SealedFile]:
    """Without their content."""
    rows = select(SealedFile).where(SealedFile.screening_id == screening_id, SealedFile.purpose == "letter")
    return list(db.session.scalars(rows.order_by(SealedFile.id)))


def kind_of(raw: bytes) -> str | None:
    """What a file is, by its first bytes; None for anything else."""
    if raw.startswith(b"%PDF-"):
        return "application/pdf"
    if raw.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/webp" if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP" else None


def _refuse_too_many(purpose: str, *, client_id: int | None, screening_id: int | None) -> None:
    """One set of answers needs few letters; a cupboard has more labels."""
    same = SealedFile.screening_id == screening_id if screening_id is not None else SealedFile.client_id == client_id
    there = db.session.scalar(select(func.count(SealedFile.id)).where(same, SealedFile.purpose == purpose)) or 0
    most = MOST_IN_A_DIARY if purpose == "diary" else MOST_OF_ALL
    if there >= (MOST_OF_ONE if screening_id is not None else most):
        raise Refused("There are many files here already. Please call us about the rest.", field="file")
