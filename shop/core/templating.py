"""Words and functions that every page may use; an undefined name in a template is an error, never a blank."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, current_app
from jinja2 import FileSystemBytecodeCache, StrictUndefined

from shop.core import brand, clock, drawing
from shop.core.money import money
from shop.core.opening import today_words
from shop.core.settings import changed_settings, setting
from shop.core.texts import html
from shop.core.web import csp_nonce

TITLES = ("dr", "mr", "mrs", "ms", "mx", "miss", "prof", "sir", "dame", "lady", "lord")


def attach(app: Flask) -> None:
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.do")
    env.bytecode_cache = _compiled_before(app.config["SHOP"].instance)
    env.globals.update(
        money=partial(money, currency=app.config["SHOP"].currency),
        day=day,
        moment=moment,
        time_of_day=time_of_day,
        csp_nonce=csp_nonce,
        today=clock.today,
        markdown=rendered,
        brand_css=brand.stylesheet_path,
    )
    env.filters["first_name"] = first_name
    drawing.attach(app)
    app.context_processor(_about_the_clinic)


def first_name(name: str) -> str:
    """ "Nora" of "Nora Beck": how a letter begins. A title is no name: "Dr Nora Beck" stays as it is."""
    first = name.split()[0] if name.split() else name
    return name if first.rstrip(".").lower() in TITLES else first


def _compiled_before(instance: Path) -> FileSystemBytecodeCache:
    """Templates are compiled when they change, not at each start. Jinja compares each with the text it was made of."""
    folder = instance / "templates" / version("jinja2")
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def rendered(body_md: str) -> Any:
    """Staff's Markdown as sanitised HTML."""
    from markupsafe import Markup

    return Markup(html(body_md))  # noqa: S704 (nh3 has cleaned it)


def day(value: date | datetime, *, year: bool | None = None, weekday: bool = True) -> str:
    """ "Tuesday 15 June"; the year is added when it is not this year's."""
    on = clock.local(value).date() if isinstance(value, datetime) else value
    shows_year = on.year != clock.today().year if year is None else year
    words = f"{on:%A} {on.day} {on:%B}" if weekday else f"{on.day} {on:%B}"
    return f"{words} {on.year}" if shows_year else words


def time_of_day(value: datetime) -> str:
    """ "10:30 am" on the clinic's wall."""
    at = clock.local(value)
    return f"{at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}"


def moment(value: datetime) -> str:
    """ "Tuesday 15 June, 10:30 am"."""
    return f"{day(value)}, {time_of_day(value)}"


def clinic() -> SimpleNamespace:
    """The clinic as pages and e-mails speak of it; the same object until a setting or the day changes."""
    of = (changed_settings(), clock.today())
    held = current_app.extensions.get("clinic-words")
    if held is None or held[0] is not of[0] or held[1] != of[1]:
        held = current_app.extensions["clinic-words"] = (*of, _clinic())
    return held[2]


def _clinic() -> SimpleNamespace:
    names = ("name", "strapline", "legal_name", "phone", "email", "address", "hours", "emergency", "demo", "mail_words")
    facts = {name: setting(f"clinic.{name}") for name in names}
    facts["open_today"] = today_words(facts["hours"], clock.today())
    facts["logo"] = brand.logo()
    facts["sells_gift_cards"] = setting("gift_cards.on")
    return SimpleNamespace(**facts, phone_link="tel:+44" + facts["phone"].replace(" ", "").lstrip("0"))


def _about_the_clinic() -> dict[str, Any]:
    return {
        "clinic": clinic(),
        "site_url": current_app.config["SHOP"].site_url,
        "nav_concerns": (),  # the catalogue and the bag put their own in place of these
        "bag_count": 0,
        "payment_mode": current_app.config.get("PAYMENT_MODE", "standin"),
    }
