"""A whole shop goes over to another database, row by row, and is the same shop there."""

import os
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from shop import create_app
from shop.copying import MADE_ANEW
from shop.core import clock
from shop.core.db import db
from shop.core.settings import change_setting
from tests.account.things import make_order, make_screening, make_series, make_visit
from tests.support import postgres
from tests.support.databases import PostgresDatabase, close
from tests.support.factories import make_address, make_client, make_product
from tests.support.world import make_world

SECRET = "canary medicine"


@pytest.fixture
def other(database, tmp_path):
    """The address of an empty database of the other kind."""
    if database.dialect == "postgresql":
        yield f"sqlite:///{tmp_path / 'other.db'}"
        return
    server = postgres.address()
    if server is None:
        pytest.skip("no PostgreSQL to copy to")
    made = PostgresDatabase(server, name=f"shop_copies_{os.getpid()}")
    yield made.url
    made.drop()


@pytest.fixture
def filled(app):
    make_world()
    person = make_client(name="Åsa O’Neill")
    make_address(person)
    make_order(person)
    make_visit(person, starts_at=clock.now(), uid="visit-1", number="V-1")
    make_series(person)
    make_screening(person, {"medicines": SECRET})
    change_setting("clinic.phone", "020 7946 0999", by="the tests")
    db.session.commit()
    return app


def copy(app, target):
    return app.test_cli_runner().invoke(args=["shop", "copy-db", target])


def test_the_copy_holds_every_row_and_goes_on_from_there(filled, other, config):
    done = copy(filled, other)
    assert done.exit_code == 0, done.output
    before = rows(filled)
    there = create_app(replace(config, database_url=other))
    with there.app_context():
        assert rows(there) == before
        assert '/products/calm-serum"' in there.test_client().get("/search?q=product").text
        make_product(stock=2)  # the next numbers are free
        make_client()
        db.session.commit()
    close(there)


def test_sealed_answers_stay_sealed_and_open_with_the_same_key(filled, other, config):
    from shop.intake.models import Screening

    assert copy(filled, other).exit_code == 0
    there = create_app(replace(config, database_url=other))
    with there.app_context():
        assert db.session.scalars(select(Screening)).one().answers["medicines"] == SECRET
        raw = db.session.execute(text("select answers from screening")).scalar_one()
        assert SECRET not in raw
    close(there)


def test_a_filled_database_and_the_shop_s_own_are_refused(filled, other, database):
    assert copy(filled, other).exit_code == 0
    again = copy(filled, other)
    assert again.exit_code == 2
    assert "is not empty" in again.output
    assert copy(filled, database.url).exit_code == 2


def rows(app):
    """Everything, table by table, as the shop reads it."""
    from shop.core.db import Base

    found = {}
    for table in (one for one in Base.metadata.sorted_tables if one.name not in MADE_ANEW):
        found[table.name] = sorted((tuple(row) for row in db.session.execute(select(table))), key=repr)
    db.session.rollback()
    return found
