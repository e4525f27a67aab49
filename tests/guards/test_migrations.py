"""What the migrations make is what the models say, on both databases, and each migration can be taken back."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import databases, postgres

BEFORE_A_REBUILT_TABLE = "0025_saved_filter"  # the next one gives and takes columns of a table that others point to


@pytest.fixture
def empty(database, config, tmp_path):
    """A shop on a database that holds nothing at all."""
    from shop import create_app
    from shop.core.db import db

    if database.dialect == "sqlite":
        yield create_app(replace(config, database_url=f"sqlite:///{tmp_path / 'empty.db'}"))
        return
    fresh = databases.PostgresDatabase(postgres.address(), name=f"{database.name}_empty")
    app = create_app(replace(config, database_url=fresh.url))
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    fresh.drop()


def test_the_migrations_make_what_the_models_say(empty):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from shop import migrating
    from shop.core.db import Base, db

    with empty.app_context():
        migrating.upgrade()
        with db.engines[None].connect() as connection:
            options = {"compare_type": True, "compare_server_default": True, "include_object": migrating.is_ours}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, Base.metadata) == []


def test_the_append_only_guards_are_in_the_migrated_database(empty):
    from sqlalchemy import text

    from shop import migrating
    from shop.core import append_only
    from shop.core.db import db

    question = {
        "sqlite": "select distinct tbl_name from sqlite_master where type = 'trigger' and name like '%\\_no\\_%' escape '\\'",
        "postgresql": "select distinct event_object_table from information_schema.triggers where trigger_name like '%append_only'",
    }
    with empty.app_context():
        migrating.upgrade()
        with db.engines[None].connect() as connection:
            guarded = set(connection.scalars(text(question[connection.dialect.name])))
    assert append_only.TABLES
    assert guarded >= set(append_only.TABLES)


def test_the_migrations_can_be_taken_back_to_nothing(empty):
    from sqlalchemy import inspect

    from shop import migrating
    from shop.core.db import db

    with empty.app_context():
        migrating.upgrade()
        migrating.downgrade("base")
        left = set(inspect(db.engines[None]).get_table_names()) - {"alembic_version"}
        assert not left
        migrating.upgrade()


def test_there_is_one_line_of_migrations():
    from alembic.script import ScriptDirectory

    from shop import migrating

    assert len(ScriptDirectory(str(Path(migrating.FOLDER))).get_heads()) == 1


def test_a_filled_database_is_brought_up_to_date_and_loses_nothing(empty, clock):
    """SQLite makes a table anew when a column goes: rows of other tables that point to it must not stop it, nor be lost."""
    from sqlalchemy import text

    from shop import migrating
    from shop.core.db import db
    from shop.visits.recording import save
    from tests.visits.clinic import book_at, open_clinic

    with empty.app_context():
        migrating.upgrade()
        visit = book_at(open_clinic(), "2026-03-10")
        save(visit, {"notes": "kept"}, revision=0, by="user:1")
        db.session.commit()
        db.session.remove()
        migrating.downgrade(BEFORE_A_REBUILT_TABLE)
        migrating.upgrade()
        with db.engines[None].connect() as connection:
            joined = "select count(*) from treatment_record r join visit v on v.id = r.visit_id"
            assert connection.scalar(text(joined)) == 1
            if connection.dialect.name == "sqlite":
                assert connection.scalar(text("pragma foreign_keys")) == 1
