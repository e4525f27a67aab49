"""Pictures that clients allowed beyond their own treatment: the clinic's gallery, and a link; gone from both once taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import ColumnElement, Select, and_, select

from shop.core.db import db, one_or_404
from shop.core.errors import NotFound
from shop.intake.models import DiaryConsent, DiaryEntry

BEYOND = {"teaching": "Teaching", "advertising": "Advertising"}
LASTS = 30 * 86400  # seconds that a link opens
MOST = 200
GONE = "This picture is not shown any more."


@dataclass(frozen=True)
class Hung:
    """A picture of the gallery; whose it is does not stand beside it."""

    entry_id: int
    consent_id: int
    day: date


def gallery(purpose: str) -> list[Hung]:
    """The newest first."""
    rows = select(DiaryEntry.id, DiaryConsent.id.label("consent_id"), DiaryEntry.day)
    rows = rows.join(DiaryConsent, DiaryConsent.entry_id == DiaryEntry.id).where(_stands(purpose))
    newest = rows.order_by(DiaryEntry.day.desc(), DiaryEntry.id.desc()).limit(MOST)
    return [Hung(row.id, row.consent_id, row.day) for row in db.session.execute(newest)]


def hung_entry(entry_id: int, purpose: str) -> DiaryEntry:
    """Raises NotFound as soon as the purpose was taken back."""
    return one_or_404(_entries().where(DiaryEntry.id == entry_id, _stands(purpose)), GONE)


def link_token(entry_id: int) -> str:
    """Opens one picture that is allowed in advertising, for thirty days at most. Raises NotFound."""
    hung_entry(entry_id, "advertising")
    standing = select(DiaryConsent.id).where(DiaryConsent.entry_id == entry_id, _stands("advertising"))
    return _signer().dumps(one_or_404(standing, GONE))


def entry_by_link(token: str) -> DiaryEntry:
    """Raises NotFound for an old link, a foreign one, and one whose consent was taken back."""
    try:
        consent_id = _signer().loads(token, max_age=LASTS)
    except BadData:
        raise NotFound(GONE) from None
    return one_or_404(_entries().where(DiaryConsent.id == int(consent_id), _stands("advertising")), GONE)


def _entries() -> Select[DiaryEntry]:
    return select(DiaryEntry).join(DiaryConsent, DiaryConsent.entry_id == DiaryEntry.id)


def _stands(purpose: str) -> ColumnElement[bool]:
    return and_(DiaryConsent.purpose == purpose, DiaryConsent.withdrawn_at.is_(None))


def _signer() -> URLSafeTimedSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="diary-shown")
