"""Every picture and letter that a person gave us, opened, in one ZIP file beside the JSON that speaks of them."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from sqlalchemy import select
from sqlalchemy.orm import undefer

from shop.core.db import db
from shop.intake.models import SealedFile
from shop.intake.papers import KINDS


def own_pictures(client_id: int | None) -> bytes:
    """Named as in the JSON; an empty archive for somebody who gave none. One statement."""
    mine = select(SealedFile).where(SealedFile.client_id == client_id).order_by(SealedFile.id)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for file in db.session.scalars(mine.options(undefer(SealedFile.content))):
            archive.writestr(f"{file.purpose}-{file.name}.{KINDS[file.media_type]}", file.content)
    return out.getvalue()
