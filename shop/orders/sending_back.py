"""Money goes back the way it came: to each order that paid a share, over each means of payment in proportion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from shop.core.attention import raise_entry
from shop.core.db import db
from shop.core.errors import Refused
from shop.core.money import money, split
from shop.orders import paying_by_hand
from shop.orders.refunding import charges_left, request_refund
from shop.payments.models import Refund
from shop.terms.tenders import Tender, give_back

Row = dict[str, Any]
PRINTED = ("what", "quantity", "gross_minor", "vat_minor", "vat_percent", "rates")
KEPT = (*PRINTED, "charge")  # which line had paid for it: reports take it off that line's product


def send_back(rows: Iterable[Row], *, cause: str, reason: str, by: str) -> list[Refund]:
    """Ask for one refund per order and means of payment. The same cause twice is the same refunds.

    Rows without an order were never paid here: their money is a person's to send.
    """
    by_order: dict[str | None, list[Row]] = {}
    for row in rows:
        by_order.setdefault(row["order"], []).append(row)
    brought = by_order.pop(None, [])
    if brought:
        _ask_for_hand(brought, cause=cause)
    return [
        refund
        for number, theirs in sorted(by_order.items())
        for refund in _to_order(str(number), theirs, cause=cause, reason=reason, by=by)
    ]


def over_tenders(rows: Sequence[Row], shares: Sequence[int]) -> list[list[Row]]:
    """Lay the rows over sums that add up to them, in order; a row that is cut has its VAT split once."""
    laid: list[list[Row]] = [[] for _ in shares]
    number, room = 0, shares[0] if shares else 0
    for row in rows:
        pieces: list[tuple[int, int]] = []
        rest = row["gross_minor"]
        while rest:
            while not room:
                number, room = number + 1, shares[number + 1]
            piece = min(rest, room)
            pieces.append((number, piece))
            rest, room = rest - piece, room - piece
        vats = split(row["vat_minor"], [piece for _, piece in pieces])
        for (tender, gross), vat in zip(pieces, vats, strict=True):
            whole = len(pieces) == 1
            laid[tender].append(row | {"gross_minor": gross, "vat_minor": vat, "rates": row["rates"] if whole else None})
    return laid


def _to_order(number: str, rows: list[Row], *, cause: str, reason: str, by: str) -> list[Refund]:
    known = _asked_before(number, cause)
    if known:
        return known
    amount = sum(row["gross_minor"] for row in rows)
    charges = sorted(charges_left(number), key=lambda pair: pair[0].id)
    tenders = [Tender(str(charge.id), left) for charge, left in charges]
    if amount > sum(tender.left_minor for tender in tenders):
        raise Refused(f"The payments of order {number} do not hold so much any more.")
    shares = give_back(amount, tenders)
    laid = over_tenders(rows, [minor for _, minor in shares])
    refunds = []
    for (charge_id, minor), parts in zip(shares, laid, strict=True):
        named: dict[str, Any] = {
            "amount_minor": minor,
            "cause": f"{cause}:{number}:{charge_id}",
            "reason": reason,
            "by": by,
        }
        printed = [{name: part[name] for name in KEPT if name in part} for part in parts]
        refunds.append(request_refund(number, **named, parts=printed, charge_id=int(charge_id)))
        paying_by_hand.hand_over(refunds[-1])
    return refunds


def _asked_before(number: str, cause: str) -> list[Refund]:
    mine = Refund.order_number == number, Refund.cause.startswith(f"{cause}:{number}:")
    return list(db.session.scalars(select(Refund).where(*mine).order_by(Refund.id)))


def _ask_for_hand(rows: list[Row], *, cause: str) -> None:
    amount = money(sum(row["gross_minor"] for row in rows))
    raise_entry(
        "refund",
        subject=cause,
        reason=f"{amount} for sessions that were paid before this shop are to go back.",
        what_to_do="Ask the client how to send the money; no payment here can be refunded for it.",
        key=f"brought:{cause}",
    )
