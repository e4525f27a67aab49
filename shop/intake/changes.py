"""Two days before a visit its client is asked whether anything has changed, and the answers decide once more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from shop.accounts.models import Client
from shop.core import clock, mail
from shop.core.attention import raise_entry
from shop.core.db import db, insert_once, one_or_404
from shop.core.errors import NotFound
from shop.core.handlers import fire
from shop.core.settings import setting
from shop.core.templating import day
from shop.intake import answering
from shop.intake.asking import SOON
from shop.intake.models import ChangeCheck, Screening
from shop.intake.standing import Standing
from shop.intake.subjects import Subject

GONE = "This link is about an appointment that is over. Call us if there is something we should know."


def ask_before_visit(*, client_id: int, number: str, treatment: str | None, starts_at: datetime, **_facts: object) -> None:
    """Hears "visit.soon". Asks once for each visit; a talk without a treatment asks nothing."""
    if treatment is None or not setting("intake.binds"):
        return
    facts = {"client_id": client_id, "treatment": treatment, "starts_at": starts_at, "asked_at": clock.now()}
    if not insert_once(ChangeCheck, unique="visit_number", visit_number=number, **facts):
        return
    check = db.session.scalars(select(ChangeCheck).where(ChangeCheck.visit_number == number)).one()
    client = db.session.get_one(Client, client_id)
    if client.erased_at is not None or not client.email:
        return
    mail.send(
        "anything_changed",
        to=client.email,
        subject=f"Before your appointment on {day(starts_at, year=False)}",
        key=f"anything-changed:{number}",
        name=client.name,
        when=day(starts_at),
        link=f"{current_app.config['SHOP'].site_url}/changed/{token_of(check)}",
    )


def token_of(check: ChangeCheck) -> str:
    """Opens this one question and shows nothing of what was answered before."""
    return str(_signer().dumps(check.id))


def get_by_token(token: str) -> ChangeCheck:
    """Raises NotFound for what was not signed here, and once the appointment has begun."""
    try:
        check_id = _signer().loads(token)
    except BadData:
        raise NotFound(GONE) from None
    check = one_or_404(select(ChangeCheck).where(ChangeCheck.id == int(check_id)), GONE)
    if check.starts_at < clock.now():
        raise NotFound(GONE)
    return check


def basis_of(check: ChangeCheck) -> Screening | None:
    """The answers that would still hold; None when everything has to be asked anew."""
    found = answering.newest(Subject(client_id=check.client_id), check.treatment)
    return found if found is not None and found.valid_until >= clock.today() else None


def nothing_changed(check: ChangeCheck) -> Standing:
    """Said by one button. The earlier answers are judged again on today's date."""
    return _decide(check, None)


def changed_to(check: ChangeCheck, answers: Mapping[str, str], *, consent_version: int | None = None) -> Standing:
    """New answers join the earlier ones, whose validity they keep; `consent_version` is given when all were asked."""
    basis = basis_of(check)
    kept = {key: value for key, value in basis.answers.items() if key not in SOON} if basis is not None else {}
    screening = answering.save(
        Subject(client_id=check.client_id),
        check.treatment,
        {**kept, **answers},
        consent_version=basis.consent_version if basis is not None else consent_version or 0,
        valid_until=basis.valid_until if basis is not None else None,
    )
    return _decide(check, screening.id)


def _decide(check: ChangeCheck, screening_id: int | None) -> Standing:
    check.answered_at, check.screening_id = clock.now(), screening_id
    db.session.flush()
    standing = answering.standings(Subject(client_id=check.client_id), [check.treatment])[check.treatment]
    if not standing.is_payable:
        raise_entry(
            "visit",
            subject=f"visit:{check.visit_number}",
            reason="What a client answered before the appointment needs a person to look.",
            what_to_do="Call the client today. Move the appointment, or let it be after looking at the answers.",
            key=f"changed:{check.visit_number}:{screening_id or 'same'}",
            urgent=True,
        )
        fire("answers_speak_against", client_id=check.client_id, number=check.visit_number)
    return standing


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="intake-changed")
