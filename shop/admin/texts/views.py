"""The texts desk. A published wording never changes; a new one becomes the next version."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import func, select
from wtforms.validators import DataRequired, Length

from shop.accounts.rights import right_needed
from shop.admin.fields import TextField
from shop.admin.fingerprints import fingerprint, refuse_older
from shop.admin.pages import bp
from shop.admin.people import names_of
from shop.catalog.checking_copy import claims_in
from shop.core.db import db
from shop.core.errors import NotFound, Refused, ShopError
from shop.core.forms import LineField, ShopForm
from shop.core.history import actor, record
from shop.core.templating import rendered
from shop.core.texts import LEGAL_PAGES, TextVersion, current_text, publish

LONGEST = 60_000


class TextForm(ShopForm):
    title = LineField("Title", [DataRequired("It needs a title."), Length(max=160)])
    body_md = TextField(
        "Text", [DataRequired("It needs words."), Length(max=LONGEST, message="At most 60,000 characters.")]
    )


@bp.get("/texts")
@right_needed("settings")
def texts() -> Any:
    newest = select(func.max(TextVersion.id)).group_by(TextVersion.kind)
    rows = list(db.session.scalars(select(TextVersion).where(TextVersion.id.in_(newest)).order_by(TextVersion.kind)))
    groups = [
        ("Legal pages", [row for row in rows if row.kind in LEGAL_PAGES]),
        ("What people agree to", [row for row in rows if row.kind.startswith("consent-")]),
        (
            "Guide and questions",
            [row for row in rows if row.kind not in LEGAL_PAGES and not row.kind.startswith("consent-")],
        ),
    ]
    return render_template("admin/texts/list.html", groups=groups, names=names_of(row.published_by for row in rows))


@bp.get("/texts/<kind>")
@right_needed("settings")
def text(kind: str) -> Any:
    stands = current_text(kind)
    return _page(stands, TextForm(formdata=None, obj=stands))


@bp.post("/texts/<kind>")
@right_needed("settings")
def publish_text(kind: str) -> Any:
    stands, form = current_text(kind), TextForm()
    if not form.validate_on_submit():
        return _page(stands, form), 422
    title, body = form.title.data or "", (form.body_md.data or "").strip()
    for name, sentence in claims_in({"title": title, "body_md": body}):
        form.refuse(Refused(sentence, field=name))
    if form.sentences:
        return _page(stands, form, preview=body), 422
    if request.form.get("act") == "preview":
        return _page(stands, form, preview=body)
    try:
        refuse_older(_words(stands))
        made = publish(kind, title=title, body_md=body, by=actor(current_user))
        if made is not stands:
            was, now = str(stands.version), str(made.version)
            record(f"text:{kind}", axis="version", was=was, now=now, by=actor(current_user))
    except ShopError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(current_text(kind), form, preview=body), error.status
    db.session.commit()
    flash("Published. Those who agreed before agreed to the version they read.", "success")
    return redirect(url_for("admin.text", kind=kind), 303)


@bp.get("/texts/<kind>/<int:id>")
@right_needed("settings")
def text_version(kind: str, id: int) -> Any:
    wanted = select(TextVersion).where(TextVersion.kind == kind, TextVersion.version == min(id, 2**31))
    found = db.session.scalars(wanted).first()
    if found is None:
        raise NotFound("There is no such version.")
    return render_template("admin/texts/version.html", text=found, text_html=rendered(found.body_md))


def _page(stands: TextVersion, form: TextForm, *, preview: str = "") -> str:
    older = select(TextVersion).where(TextVersion.kind == stands.kind).order_by(TextVersion.version.desc()).limit(30)
    versions = list(db.session.scalars(older))
    words = {"seen": fingerprint(_words(stands)), "names": names_of(row.published_by for row in versions)}
    shown = rendered(preview) if preview else ""
    return render_template("admin/texts/text.html", text=stands, form=form, versions=versions, preview_html=shown, **words)


def _words(text: TextVersion) -> dict[str, Any]:
    return {"version": text.version}
