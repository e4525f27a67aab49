"""Who signs in at the demo clinic: a client, a consultant and an admin."""

from __future__ import annotations

from dataclasses import dataclass

from shop.accounts.making import make_client, make_staff

BY = "demo"
CLIENT, CONSULTANT, ADMIN = "client@example.com", "consultant@example.com", "admin@example.com"


@dataclass(frozen=True)
class Demo:
    """What `dev.py run` prints: (e-mail, needs a second factor)."""

    people: tuple[tuple[str, bool], ...]


def add_people(*, password: str, second_factor: str) -> Demo:
    """`second_factor` is the base-32 secret of both members of staff."""
    make_client(CLIENT, name="Nora Beck", by=BY, phone="020 7946 0118", password=password)
    make_staff(CONSULTANT, name="Ines Okafor", role="consultant", by=BY, password=password, totp_secret=second_factor)
    make_staff(ADMIN, name="Ruth Hale", role="owner", by=BY, password=password, totp_secret=second_factor)
    return Demo(((CLIENT, False), (CONSULTANT, True), (ADMIN, True)))
