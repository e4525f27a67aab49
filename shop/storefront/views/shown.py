"""A picture that its owner allowed in advertising, opened by a link of the clinic: never listed, never kept by a browser."""

from __future__ import annotations

from typing import Any

from flask import Response, g, render_template

from shop.intake.diary import picture_of
from shop.intake.showing_pictures import entry_by_link
from shop.storefront.pages import bp


@bp.get("/shown/<token>")
def shown_picture(token: str) -> Any:
    g.private = True
    entry_by_link(token)
    return render_template("storefront/shown.html", token=token)


@bp.get("/shown/<token>/picture")
def shown_picture_file(token: str) -> Response:
    g.private = True
    headers = {"Content-Security-Policy": "sandbox", "Cache-Control": "no-store"}
    return Response(picture_of(entry_by_link(token)), mimetype="image/webp", headers=headers)
