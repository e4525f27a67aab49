"""Doors that are shut for good leave nothing behind: old links with what was typed, old sign-ins, old devices."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_

from shop.accounts.keeping_typed import KEPT_FOR
from shop.accounts.models import KeptForm, KnownDevice, MailToken, SignIn
from shop.accounts.people import CLIENT_WHOLE
from shop.accounts.signing_in import DEVICE_LASTS
from shop.core import clock
from shop.core.db import write_apart

KEPT_AFTER_END = timedelta(days=30)  # long enough to ask who was signed in when


def sweep_doors() -> int:
    """Drop what expired a day ago and sign-ins that ended a month ago; in a transaction of its own."""
    now = clock.now()
    ended = or_(SignIn.ended_at < now - KEPT_AFTER_END, SignIn.started_at < now - CLIENT_WHOLE - KEPT_AFTER_END)
    old = (
        delete(MailToken).where(MailToken.expires_at < now - timedelta(days=1)),
        delete(KnownDevice).where(KnownDevice.proved_at < now - DEVICE_LASTS),
        delete(KeptForm).where(KeptForm.kept_at < now - KEPT_FOR),
        delete(SignIn).where(ended),
    )
    with write_apart() as session:
        return sum(session.execute(statement).rowcount or 0 for statement in old)  # type: ignore[attr-defined,misc]
