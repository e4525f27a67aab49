"""One series as the desk sees it: what is left and worth, every move with who and why, and which acts are possible now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.accounts.models import Client
from shop.admin.people import names_of
from shop.core import clock, ledger
from shop.core.db import db, one_or_404
from shop.core.units import worth
from shop.wallet.finding import extras_of
from shop.wallet.models import Credit, CreditMove
from shop.wallet.moving import as_move, units_of

LARGEST_ID = 2**53
WORDS = {
    "grant": "bought or given",
    "receive": "came in",
    "book": "booked",
    "release": "let go",
    "redeem": "used",
    "no_show": "lost: late, or did not come",
    "reverse": "taken back",
    "reserve": "set aside for a refund",
    "unreserve": "refund called off",
    "refund": "paid back",
    "unrefund": "refund failed, given back",
    "transfer": "moved to another file",
    "gift": "given away",
    "upgrade": "became a larger package",
    "swap": "became another treatment",
    "expire": "expired",
    "revive": "brought back",
    "freeze": "paused",
    "unfreeze": "pause ended",
    "extend": "extended",
}


@dataclass(frozen=True)
class Row:
    """One move in words; `minor` is what the moved sessions were paid for."""

    at: datetime
    words: str
    sessions: int
    minor: int
    who: str
    reason: str


@dataclass(frozen=True)
class Sheet:
    client: Client
    credit: Credit
    extras: list[Credit]
    rows: list[Row]
    worth_minor: int
    series: dict[str, object]
    is_expired: bool


def get_sheet(client_id: int, code: str) -> Sheet:
    """Raises NotFound for sessions that are not this client's."""
    client = get_client(client_id)
    credit = one_or_404(
        select(Credit).where(Credit.code == code, Credit.client_id == client.id, Credit.kind == "sessions"),
        "These sessions are not here.",
    )
    return sheet_of(client, credit)


def get_client(client_id: int) -> Client:
    wanted = select(Client).where(Client.id == min(client_id, LARGEST_ID), Client.erased_at.is_(None))
    return one_or_404(wanted, "There is no such client.")


def sheet_of(client: Client, credit: Credit) -> Sheet:
    kept = select(CreditMove).where(CreditMove.credit_id == credit.id).order_by(CreditMove.id)
    moves = [as_move(row) for row in db.session.scalars(kept)]
    names = names_of(move.by for move in moves)
    rows = [
        Row(m.at or credit.made_at, WORDS.get(m.kind, m.kind), m.sessions, m.gross_minor, _name(m.by, names), m.reason)
        for m in reversed(moves)
    ]
    lying = zip(units_of(credit), ledger.places(moves), strict=True)
    left = worth(unit for unit, place in lying if place in ("free", "held"))
    gaps = [[gap, gap] if isinstance(gap, int) else list(gap) for gap in credit.gaps]
    line = {"gaps": gaps[: max(0, credit.granted - 1)], "done": credit.used, "booked": credit.held - credit.reserved}
    is_expired = credit.frozen_on is None and credit.expires_on < clock.today()
    return Sheet(client, credit, extras_of([credit.id]), rows, left.gross_minor, line, is_expired)


def expired_sessions(credit: Credit) -> int:
    """How many left the wallet because their time was over."""
    rows = select(CreditMove).where(CreditMove.credit_id == credit.id).order_by(CreditMove.id)
    return ledger.places(as_move(row) for row in db.session.scalars(rows)).count("gone by expire")


def _name(by: str, names: dict[str, str]) -> str:
    return "the client" if by.startswith("client") else names.get(by, by)
