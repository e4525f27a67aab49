"""Booking for somebody else: the same times, then who comes; what follows is between them and the clinic."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template
from flask_login import current_user
from wtforms import BooleanField, EmailField, TelField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from shop.core import limits
from shop.core.db import db
from shop.core.errors import Conflict, Refused, ShopError
from shop.core.forms import LineField, ShopForm, email_shaped
from shop.core.history import actor
from shop.core.templating import moment
from shop.visits.booking_for import Friend, book_for, matter_for_friend
from shop.visits.choosing import agreement
from shop.visits.offering import offer
from shop.visits.pages import bp
from shop.visits.views.booking import chosen
from shop.visits.views.reading import cause_kept, cause_of, day_of, id_of, moment_of, write_moment

PER_DAY, ENOUGH = 8, "That is enough for today; please call us."
PATH = "/account/visits/for-somebody"


class FriendForm(ShopForm):
    name = LineField("Their name", [InputRequired("Who comes?"), Length(max=120)])
    email = EmailField("Their e-mail", [InputRequired("Where can we reach them?"), Length(max=254), email_shaped])
    phone = TelField(
        "Their telephone", [Optional(), Length(max=40), Regexp(r"[+0-9 ()./-]+\Z", message="Figures, please.")]
    )
    adult = BooleanField(
        "They are 18 or older, and know that I book for them", [InputRequired("Please confirm that they know of it.")]
    )


@bp.get(PATH)
def for_somebody() -> Any:
    return _times() if moment_of("at") is None else _confirm(FriendForm(formdata=None))


@bp.post(PATH)
def book_for_somebody() -> Any:
    form, choice = FriendForm(), chosen()
    if choice is None:
        return _times(problem="Please choose a time."), 422
    if not form.validate():
        return _confirm(form), 422
    friend = Friend(
        name=form.name.data or "", email=form.email.data or "", phone=form.phone.data or "", is_adult=bool(form.adult.data)
    )
    try:
        _count()
        visit = book_for(friend, choice, cause=cause_of("friend"), by=actor(current_user))
    except Conflict as taken:
        db.session.rollback()
        return _times(problem=taken.sentence), taken.status
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _confirm(form), error.status
    when = moment(visit.starts_at)
    db.session.commit()
    flash(f"Booked for {friend.name}: {when}. The confirmation goes to them, with a link to move or cancel it.", "success")
    return redirect("/account/visits", 303)


def _count() -> None:
    """Each click counts, in a transaction of its own; whoever writes to the whole town is asked to call."""
    by = actor(current_user)
    db.session.rollback()
    limits.hit("book-for", by, allowed=PER_DAY, per=timedelta(days=1), sentence=ENOUGH)


def _times(*, problem: str = "") -> str:
    matter = matter_for_friend()
    return render_template(
        "visits/times.html",
        matter=matter,
        what="",
        offer=offer(matter, since=day_of("from"), practitioner_id=id_of("with")),
        chosen_who=id_of("with"),
        is_early=False,
        problem=problem,
        path=PATH,
        keep={},
        write_moment=write_moment,
    )


def _confirm(form: FriendForm) -> Any:
    matter, choice = matter_for_friend(), chosen()
    assert choice is not None
    try:
        agreed = agreement(matter, choice)
    except (Conflict, Refused) as gone:
        db.session.rollback()
        return _times(problem=gone.sentence), gone.status
    words = {"form": form, "agreed": agreed, "at": write_moment(choice.starts_at), "path": PATH, "cause": cause_kept()}
    return render_template("visits/confirm_for.html", **words)
