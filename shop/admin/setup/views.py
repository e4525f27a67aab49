"""Setting up: one step a page, to be left and taken up again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.accounts.rights import right_needed
from shop.admin.fingerprints import fingerprint
from shop.admin.golive.asking import is_ready, lines
from shop.admin.pages import bp
from shop.admin.settings.saving import save_typed, standing
from shop.admin.settings.typing_in import form_of, name_of
from shop.admin.setup.looking import COLOURS, LookForm, keep_look, read_colours, read_logo
from shop.admin.setup.steps import MARKS, SLUGS, STEPS, Step, after, first_open, get_step, mark, marks
from shop.catalog.cutting import LARGEST
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.forms import ShopForm
from shop.core.history import actor
from shop.core.settings import forget, setting


@bp.get("/setup")
@right_needed("settings")
def setup() -> Any:
    return redirect(url_for("admin.setup_step", step=first_open()), 303)


@bp.get("/setup/<step>")
@right_needed("settings")
def setup_step(step: str) -> Any:
    return _page(get_step(step))


@bp.post("/setup/<step>")
@right_needed("settings")
def keep_step(step: str) -> Any:
    """Save what the step asks for by the settings' own act, and go on."""
    found = get_step(step)
    if step == "look":
        return _keep_look(found)
    form = form_of(found.keys, sent=True)
    if found.keys and not form.validate_on_submit():
        return _page(found, form), 422
    try:
        if found.keys:
            save_typed(form, found.keys, by=actor(current_user))
        mark(step, "done", by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(found, form), error.status
    return _go_on(step)


@bp.post("/setup/<step>/skip")
@right_needed("settings")
def skip_step(step: str) -> Any:
    get_step(step)
    mark(step, "skipped", by=actor(current_user))
    return _go_on(step)


def _keep_look(step: Step) -> Any:
    form, given = LookForm(), request.files.get("file")
    try:
        logo = read_logo(given.read(LARGEST + 1)) if given is not None and given.filename else None
    except ShopError as error:
        form.form_errors.append(error.sentence)
        return _page(step, form), error.status
    if not form.validate():
        return _page(step, form), 422
    colours = read_colours(form)
    if form.sentences:
        return _page(step, form), 422
    by = actor(current_user)
    keep_look(colours, logo=logo, named=bool(form.named.data), plain=bool(form.plain.data), by=by)
    mark(step.slug, "done", by=by)
    return _go_on(step.slug)


def _go_on(slug: str) -> Any:
    db.session.commit()
    forget()  # once more: until now others have read what stood before
    if slug == SLUGS[-1]:
        flash("You are set up. What is still missing stands on this page.", "success")
    return redirect(url_for("admin.setup_step", step=after(slug)), 303)


def _page(step: Step, form: ShopForm | None = None) -> str:
    if form is None:
        form = _look_as_it_stands() if step.slug == "look" else form_of(step.keys, sent=False)
    words: dict[str, Any] = {
        "step": step,
        "steps": STEPS,
        "marks": marks(),
        "mark_words": MARKS,
        "number": SLUGS.index(step.slug) + 1,
    }
    words |= {"form": form, "fields": [form[name_of(key)] for key in step.keys], "seen": fingerprint(standing(step.keys))}
    words["places"] = [(place, place.count()) for place in step.places]
    groups = lines() if step.slug == "live" else []
    return render_template("admin/setup/step.html", **words, groups=groups, ready=bool(groups) and is_ready(groups))


def _look_as_it_stands() -> LookForm:
    return LookForm(formdata=None, named=setting("look.logo_named"), **{name: setting(f"look.{name}") for name in COLOURS})
