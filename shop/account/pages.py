"""The client's own pages: whoever asks sees what is theirs, and another person's is not there."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Flask, g

from shop.core.access import declare
from shop.core.settings import setting

PART_OF = {"/account/reviews": "reviews.on", "/account/wishes": "wishes.on"}

bp = declare(Blueprint("account", __name__, url_prefix="/account"), "client")


@bp.before_request
def _private() -> None:
    g.private = True


def used_pages(pages: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The way between one's own pages, without those of parts that the clinic does not use."""
    return [page for page in pages if page[0] not in PART_OF or setting(PART_OF[page[0]])]


def attach(app: Flask) -> None:
    from shop.account import views  # noqa: F401 (fills the blueprint)

    app.jinja_env.globals["account_pages"] = used_pages

    app.register_blueprint(bp)
