"""After a commit the worker is nudged to look at the outbox or the inbox; the rows are the truth, a lost nudge costs seconds.

Huey alone would lose the task that runs when a worker is killed, so nothing goes to it but "look there".
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from shop.core.db import db
from shop.core.logs import logger

if TYPE_CHECKING:
    from huey import Huey

LOOK = "look"


def attach(app: Flask) -> None:
    """Nudge after commits; tests do not, they work the rows themselves."""
    if not app.config["SHOP"].testing:
        event.listen(db.session, "after_commit", _nudge)


def queue_of(app: Flask) -> Huey:
    """The application's queue, made when it is first needed: loading it costs a starting process a third of a second."""
    if "huey" not in app.extensions:
        app.extensions["huey"] = make_queue(app.config["SHOP"])
        tasks(app)
    made: Huey = app.extensions["huey"]
    return made


def make_queue(shop: Any) -> Huey:
    """SQLite beside the database by default, Redis when its address is set."""
    with _unseen("psycopg", *(() if shop.redis_url else ("redis",))):
        from huey import RedisHuey, SqliteHuey
        from huey.serializer import SignedSerializer

    serializer = SignedSerializer(secret=shop.secret_key)
    if shop.redis_url:
        return RedisHuey("shop", url=shop.redis_url, serializer=serializer)
    return SqliteHuey("shop", filename=str(shop.instance / "queue.db"), serializer=serializer)


@contextmanager
def _unseen(*drivers: str) -> Iterator[None]:
    """Huey loads the driver of every store that it could use; those that nothing here uses cost each worker ten megabytes."""
    unused = [driver for driver in drivers if driver not in sys.modules]
    sys.modules.update(dict.fromkeys(unused))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for driver in unused:
            sys.modules.pop(driver)


def _nudge(session: Session) -> None:
    if session.info.pop("nudges", None) and current_app:
        try:
            queue_of(current_app._get_current_object())  # type: ignore[attr-defined]
            current_app.extensions["huey-look"]()
        except Exception:
            logger.warning("nudge lost")


def tasks(app: Flask) -> Any:
    """The one task: work whatever is due."""
    huey: Huey = app.extensions["huey"]

    @huey.task(name=LOOK)
    def look() -> None:
        from shop.working import work_due

        with app.app_context():
            work_due()

    app.extensions["huey-look"] = look
    return look
