"""Informed consent: one version of one text, signed with a typed name, for each treatment and each add-on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from shop.core import clock
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from shop.core.settings import setting
from shop.core.texts import TextVersion, current_text, current_versions
from shop.intake.models import InformedConsent

GENERAL = "consent-treatment"
LONGEST_NAME = 120


@dataclass(frozen=True)
class ToSign:
    """A text that has still to be signed. `about` is "treatment:meso-lines" or "addon:peel"."""

    about: str
    text_kind: str
    version: int


def kinds_for(abouts: Iterable[str]) -> dict[str, ToSign]:
    """Which text speaks of each: its own where the clinic has written one, else the general one."""
    wanted = list(abouts)
    own = {about: f"consent-{about.replace(':', '-')}" for about in wanted}
    versions = current_versions(GENERAL, *own.values())
    found = {}
    for about in wanted:
        kind = own[about] if own[about] in versions else GENERAL
        found[about] = ToSign(about, kind, versions.get(kind, 0))
    return found


def unsigned(client_id: int, abouts: Iterable[str]) -> list[ToSign]:
    """What lacks a signature under the newest wording, or whose signature has grown old."""
    wanted = kinds_for(abouts)
    signed = {(row.about, row.text_kind, row.text_version) for row in consents_of(client_id) if is_in_force(row)}
    return [one for one in wanted.values() if (one.about, one.text_kind, one.version) not in signed]


def is_in_force(consent: InformedConsent) -> bool:
    lasts = timedelta(days=setting("intake.consent_days"))
    return consent.withdrawn_at is None and consent.signed_at > clock.now() - lasts


def sign(client_id: int, about: str, *, version: int, name: str, by: str) -> InformedConsent:
    """Sign the wording the person has read. Raises Conflict when a newer one was published meanwhile, Refused without a name."""
    wanted = kinds_for([about])[about]
    if wanted.version != version or not wanted.version:
        raise Conflict("This text has a newer wording. Please read it once more.")
    written = " ".join(name.split())
    if len(written) < 3 or len(written) > LONGEST_NAME:
        raise Refused("Please type your full name as your signature.", field="signed_name")
    consent = InformedConsent(
        client_id=client_id,
        about=about,
        text_kind=wanted.text_kind,
        text_version=version,
        signed_name=written,
        signed_at=clock.now(),
        by=by,
    )
    db.session.add(consent)
    db.session.flush()
    return consent


def withdraw_consent(client_id: int, about: str) -> datetime:
    """No treatment goes on without it; what was signed stays as proof of what was done with it."""
    now = clock.now()
    for row in consents_of(client_id):
        if row.about == about and row.withdrawn_at is None:
            row.withdrawn_at = now
    db.session.flush()
    return now


def consents_of(client_id: int) -> list[InformedConsent]:
    """The newest first."""
    mine = select(InformedConsent).where(InformedConsent.client_id == client_id)
    return list(db.session.scalars(mine.order_by(InformedConsent.id.desc())))


def text_of(one: ToSign) -> TextVersion:
    """The wording to be read before signing. Raises NotFound while the clinic has published none."""
    return current_text(one.text_kind)
