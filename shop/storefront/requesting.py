"""Somebody asks for a consultation: it is written down, the clinic is told that, and the person what happens next."""

from __future__ import annotations

from typing import Any

from shop.core import clock
from shop.core.attention import raise_entry
from shop.core.db import db
from shop.core.mail import send
from shop.core.settings import setting
from shop.core.texts import current_versions
from shop.storefront.models import ConsultationRequest

WHENS = {
    "soon": "As soon as possible",
    "morning": "On a weekday morning",
    "afternoon": "On a weekday afternoon",
    "evening": "On a weekday after 5 pm",
    "saturday": "On a Saturday",
}


def request_consultation(
    kind: str, *, name: str, email: str, phone: str = "", wanted_when: str = "", about: dict[str, Any]
) -> ConsultationRequest:
    """Keep a request ("visit" or "answers") and promise both e-mails; neither says what it is about."""
    now = clock.now()
    asked = ConsultationRequest(
        kind=kind,
        made_at=now,
        name=name,
        email=email,
        phone=phone,
        wanted_when=wanted_when,
        about={key: value for key, value in about.items() if value},
        privacy_version=current_versions("privacy").get("privacy", 0),
        agreed_at=now,
    )
    db.session.add(asked)
    db.session.flush()
    _tell(asked)
    return asked


def _tell(asked: ConsultationRequest) -> None:
    key = f"consultation:{asked.id}"
    facts = {"name": asked.name, "email": asked.email, "phone": asked.phone, "when": WHENS.get(asked.wanted_when, "")}
    send(
        "consultation_asked",
        to=setting("clinic.email"),
        subject="Somebody asks for a consultation",
        key=f"{key}:clinic",
        **facts,
    )
    send("consultation_promised", to=asked.email, subject="We have your request", key=f"{key}:person", **facts)
    raise_entry(
        "consultation",
        subject=key,
        reason=f"{asked.name} asks to be called about a consultation.",
        what_to_do="Call or write within one working day, then close this entry.",
        key=key,
    )
