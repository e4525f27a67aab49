"""The e-mails of signing in: what a page may not say to a stranger, these say to whoever owns the address."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import current_app

from shop.accounts.hashing import digest
from shop.core import mail
from shop.core.settings import setting


def site_link(path: str, **query: str | None) -> str:
    """An address of the shop as it is configured; what a request claims the host to be is never used."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{current_app.config['SHOP'].site_url}{path}{'?' if asked else ''}{asked}"


def send_code(email: str, *, code: str, token: str) -> None:
    _send("sign_in_code", email, subject=f"{code} is your sign-in code", key=token, code=code)


def send_no_account(email: str, *, token: str) -> None:
    """Somebody asked for a code or a reset, and there is nothing to open."""
    _send("no_account", email, subject="There is no account with this address", key=token, link=site_link("/register"))


def send_reset(email: str, *, token: str) -> None:
    _send("reset", email, subject="Choose a new password", key=token, link=site_link(f"/reset/{token}"))


def send_register(email: str, *, name: str, token: str, target: str | None) -> None:
    link = site_link(f"/confirm/{token}", next=target)
    _send("register", email, subject="Confirm your e-mail address", key=token, name=name, link=link)


def send_has_account(email: str, *, token: str) -> None:
    """Somebody wanted to register an address that has an account."""
    links = {"sign_in": site_link("/login"), "reset": site_link("/reset")}
    _send("has_account", email, subject="You have an account already", key=token, **links)


def send_new_address(email: str, *, token: str) -> None:
    """To the new address: is it theirs?"""
    _send("new_address", email, subject="Confirm your new e-mail address", key=token, link=site_link(f"/confirm/{token}"))


def send_address_taken(email: str, *, token: str) -> None:
    _send("address_taken", email, subject="This address has an account already", key=token)


def tell_address_changes(old: str, *, new: str, token: str) -> None:
    """To the old address, at once: whoever asked for it may not be its owner."""
    _send("address_changes", old, subject="Your e-mail address is about to change", key=f"{token}-old", new=shaded(new))


def tell_password_changed(email: str, *, key: str) -> None:
    _send("password_changed", email, subject="Your password was changed", key=key, link=site_link("/reset"))


def send_claim(email: str, *, token: str) -> None:
    _send("claim", email, subject="Add earlier purchases to your account", key=token, link=site_link(f"/confirm/{token}"))


def shaded(email: str) -> str:
    """ "a…e@example.com": enough to recognise, not enough to learn."""
    name, _, domain = email.partition("@")
    return f"{name[0]}…{name[-1]}@{domain}" if len(name) > 2 else f"…@{domain}"


def _send(template: str, to: str, *, subject: str, key: str, **context: str) -> None:
    """The key is a hash: the outbox must not hold a second copy of what opens an account."""
    mail.send(
        template,
        to=to.lower(),
        subject=f"{subject} · {setting('clinic.name')}",
        key=f"{template}:{digest(key)[:32]}",
        **context,
    )
