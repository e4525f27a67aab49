"""Prices written down for later, as the desks of products and packages show and take them: in the clinic's own time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, request
from flask_login import current_user
from wtforms import DateTimeLocalField
from wtforms.validators import InputRequired, Optional, ValidationError

from shop.admin.fields import MoneyField
from shop.catalog import scheduling_prices
from shop.catalog.scheduling_prices import Thing
from shop.core import clock
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.forms import ShopForm
from shop.core.history import actor

LOCAL, YEARS = "%Y-%m-%dT%H:%M", range(2020, 2200)


class WrittenPriceForm(ShopForm):
    written_price = MoneyField("Price then", [InputRequired("Write the amount in figures.")])
    starts_at = DateTimeLocalField("From", [Optional()], format=LOCAL)
    ends_at = DateTimeLocalField("Until", [Optional()], format=LOCAL)

    def validate_starts_at(self, field: Any) -> None:
        if field.data and field.data.year not in YEARS:
            raise ValidationError("This day cannot be right.")

    validate_ends_at = validate_starts_at


def written_facts(thing: Thing | None, form: WrittenPriceForm | None = None) -> dict[str, Any]:
    """What the panel of a page needs."""
    rows = scheduling_prices.scheduled_for(thing) if thing is not None else []
    return {"written": rows, "written_form": form or WrittenPriceForm(formdata=None)}


def write_price(thing: Thing, *, back: str, page: Callable[[WrittenPriceForm], str]) -> Any:
    """The answer to the panel's form; commits. A time that the clock skips moves on, of one that it repeats the first counts."""
    form = WrittenPriceForm()
    if not form.validate_on_submit():
        return page(form), 422
    try:
        scheduling_prices.schedule(
            thing,
            form.written_price.minor or 0,
            starts_at=_moment(form.starts_at.data),
            ends_at=_moment(form.ends_at.data),
            by=actor(current_user),
        )
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return page(form), error.status
    db.session.commit()
    flash("Written down. It counts from that moment on.", "success")
    return redirect(back, 303)


def stop_price(thing: Thing, *, back: str) -> Any:
    """The answer to its stop button; commits."""
    text = request.form.get("written", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    scheduling_prices.stop(thing, number, by=actor(current_user))
    db.session.commit()
    flash("Stopped.", "success")
    return redirect(back, 303)


def _moment(typed: datetime | None) -> datetime | None:
    return clock.at_local(typed.date(), typed.time()) if typed else None
