"""Not one byte of what a client tells of health leaves its sealed fields: not into a log, an address, a mail, Stripe or a dump."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, Text, func, select, text, type_coerce

from shop.checking import all_differences
from shop.core.db import Base, db
from shop.core.encryption import decrypt, decrypt_bytes, draw_key
from shop.core.rotating import sealed_fields
from shop.orders.models import Order
from shop.payments.models import PaymentEvent
from shop.visits.feeding import feed_of
from tests.support.factories import PASSWORD
from tests.support.people import browser_of
from tests.trust.canary_journey import AGAINST, CANARY, PLANTED, open_clinic, walk, with_keys
from tests.trust.test_failing import lines  # noqa: F401 (a fixture)

pytestmark = pytest.mark.usefixtures("screened", "rules_bind")
# A treatment record and what was signed for it are kept as long as the law asks, sealed, after everything else is gone.
KEPT_BY_LAW = {"treatment_record.content", "informed_consent.signed_name", "patch_test.content"}


@pytest.fixture
def clinic(app, clock, as_client, standin, mailbox):
    was = app.config["SHOP"]
    yield open_clinic(app, as_client, standin, mailbox, clock)
    app.config["SHOP"] = was


def dump() -> str:
    """Every row of every table as the database holds it, and of SQLite the file with its log as well."""
    db.session.commit()
    found = []
    for table in Base.metadata.sorted_tables:
        rows = db.session.execute(text(f'select * from "{table.name}"')).all()
        found.append(
            f"{table.name}: {[bytes(cell) if isinstance(cell, memoryview) else cell for row in rows for cell in row]}"
        )
    path = db.engine.url.database or ""
    if db.engine.dialect.name == "sqlite":
        found += [Path(path + end).read_bytes().decode("latin-1") for end in ("", "-wal") if Path(path + end).exists()]
    db.session.rollback()
    return "\n".join(found).lower()


def opened() -> dict[str, str]:
    """sealed field → everything in it, in plain words."""
    found: dict[str, str] = {}
    for field in sealed_fields():
        raw = type_coerce(field.column, LargeBinary() if field.is_bytes else Text())
        rows = db.session.scalars(select(raw).where(raw.is_not(None)))
        plain = [decrypt_bytes(row).decode("latin-1") if field.is_bytes else decrypt(row) for row in rows]
        if plain:
            found[field.name] = " ".join(plain).lower()
    db.session.rollback()
    return found


def planted_in(words: str) -> set[str]:
    return {name for name in PLANTED if f"{CANARY}{name}" in words}


def test_every_word_of_health_stays_in_its_sealed_field_and_is_gone_after_an_erasure(clinic, lines):  # noqa: F811
    """One walk through the clinic for all three, since it is a long one: leaking nowhere, a new key, being forgotten."""
    visit = walk(clinic)
    nothing_leaks(clinic, visit, lines)
    a_new_key_reads_everything(clinic)
    forgotten_but_for_the_books(clinic)


def nothing_leaks(clinic, visit, lines):  # noqa: F811
    inside = opened()
    assert planted_in(" ".join(inside.values())) == set(PLANTED), "each canary was really planted"
    letters = [mail.message.as_string() + mail.text + mail.html for mail in clinic.mailbox]
    feed = feed_of(visit.client_id).decode()
    sinks = {
        "log": "\n".join(lines),
        "addresses": "\n".join(clinic.urls),
        "mails": "\n".join(letters),
        "feed": feed,
        "stripe": b"\n".join(clinic.asked).decode("latin-1"),
        "dump": dump(),
    }
    assert len(lines) > 50
    assert len(clinic.asked) > 2
    assert len(letters) > 8
    wrong = [name for name, words in sinks.items() if CANARY in words.lower()]
    assert not wrong, [re.findall(rf".{{60}}{CANARY}.{{40}}", sinks[name].lower())[:3] for name in wrong]
    titles = "\n".join(re.findall(r"SUMMARY:.*", feed) + [str(mail.subject) for mail in clinic.mailbox])
    for word in (*AGAINST, "lump", "limonene", "reaction", "hydration"):
        assert word not in titles.lower()
    for name in ("log", "addresses", "mails", "feed", "stripe"):
        for word in AGAINST:
            assert word not in sinks[name].lower(), (name, word)


def a_new_key_reads_everything(clinic):
    first, second = clinic.app.config["SHOP"].field_keys[0], draw_key("next")
    with_keys(clinic.app, second, first)
    done = clinic.app.test_cli_runner().invoke(args=["shop", "rotate-fields"])
    assert done.exit_code == 0, done.output
    with_keys(clinic.app, second)
    assert planted_in(" ".join(opened().values())) == set(PLANTED)


def forgotten_but_for_the_books(clinic):
    paid = db.session.scalar(select(func.sum(PaymentEvent.amount_minor)))
    client = browser_of(clinic.client.user, app=clinic.app, person=clinic.client.person)
    answer = client.post("/account/privacy/erase", data={"current": PASSWORD})
    assert answer.status_code == 303, re.findall(r'class="error".{0,300}', answer.text)
    left = {name: planted_in(words) for name, words in opened().items() if CANARY in words}
    assert left.pop("clinic_case.content") == {"solution"}  # which vial it was, for whoever must be able to tell
    assert set(left) <= KEPT_BY_LAW
    assert CANARY not in dump()
    assert "nora" not in dump()
    assert db.session.scalar(select(func.count(Order.id)).where(Order.state == "placed")) == 1
    assert db.session.scalar(select(func.sum(PaymentEvent.amount_minor))) == paid
    assert paid
    assert all_differences() == []
