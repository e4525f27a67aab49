"""Who may use which address, written down by hand: what a route declares must say the same, and every route is here."""

from __future__ import annotations

import re

from shop.accounts.models import ROLES
from shop.core.access import who_may

HEADS = {"owner", "admin"}
TREATING = {"consultant", "practitioner", "medical-lead"}
SENDING = HEADS | {"desk", "stock"}
CARING = HEADS | TREATING | {"desk"}

# The first line that fits an address counts.
STAFF = (
    (r"/admin", set(ROLES)),
    (r"/admin/orders/<number>/refund\b.*", HEADS),
    (r"POST /admin/orders/<number>/(shipped|collected|ready|lines/.*)", SENDING),
    (r"/admin/orders/<number>/(cancel|returns|by-hand/.*|withdrawals/.*)", HEADS),
    (r"/admin/orders/returns", HEADS),
    (r"/admin/orders/(picking|carrier(/.*)?|<number>/(pack|unpack|slip|lines/.*|parcels/.*))", SENDING),
    (r"/admin/orders(/.*)?", SENDING | {"consultant"}),
    (r"/admin/attention(/.*)?", HEADS | {"desk"}),
    (r"/admin/(desk|gift-cards|reviews)(/.*)?", HEADS | {"desk"}),
    (r"/admin/stock(/.*)?", HEADS | {"stock"}),
    (r"/admin/go-live/clear", {"owner"}),
    (r"/admin/(products|packages|imports|codes|reports|settings|staff|trail|texts|go-live|setup)(/.*)?", HEADS),
    (r"/admin/visits/(team|rooms|recipes)(/.*)?", HEADS),
    (r"/admin/visits/<number>/(record|draft|not-suitable)", TREATING),
    (r"/admin/clients/<int:id>/sessions/(new|<code>/(revive|call-off|give-back))", HEADS),
    (r"/admin/clients/<int:id>/sessions/<code>/(upgrade|swap|give)", HEADS | {"desk"}),
    (r"/admin/cases/<int:id>/report", TREATING),
    (r"/admin/(clients/<int:id>/(diary|notes)|gallery)(/.*)?", TREATING),
    (r"/admin/(clients|visits|calendar)(/.*)?", CARING),
    (r"/admin/(answers|plans|screenings|papers|patch-tests)(/.*)?", TREATING),
    (r"GET /admin/rules(/.*)?", {"medical-lead", "owner"}),
    (r"/admin/rules(/.*)?", {"medical-lead"}),
    (r"/admin/cases(/.*)?", CARING),
)
STAFFS_OWN = re.compile(r"/lock|/kept(/.*)?|/account/pin(/.*)?")  # outside the desks, and of any role
SIGNED_IN = re.compile(r"/account(/.*)?")
# Open to strangers: the catalogue, signing in, buying, and what a signed link or a browser's own cookie opens.
PUBLIC = re.compile(
    r"/locked|"  # a tablet that several of the staff share
    r"/|/(concerns|treatments|packages|products|brands|team|legal|assets|search|ask|media|guide|consultation|contact|gift-cards|shown)(/.*)?"
    r"|/(register|login|logout|reset|confirm)(/.*)?|/(bag|screening|checkout|orders|stripe/webhook)(/.*)?"
    r"|/sessions/accept|/plan(/(print|pdf|calendar\.ics|seen|bag|accept|decline|question|quiet|confirm(/code)?))?|/(appointments|calendar|changed|plan|letters)/<token>.*|/calendar/last-session|/dev/mail(/.*)?|/(healthz|readyz|sitemap\.xml|robots\.txt|favicon\.ico)"
)


def test_every_route_is_open_to_exactly_whom_the_table_names(app):
    wrong = []
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            written, declared = named(method, rule.rule), declaration(who_may(app, rule.endpoint))
            if written != declared:
                wrong.append(f"{method} {rule.rule}: the table says {written}, the route {declared}")
    assert not wrong, "\n".join(wrong)


def test_health_answers_are_open_to_those_who_treat_and_to_nobody_else():
    assert named("GET", "/admin/answers") == sorted(TREATING)
    assert not TREATING & HEADS


def named(method: str, path: str) -> list[str]:
    """Roles by name, ["client"], ["anybody"], or nobody at all for an address that the table does not know."""
    if STAFFS_OWN.fullmatch(path):
        return sorted(ROLES)
    if not path.startswith("/admin"):
        return ["client"] if SIGNED_IN.fullmatch(path) else ["anybody"] if PUBLIC.fullmatch(path) else []
    asked = f"{method} {path}"
    return next(
        (sorted(roles) for shape, roles in STAFF if re.fullmatch(rf"(\w+ )?{shape}" if shape[0] == "/" else shape, asked)),
        [],
    )


def declaration(said: str | None) -> list[str]:
    if said in ("public", "client"):
        return ["anybody" if said == "public" else "client"]
    _, _, roles = (said or "").partition(":")
    return sorted(roles.split(",")) if roles else []
