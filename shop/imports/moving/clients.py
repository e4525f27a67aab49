"""Clients: one row each, known again by their e-mail address, else by name and phone. Nobody is written to."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from shop.accounts.models import Address, Client
from shop.core import clock
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.history import record
from shop.imports.moving.shapes import CHANGED, NEW, SAME, Facts, needed
from shop.imports.reading import Line
from shop.terms.addresses import country_name

COLUMNS = ("name", "email", "phone", "line1", "line2", "city", "postcode", "country")
EXAMPLE = ("Nora Beck", "nora@example.com", "020 7946 0118", "4 Linden Row", "", "London", "W1G 0AB", "GB")


def bring(line: Line, facts: Facts) -> tuple[str, str]:
    """Returns (new, changed or same; the words for it). Raises Refused."""
    name, email, phone = needed(line, "name")[:160], _email(line), line.get("phone")[:40]
    mark = email or f"{name}|{phone}"
    if not email and not phone:
        raise Refused("An e-mail address or a phone number tells people of one name apart.", field="email")
    if mark in facts.seen:
        raise Refused("This person stands in the file twice.", field="email" if email else "phone")
    facts.seen.add(mark)
    same = Client.email == email if email else (Client.name == name) & (Client.phone == phone)
    known = db.session.scalars(select(Client).where(same).order_by(Client.id).limit(1)).first()
    if known is not None:
        return _beside(known, line, phone)
    client = Client(name=name, email=email, phone=phone, made_at=clock.now())
    db.session.add(client)
    db.session.flush()
    _add_address(client, line)
    record(f"client:{client.id}", axis="file", was=None, now="moved in", by=facts.by)
    return NEW, name


def _beside(known: Client, line: Line, phone: str) -> tuple[str, str]:
    """What the shop knows is never written over; what it lacks is added."""
    added = []
    if phone and not known.phone:
        known.phone = phone
        added.append("phone")
    has_one = db.session.scalar(select(Address.id).where(Address.client_id == known.id).limit(1))
    if not has_one and _add_address(known, line):
        added.append("address")
    return (CHANGED, f"{known.name}: {' and '.join(added)}") if added else (SAME, known.name)


def _add_address(client: Client, line: Line) -> bool:
    if not line.get("line1"):
        return False
    country = (line.get("country") or "GB").upper()
    if len(country) != 2 or country_name(country) == country:
        raise Refused("A country is two capital letters: GB.", field="country")
    facts = {name: line.get(name)[:160] for name in ("line1", "line2", "city", "postcode")}
    if not facts["city"] or not facts["postcode"]:
        raise Refused("An address needs a town and a postcode.", field="city" if facts["postcode"] else "postcode")
    row = Address(client_id=client.id, name=client.name, country=country, is_default=True, made_at=clock.now(), **facts)
    db.session.add(row)
    return True


def _email(line: Line) -> str:
    text = line.get("email")
    if not text:
        return ""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise Refused(f"“{text[:80]}” does not look like an e-mail address.", field="email") from None
    return text.lower()
