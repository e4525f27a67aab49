"""`/dev/mail`: the e-mails that a shop on a developer's own machine wrote into files instead of sending them.

Never in production, never with a mail server, never on an address that others can reach: these letters open accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Flask, Response, current_app, render_template

from config import Config
from shop.core.access import declare
from shop.core.errors import NotFound

bp = declare(Blueprint("dev", __name__), "public")
HERE = ("127.0.0.1", "localhost", "::1")
SHOWN = 100
# A letter brings its own styles and nothing else.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"


@dataclass(frozen=True)
class Letter:
    name: str
    to: str
    subject: str
    date: str


def attach(app: Flask) -> None:
    if is_wanted(app.config["SHOP"]):
        app.register_blueprint(bp)


def is_wanted(shop: Config) -> bool:
    """Only where the letters are files and nobody but this machine is meant to come."""
    mine = urlsplit(shop.site_url).hostname in HERE
    return not shop.is_production and mine and shop.mail_url.startswith("file://")


@bp.get("/dev/mail")
def mails() -> Any:
    """The newest first."""
    files = sorted(_folder().glob("*.eml"), reverse=True)
    return render_template("dev/mail.html", letters=[_letter(path) for path in files[:SHOWN]], total=len(files))


@bp.get("/dev/mail/<name>")
def one_mail(name: str) -> Any:
    message = _read(name)
    return render_template("dev/one_mail.html", letter=_letter(_folder() / name), text=_part(message, "plain"))


@bp.get("/dev/mail/<name>/html")
def one_mail_as_html(name: str) -> Response:
    """As a mail program would show it, without a script and without anything from outside."""
    answer = Response(_part(_read(name), "html"), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _folder() -> Path:
    return Path(unquote(urlsplit(current_app.config["SHOP"].mail_url).path))


def _read(name: str) -> EmailMessage:
    """Raises NotFound for a name that is not one of the folder's own."""
    if name not in {path.name for path in _folder().glob("*.eml")}:
        raise NotFound("There is no such letter.")
    return message_from_bytes((_folder() / name).read_bytes(), policy=policy.default)


def _letter(path: Path) -> Letter:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    return Letter(path.name, str(message["To"]), str(message["Subject"]), str(message["Date"]))


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return body.get_content() if body is not None else ""
