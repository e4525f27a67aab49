"""What looks the same for the same facts is drawn once and kept: drawing is most of what a page costs.

Nothing here can grow stale: a part is found by every fact that it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from flask import Flask, current_app
from jinja2 import Template, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from shop.core.brand import stylesheet_path

MOST_PARTS = 2048
SECTIONS = ("concerns", "treatments", "products", "guide", "team")


class OnceImported(Template):
    """`{% from … import … %}` of a page finds the macros at once: our templates never bring globals of their own.

    Jinja compares both sets of globals at each import, which cost a product page a tenth of its time.
    """

    def _get_default_module(self, ctx: Context | None = None) -> Any:
        if self._module is None:
            self._module = self.make_module()
        return self._module


def attach(app: Flask) -> None:
    app.jinja_env.template_class = OnceImported
    app.jinja_env.globals.update(site_links=site_links, site_header=site_header, site_footer=site_footer)


def drawn(name: str, key: Hashable, draw: Callable[[], Any], *, of: Sequence[object] = ()) -> Markup:
    """The part `name` as it was drawn for this `key`; all are forgotten when one of the objects in `of` is another one."""
    kept = current_app.extensions.get(f"drawn:{name}")
    if kept is None or any(now is not then for now, then in zip(of, kept[0], strict=True)):
        kept = current_app.extensions[f"drawn:{name}"] = (tuple(of), {})
    parts: dict[Hashable, Markup] = kept[1]
    part = parts.get(key)
    if part is None:
        if len(parts) >= MOST_PARTS:
            parts.clear()
        part = parts[key] = draw()
    return part


def macro(template: str, name: str) -> Callable[..., Markup]:
    """A macro of a template, to be called from here."""
    found: Callable[..., Markup] = getattr(current_app.jinja_env.get_template(template).module, name)
    return found


def site_links() -> Markup:
    """Styles, icons and scripts of every page."""
    own = stylesheet_path()
    key = (current_app.extensions["assets"].stamp, own)
    return drawn("links", key, lambda: macro("ui/chrome.html", "links")(own))


@pass_context
def site_header(context: Context) -> Markup:
    """The head of every page: which section is open, who is signed in and what lies in the bag are all that differs."""
    clinic, concerns = context["clinic"], context["nav_concerns"]
    section = context["request"].path.split("/", 2)[1]
    signed_in = bool(context["current_user"].is_authenticated)
    facts = (section if section in SECTIONS else "", signed_in, context["bag_count"], context["payment_mode"])
    key = (*facts, current_app.extensions["assets"].stamp)
    return drawn("header", key, lambda: macro("ui/chrome.html", "header")(clinic, concerns, *facts), of=(clinic, concerns))


@pass_context
def site_footer(context: Context) -> Markup:
    clinic = context["clinic"]
    return drawn("footer", None, lambda: macro("ui/chrome.html", "footer")(clinic), of=(clinic,))
