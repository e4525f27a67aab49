"""A new key takes the old one's place in a filled database, and the old one can be thrown away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from shop.core import rotating
from shop.core.db import db
from shop.core.encryption import UnknownKey, draw_key, first_key
from shop.core.rotating import count_old, rotate, sealed_fields
from shop.intake import papers
from shop.intake.models import ClientFacts, SealedFile
from tests.account.things import make_screening
from tests.support.factories import make_client

PDF = b"%PDF-1.7 a canary letter"


@pytest.fixture
def keys(app, monkeypatch):
    """`keys("k2", "k1")`: the keys of SHOP_FIELD_KEYS from now on, the first one seals."""
    drawn = {name: draw_key(name) for name in ("k1", "k2")}

    def use(*names):
        monkeypatch.setitem(
            app.config, "SHOP", replace(app.config["SHOP"], field_keys=tuple(drawn[name] for name in names))
        )

    return use


def fill(count):
    for n in range(count):
        client = make_client()
        make_screening(client, {"medicines": f"canary {n}"})
        db.session.add(
            ClientFacts(client_id=client.id, facts={"allergies": [f"allergy {n}"]}, changed_by="t", changed_at=now())
        )
    papers.keep(PDF, purpose="letter", client_id=client.id)
    db.session.commit()


def now():
    from shop.core import clock

    return clock.now()


def rotate_all(runner):
    return runner.invoke(args=["shop", "rotate-fields"])


def test_after_a_rotation_the_new_key_alone_reads_everything(app, keys, monkeypatch):
    monkeypatch.setattr(rotating, "BATCH", 3)
    keys("k1")
    fill(10)
    keys("k2", "k1")
    done = rotate_all(app.test_cli_runner())
    assert done.exit_code == 0, done.output
    assert "client_facts.facts: 10" in done.output
    assert "sealed_file.content: 1" in done.output
    assert "0 left under another key" in done.output
    keys("k2")
    db.session.expire_all()
    assert [row["allergies"] for row in db.session.scalars(select(ClientFacts.facts).order_by(ClientFacts.id))] == [
        [f"allergy {n}"] for n in range(10)
    ]
    assert papers.opened(db.session.scalars(select(SealedFile.name)).one()).content == PDF
    assert "0 fields sealed anew with k2" in rotate_all(app.test_cli_runner()).output


def test_every_sealed_column_is_known_and_none_of_them_refuses_to_change(app):
    names = {field.name for field in sealed_fields()}
    assert {"screening.answers", "clinic_case.content", "case_entry.text", "treatment_record.content"} <= names
    assert {"sealed_file.content", "client_facts.facts", "patch_test.content", "cupboard_item.content"} <= names
    from shop.core.append_only import TABLES

    assert not {name.partition(".")[0] for name in names} & set(TABLES)


def test_a_field_whose_key_is_lost_stops_the_rotation_and_stays(app, keys):
    keys("k1")
    fill(1)
    keys("k2")
    field = next(field for field in sealed_fields() if field.name == "client_facts.facts")
    with pytest.raises(UnknownKey):
        list(rotate(field))
    db.session.rollback()
    assert count_old(field) == 1
    assert first_key() == "k2"


def test_what_somebody_writes_meanwhile_is_not_overwritten(app, keys):
    keys("k1")
    fill(2)
    keys("k2", "k1")
    field = next(field for field in sealed_fields() if field.name == "client_facts.facts")
    again, seen = rotating._text_again, []

    def meanwhile(raw):
        if not seen:
            seen.append(raw)
            row = db.session.scalars(select(ClientFacts).order_by(ClientFacts.id)).first()
            row.facts = {"allergies": ["new"]}
            db.session.flush()
        return again(raw)

    rotating._text_again = meanwhile
    try:
        list(rotate(field))
    finally:
        rotating._text_again = again
    db.session.commit()
    db.session.expire_all()
    facts = list(db.session.scalars(select(ClientFacts.facts).order_by(ClientFacts.id)))
    assert facts == [{"allergies": ["new"]}, {"allergies": ["allergy 1"]}]
    assert count_old(field) == 0


def test_the_database_holds_no_old_key_and_no_word_afterwards(app, keys):
    keys("k1")
    fill(3)
    keys("k2", "k1")
    rotate_all(app.test_cli_runner())
    stored = str(db.session.execute(text("select facts from client_facts")).all())
    assert "k1." not in stored
    assert "allergy" not in stored
    assert db.session.scalar(select(func.count(ClientFacts.id))) == 3
