"""After a breach the clinic knows at once whose answers an account has read."""

from __future__ import annotations

import json

import pytest

from shop.core import clock
from shop.core.db import db
from shop.intake.models import HealthReading
from tests.support.factories import make_client, make_user


@pytest.fixture
def read(app, clock):
    """Two accounts, three clients; the first account read two of them."""
    one, other = make_user(email="ana@clinic.example", role="consultant"), make_user(email="ben@clinic.example")
    people = [make_client(name=name) for name in ("Nora Beck", "Åsa Lind", "Ivo Roth")]
    for user, person in ((one, people[0]), (one, people[1]), (one, people[0]), (other, people[2])):
        facts = {"by": f"user:{user.id}", "client_id": person.id, "subject": f"screening:{person.id}", "why": "visit"}
        db.session.add(HealthReading(at=moment(), **facts))
    db.session.commit()
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["shop", "readings", *words])


def moment():
    return clock.now()


def test_every_client_whose_answers_were_read_is_listed_and_nobody_else(read):
    told = read("Ana@clinic.example")
    assert told.exit_code == 0
    assert told.output.count("Nora Beck") == 2
    assert "Åsa Lind" in told.output
    assert "Ivo Roth" not in told.output
    assert told.output.endswith("3 readings of 2 clients.\n")
    assert {row["name"] for row in json.loads(read("ana@clinic.example", "--json").output)} == {"Nora Beck", "Åsa Lind"}


def test_only_from_a_day_on(read):
    assert read("ana@clinic.example", "--since", "2026-03-03").output == "0 readings of 0 clients.\n"
    assert read("ana@clinic.example", "--since", "2026-03-02").output.endswith("3 readings of 2 clients.\n")


def test_an_account_that_never_was_is_said(read):
    assert read("eve@clinic.example").exit_code == 2
