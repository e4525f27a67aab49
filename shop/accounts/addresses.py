"""Where a client's parcels go."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Select, func, select, update

from shop.accounts.models import Address
from shop.core import clock
from shop.core.db import changed, db, one_or_404
from shop.core.errors import Refused

MOST = 20


def default_address(client_id: int) -> Address | None:
    """The one marked as default, else the newest, else None."""
    return db.session.scalars(_of(client_id).limit(1)).first()


def addresses_of(client_id: int | None) -> list[Address]:
    """The default one first, then the newest."""
    return list(db.session.scalars(_of(client_id))) if client_id is not None else []


def get_address(address_id: int, *, client_id: int | None) -> Address:
    """Raises NotFound for another person's."""
    mine = select(Address).where(Address.id == address_id, Address.client_id == client_id)
    return one_or_404(mine, "This address is not here.")


def add_address(client_id: int, *, facts: Mapping[str, str]) -> Address:
    """The first one is the default. Raises Refused at the twenty-first."""
    known = db.session.scalar(select(func.count()).select_from(Address).where(Address.client_id == client_id)) or 0
    if known >= MOST:
        raise Refused(f"You have {MOST} addresses already. Please remove one first.")
    address = Address(client_id=client_id, is_default=not known, made_at=clock.now(), **facts)
    db.session.add(address)
    db.session.flush()
    return address


def change_address(address: Address, *, facts: Mapping[str, str]) -> None:
    for name, text in facts.items():
        setattr(address, name, text)


def make_default(address: Address) -> None:
    others = update(Address).where(Address.client_id == address.client_id, Address.id != address.id)
    changed(others.values(is_default=False))
    address.is_default = True


def _of(client_id: int | None) -> Select[Address]:
    return select(Address).where(Address.client_id == client_id).order_by(Address.is_default.desc(), Address.id.desc())
