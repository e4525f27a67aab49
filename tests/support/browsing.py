"""A test client that does what a careful browser and a careful reviewer do together."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shop.core.db import db
from tests.support import pages

SAFE = {"GET", "HEAD", "OPTIONS"}


class Unsaved(AssertionError):
    """A request answered well and left changes behind that nobody committed."""


class InspectingClient(FlaskClient):
    """Sends a valid token with every POST (`csrf=False` leaves it out), inspects every page, misses no lost change.

    Each request runs in an application context of its own, as in production. What the test arranged before is
    committed first; what it holds is read anew afterwards. `user` is who is signed in, if anyone.
    """

    user: Any = None
    person: Any = None

    def open(self, *args: Any, csrf: bool = True, inspect: bool = True, **options: Any) -> TestResponse:
        db.session.commit()
        if csrf and options.get("method", "GET").upper() not in SAFE:
            options["headers"] = {**dict(options.get("headers") or {}), "X-CSRFToken": self.token()}
        with self.application.app_context():
            response = super().open(*args, **options)
            lost = unsaved(db.session())
        if lost and response.status_code < 400:
            raise Unsaved(f"{response.request.method} {response.request.path} ended with unsaved changes: {lost}")
        if inspect:
            self.look_at(response)
        return response

    def token(self) -> str:
        """What the hidden field of this visitor's forms would hold."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", hashlib.sha1(os.urandom(64)).hexdigest())
        return str(URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw))

    def look_at(self, response: TestResponse) -> None:
        if response.mimetype != "text/html" or not response.data:
            return
        faults = pages.inspect(response.get_data(as_text=True))
        asked = f"{response.request.method} {response.request.path} ({response.status_code})"
        assert not faults, f"{asked}:\n  " + "\n  ".join(faults[:12])


def unsaved(session: Session) -> list[str]:
    """What a session still holds that a commit should have taken."""
    waiting = [*session.new, *session.dirty, *session.deleted]
    names = [type(thing).__name__ for thing in waiting if thing not in session.dirty or session.is_modified(thing)]
    return names + sorted(session.info.get("written", ()))


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: object) -> None:
    touched = {*session.new, *session.dirty, *session.deleted}
    session.info.setdefault("written", set()).update(type(thing).__name__ for thing in touched)


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: Any) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info.setdefault("written", set()).add(
            f"{type(state.statement).__name__} {state.statement.entity_description['name']}"
        )


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, *_previous: object) -> None:
    session.info.pop("written", None)
