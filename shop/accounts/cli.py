"""The shell's way to let the first people in."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from shop.accounts.letters import site_link
from shop.accounts.making import make_staff, welcome_token
from shop.accounts.models import ROLES
from shop.accounts.second_factor import address_of, draw_recovery_codes
from shop.core.db import db
from shop.core.errors import ShopError
from shop.core.settings import setting


@click.command("create-staff")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@with_appcontext
def create_staff(email: str, name: str, role: str) -> None:
    """Make a member of staff; prints, this once, the second factor's secret and a link to choose a password."""
    try:
        user = make_staff(email, name=name, role=role, by="shell")
    except ShopError as refused:
        raise click.ClickException(refused.sentence) from None
    link, codes, secret = site_link(f"/reset/{welcome_token(user)}"), draw_recovery_codes(user.id), user.totp_secret or ""
    address = address_of(secret, email=user.email, clinic=setting("clinic.name"))
    db.session.commit()
    print(f"{name} <{email.lower()}> may now work here as {role}.")
    print(f"Password:       {link}  (once, within a day)")
    print(f"Second factor:  {secret}")
    print(f"                {address}")
    print("Recovery codes, each good once:")
    for code in codes:
        print(f"                {code}")
