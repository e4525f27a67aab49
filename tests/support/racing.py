"""Several acts at the same moment, each in a thread and on a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask

from shop.core.db import db
from shop.core.errors import ShopError


def together(app: Flask, acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act answered, committed; the name of the error where the shop refused. Anything else is raised."""
    start = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)
    faults: list[BaseException] = []

    def run(number: int, act: Callable[[], Any]) -> None:
        with app.app_context():
            try:
                start.wait(30)
                answers[number] = act() or "done"
                db.session.commit()
            except ShopError as refused:
                db.session.rollback()
                answers[number] = type(refused).__name__
            except BaseException as fault:
                faults.append(fault)
                db.session.rollback()
            finally:
                db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "somebody still waits"
    if faults:
        raise faults[0]
    return answers
