"""The demo clinic moves in: its content becomes rows, in one transaction, and a second time changes nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from shop.catalog import indexing
from shop.catalog.models import Concern, Treatment
from shop.core.db import db
from shop.core.settings import change_setting
from shop.core.texts import publish
from shop.demo.calendars import add_calendars
from shop.demo.content import load
from shop.demo.content.shapes import Clinic, Content
from shop.demo.costs import add_costs
from shop.demo.goods import add_goods
from shop.demo.offers import add_offers
from shop.demo.paid_out import add_payouts
from shop.demo.past import add_past
from shop.demo.people import Demo, add_people
from shop.intake.signing import sign
from shop.plans.starting import add_first_protocols

BY = "demo"


def seed(*, password: str, second_factor: str) -> Demo | None:
    """Fill an empty shop; the caller commits, then adds the present (`shop.demo.present`), which reads what is in force.

    None when a clinic lives here already.
    """
    if db.session.scalar(select(Concern.id).limit(1)) is not None:
        return None
    content = load()
    _settings(content.clinic)
    _texts(content)
    add_offers(content)
    add_goods(content)
    add_calendars()
    add_first_protocols(by=BY)
    db.session.flush()
    indexing.rebuild()
    demo = add_people(password=password, second_factor=second_factor)
    _sign()
    add_past()
    add_costs()
    add_payouts()
    return demo


def _sign() -> None:
    """Somebody stands for the rules of every treatment, as in a clinic that is open."""
    for slug in db.session.scalars(select(Treatment.slug).order_by(Treatment.position, Treatment.id)):
        sign(slug, by=BY)


def _settings(clinic: Clinic) -> None:
    facts: dict[str, Any] = {
        "name": clinic.name,
        "strapline": clinic.tagline,
        "legal_name": clinic.legal_name,
        "company_number": clinic.company_number,
        "vat_number": clinic.vat_number,
        "phone": clinic.phone,
        "email": clinic.email,
        "address": [clinic.line1, clinic.city, clinic.postcode],
        "country": clinic.country,
        "hours": [[hours.days, f"{_said(hours.open)} to {_said(hours.close)}"] for hours in clinic.hours],
        "demo": True,
    }
    for name, value in facts.items():
        change_setting(f"clinic.{name}", value, by=BY)


def _said(time: str) -> str:
    """ "09:00" as people say it: 9 am; 12:00 is noon."""
    hour, minute = map(int, time.split(":"))
    if (hour, minute) == (12, 0):
        return "noon"
    minutes = f":{minute:02}" if minute else ""
    return f"{hour % 12 or 12}{minutes} {'am' if hour < 12 else 'pm'}"


def _texts(content: Content) -> None:
    for text in content.texts:
        publish(text.key, title=text.title, body_md=text.body_md, by=BY)
    publish("guide", title=content.guide.title, body_md=content.guide.body_md, by=BY)
    questions = "\n\n".join(f"### {question.q}\n\n{question.a}" for question in content.faq)
    publish("faq", title="Questions people ask", body_md=questions, by=BY)
