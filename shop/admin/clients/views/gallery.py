"""The clinic's gallery: pictures that clients allowed for teaching or advertising, without a name; each look written down."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import current_user

from shop.account.writing_diary import picture
from shop.accounts.rights import right_needed
from shop.admin.pages import bp
from shop.core.history import actor
from shop.intake.reading import log_reading
from shop.intake.showing_pictures import BEYOND, gallery, hung_entry, link_token


@bp.get("/gallery")
@right_needed("health")
def picture_gallery() -> Any:
    return render_template("admin/clients/gallery.html", hung=gallery(_purpose()), purpose=_purpose(), words=BEYOND)


@bp.get("/gallery/<int:id>/picture")
@right_needed("health")
def gallery_picture(id: int) -> Response:
    entry = hung_entry(id, _purpose())
    log_reading(by=actor(current_user), client_id=entry.client_id, subject=f"diary:{entry.id}", why="advice")
    return picture(entry)


@bp.post("/gallery/<int:id>/link")
@right_needed("health")
def link_to_picture(id: int) -> Any:
    link = url_for("storefront.shown_picture", token=link_token(id), _external=True)
    flash(f"This link shows the picture for thirty days, or until the client takes it back: {link}", "success")
    return redirect(url_for("admin.picture_gallery", purpose="advertising"), 303)


def _purpose() -> str:
    asked = request.args.get("purpose", "")
    return asked if asked in BEYOND else "teaching"
