"""One act of a desk's form: done and committed, or refused with its sentence beside the field and all that was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect

from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.forms import ShopForm


def carry_out(act: Callable[[], Any], *, form: ShopForm, again: Callable[[], str], said: str, to: str) -> Any:
    """Run `act`, commit, flash `said` and lead `to`; after a refusal `again` draws the page, rows read anew."""
    try:
        act()
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return again(), error.status
    db.session.commit()
    flash(said, "success")
    return redirect(to, 303)
