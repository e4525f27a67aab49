"""SIGKILL at a chosen step: a child process does one act and dies before its n-th statement, commit or call.

No stop points in the shop's own code: the steps are what SQLAlchemy and the wire to Stripe tell anyway. Walking n from 1
until the child survives visits every moment at which a machine may lose its power.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from requests import Session as Wire
from sqlalchemy import Engine, event

from shop.core.db import db
from tests.support.databases import close

FAILED = 70


@dataclass(frozen=True)
class Death:
    """How the child ended: `died` by our signal, or alive with the act done."""

    died: bool
    step: int


def die_at(step: int, act: Callable[[], Any], *, app: Flask) -> Death:
    """Run `act` in a forked child that is killed just before its `step`-th step. Raises when the act itself fails."""
    db.session.commit()
    close(app)  # connections must not be shared between two processes
    child = os.fork()
    if child == 0:
        _live_and_die(step, act)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return Death(died=True, step=step)
    if os.waitstatus_to_exitcode(status) != 0:
        raise AssertionError(f"the act failed in the child before step {step}; its trace is above")
    return Death(died=False, step=step)


def every_death(act: Callable[[], Any], *, app: Flask, prepare: Callable[[], Any], most: int = 400) -> Iterator[Death]:
    """Die at step 1, then 2, and so on, each time on what `prepare` made; ends when the act survives."""
    for step in range(1, most + 1):
        db.session.rollback()
        prepare()
        death = die_at(step, act, app=app)
        yield death
        if not death.died:
            return
    raise AssertionError(f"the act did not end within {most} steps")


@contextmanager
def counting(at_step: Callable[[int, str], None]) -> Iterator[None]:
    """Tell `at_step` the number and name of each step before it happens."""
    count = 0

    def step(name: str) -> None:
        nonlocal count
        count += 1
        at_step(count, name)

    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        step(text)

    def commit(_connection: Any) -> None:
        step("COMMIT")

    posted = Wire.send

    def send(wire: Wire, request: Any, **options: Any) -> Any:
        step(f"{request.method} {request.url}")
        answer = posted(wire, request, **options)
        step(f"answer to {request.method} {request.url}")
        return answer

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", commit)
    Wire.send = send  # type: ignore[method-assign]
    try:
        yield
    finally:
        Wire.send = posted  # type: ignore[method-assign]
        event.remove(Engine, "commit", commit)
        event.remove(Engine, "before_cursor_execute", statement)


def _live_and_die(step: int, act: Callable[[], Any]) -> None:
    """Never returns: the child must not go on as a second test run."""

    def at_step(number: int, _name: str) -> None:
        if number == step:
            os.kill(os.getpid(), signal.SIGKILL)

    code = 0
    try:
        with counting(at_step):
            act()
    except BaseException:
        traceback.print_exc()
        code = FAILED
    finally:
        os._exit(code)
