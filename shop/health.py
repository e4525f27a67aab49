"""Whether this process lives, and whether it may be given visitors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from shop.core.access import declare
from shop.core.db import db
from shop.core.settings import Setting

bp = declare(Blueprint("health", __name__), "public")


def attach(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.get("/healthz")
def alive() -> Any:
    """This process answers."""
    return {"alive": True}


@bp.get("/readyz")
def ready() -> Any:
    """The database answers and has its tables."""
    try:
        db.session.execute(text("SELECT 1"))
        has_tables = inspect(db.engines["read"]).has_table(Setting.__tablename__)
    except SQLAlchemyError:
        return {"ready": False, "why": "the database does not answer"}, 503
    if not has_tables:
        return {"ready": False, "why": "run `flask --app wsgi db upgrade`"}, 503
    db.session.execute(select(Setting.key).limit(1))
    return {"ready": True}
