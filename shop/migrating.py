"""How the database follows the code: Alembic's settings, loaded by the `db` command and by tests only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flask_migrate
from flask import current_app

from shop.core.db import db

FOLDER = str(Path(__file__).resolve().parent.parent / "migrations")
OWN_TABLES = ("search_", "sqlite_")  # full-text tables are made by a helper of the catalogue


def upgrade(revision: str = "head") -> None:
    """Apply what is missing, in one transaction where the database allows it."""
    _attach()
    flask_migrate.upgrade(revision=revision)


def downgrade(revision: str) -> None:
    _attach()
    flask_migrate.downgrade(revision=revision)


def revision(message: str, *, rev_id: str | None = None) -> None:
    """Write migrations/versions/<id>_<message>.py from what the models have and the database lacks."""
    _attach()
    flask_migrate.revision(message=message, autogenerate=True, rev_id=rev_id)


def is_ours(_obj: Any, name: str | None, kind: str, reflected: bool, _compared: Any) -> bool:
    """Alembic compares all but the search tables, whose shape each database decides."""
    return not (kind == "table" and reflected and (name or "").startswith(OWN_TABLES))


def _attach() -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    flask_migrate.Migrate(app, db, directory=FOLDER, render_as_batch=True, compare_type=True, include_object=is_ours)
