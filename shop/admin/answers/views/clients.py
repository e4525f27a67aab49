"""One client: answers, allergies, signed consents and trials on the skin."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from shop.accounts.assigning import seen_by
from shop.accounts.models import Client
from shop.accounts.rights import right_needed
from shop.admin.answers.forms import PlaceForm, ReadForm, SignForm
from shop.admin.answers.showing import sets_of
from shop.admin.pages import bp
from shop.catalog.models import AddOn, Treatment
from shop.core.db import db, one_or_404
from shop.core.errors import NotFound, ShopError
from shop.core.history import actor
from shop.intake import consenting, patch_testing
from shop.intake.facts import facts_of
from shop.intake.reading import WHYS, log_reading, readings_of
from shop.intake.subjects import Subject

LARGEST_ID = 2**53


@bp.get("/answers/clients/<int:id>")
@right_needed("health")
def answers_of_client(id: int) -> Any:
    client, why = _client(id), request.args.get("why", "")
    if why not in WHYS:
        return render_template("admin/answers/why.html", whys=WHYS, path=url_for("admin.answers_of_client", id=id))
    log_reading(by=actor(current_user), client_id=client.id, subject=f"client:{client.id}", why=why)
    place = PlaceForm(formdata=None)
    place.about.choices = list(names_of_everything().items())
    return render_template(
        "admin/answers/client.html",
        client=client,
        why=why,
        facts=facts_of(Subject(client_id=client.id)),
        sets=sets_of(client.id),
        consents=[(row, consenting.is_in_force(row)) for row in consenting.consents_of(client.id)],
        tests=patch_testing.tests_of(client.id),
        readings=readings_of(client.id)[:20],
        names=names_of_everything(),
        place_form=place,
        read_form=ReadForm(formdata=None),
    )


@bp.post("/answers/clients/<int:id>/trials")
@right_needed("health")
def place_trial(id: int) -> Any:
    client, form = _client(id), PlaceForm()
    form.about.choices = list(names_of_everything().items())
    if form.validate_on_submit():
        return _done(
            id, lambda by: patch_testing.place(client.id, form.about.data, on=form.placed_on.data, by=by), "Placed."
        )
    return _refused(id, form.sentences[0][1])


@bp.post("/answers/clients/<int:id>/trials/<int:line_id>")
@right_needed("health")
def read_trial(id: int, line_id: int) -> Any:
    client, form = _client(id), ReadForm()
    if form.validate_on_submit():
        told = {"result": form.result.data, "note": form.note.data or ""}
        return _done(id, lambda by: patch_testing.read(line_id, client_id=client.id, by=by, **told), "Written down.")
    return _refused(id, form.sentences[0][1])


@bp.get("/answers/clients/<int:id>/consents/<about>")
@right_needed("health")
def consent_on_tablet(id: int, about: str) -> Any:
    """Handed to the client on the clinic's tablet; it shows the text and nothing of the answers."""
    return _sign_page(_client(id), about, SignForm(formdata=None))


@bp.post("/answers/clients/<int:id>/consents/<about>")
@right_needed("health")
def sign_on_tablet(id: int, about: str) -> Any:
    client, form = _client(id), SignForm()
    _known(about)
    if not form.validate_on_submit():
        return _sign_page(client, about, form), 422
    try:
        version = int(request.form.get("version", "0") or 0) if request.form.get("version", "0").isdecimal() else 0
        consenting.sign(
            client.id, about, version=version, name=form.signed_name.data or "", by=f"tablet:{actor(current_user)}"
        )
    except ShopError as refused:
        db.session.rollback()
        form.refuse(refused)
        return _sign_page(_client(id), about, form), refused.status
    db.session.commit()
    flash("Signed. Please hand the tablet back.", "success")
    return redirect(url_for("admin.answers"), 303)


def names_of_everything() -> dict[str, str]:
    """ "treatment:meso-lines" → its name, add-ons after treatments."""
    treatments = db.session.execute(select(Treatment.slug, Treatment.name).order_by(Treatment.position, Treatment.id))
    addons = db.session.execute(select(AddOn.slug, AddOn.name).order_by(AddOn.id))
    return {f"treatment:{slug}": name for slug, name in treatments} | {f"addon:{slug}": name for slug, name in addons}


def _client(id: int) -> Client:
    wanted = select(Client).where(Client.id == min(id, LARGEST_ID), Client.erased_at.is_(None))
    return one_or_404(wanted.where(seen_by(current_user, Client.id)))


def _known(about: str) -> str:
    names = names_of_everything()
    if about not in names:
        raise NotFound("There is no such treatment.")
    return names[about]


def _sign_page(client: Client, about: str, form: SignForm) -> str:
    name, one = _known(about), consenting.kinds_for([about])[about]
    text = consenting.text_of(one)
    return render_template("admin/answers/sign.html", client=client, about=about, name=name, one=one, text=text, form=form)


def _done(id: int, act: Any, sentence: str) -> Any:
    try:
        act(actor(current_user))
    except ShopError as refused:
        return _refused(id, refused.sentence)
    db.session.commit()
    flash(sentence, "success")
    return _back(id)


def _refused(id: int, sentence: str) -> Any:
    db.session.rollback()
    flash(sentence, "error")
    return _back(id)


def _back(id: int) -> Any:
    why = request.form.get("why", "")
    return redirect(url_for("admin.answers_of_client", id=id, why=why if why in WHYS else None), 303)
