"""Sessions move between four buckets, each with its stored share of the price; a balance is what the moves add up to.

Frozen is a period, not a bucket: a frozen session is still free or held, its money can still be
claimed back, and when the period ends nobody has to remember where it lay. Freeze, unfreeze and
extend are therefore moves of no session that carry a date.
A refund takes two moves: `reserve` while the money is asked for, `refund` once it is on its way.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from shop.core.errors import Conflict
from shop.core.units import Unit, worth

BUCKETS = ("outside", "free", "held", "used")

MOVES: dict[str, tuple[str, str]] = {
    "grant": ("outside", "free"),  # bought, brought along, or given by the clinic
    "receive": ("outside", "free"),  # the other end of a transfer or a gift
    "book": ("free", "held"),
    "release": ("held", "free"),
    "redeem": ("held", "used"),
    "no_show": ("held", "used"),  # money used, nobody treated: the visit says which
    "reverse": ("used", "held"),  # undoes redeem or no_show: the visit stands as booked again
    "reserve": ("free", "held"),  # its refund has been asked for
    "unreserve": ("held", "free"),
    "refund": ("held", "outside"),
    "unrefund": ("outside", "free"),  # the bank sent the refund back, and a person gave the sessions back
    "transfer": ("free", "outside"),
    "gift": ("free", "outside"),
    "upgrade": ("free", "outside"),  # the sessions come back re-split, in a grant of the larger package
    "swap": ("free", "outside"),  # the same, in a grant of another treatment
    "expire": ("free", "outside"),
    "revive": ("outside", "free"),  # undoes expire
}
PERIOD_MOVES = frozenset({"freeze", "unfreeze", "extend"})
REFUSED_WHILE_FROZEN = frozenset({"book", "redeem", "transfer", "gift", "upgrade", "swap", "expire"})

_TOO_FEW = {
    "free": "No session is free.",
    "held": "No booked session is there to move.",
    "reserved": "No session is waiting for a refund.",
    "used": "No session has been used.",
}
_NEW_SESSIONS = frozenset({"grant", "receive"})
_UNDOES = {"unrefund": "refund", "revive": "expire"}
# Visits use up the earliest shares and whatever leaves takes the latest, so the odd pennies of
# 33.34 / 33.33 / 33.33 stay with the sessions that come first.
_TAKES_EARLIEST = frozenset({"book", "redeem", "no_show", "unreserve", "unrefund", "revive"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One line of a credit's ledger; it never changes. Worth is what the moved sessions were paid for."""

    kind: str
    sessions: int
    cause: str
    by: str
    at: datetime | None = None
    gross_minor: int = 0
    vat_minor: int = 0
    expires_on: date | None = None
    reason: str = ""

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.vat_minor


@dataclass(frozen=True, slots=True)
class Balance:
    """What a client has: `held` counts booked visits and, of these, `reserved` those waiting for a refund."""

    free: int = 0
    held: int = 0
    used: int = 0
    reserved: int = 0

    @property
    def left(self) -> int:
        """Sessions paid and not yet used; those on their way back to money are not counted."""
        return self.free + self.held - self.reserved

    @property
    def booked(self) -> int:
        return self.held - self.reserved


class Lot(Protocol):
    """What choosing between credits needs to know of each."""

    expires_on: date | None
    free: int
    is_frozen: bool


L = TypeVar("L", bound=Lot)


def places(moves: Iterable[Move]) -> list[str]:
    """Where each session of one credit lies, in the order of its shares: free, held, reserved, used or gone.

    Raises Conflict at the first move that finds too few sessions.
    """
    where: list[str] = []
    for move in moves:
        _step(where, move)
    return where


def balance(moves: Iterable[Move]) -> Balance:
    """What the moves add up to."""
    return _counted(places(moves))


def picked(moves: Iterable[Move], kind: str, *, sessions: int = 1) -> list[int]:
    """Which sessions (0 is the first) such a move would take now. Raises Conflict when there are too few."""
    return _pick(places(moves), kind, sessions)


def next_move(
    moves: Sequence[Move],
    units: Sequence[Unit],
    kind: str,
    *,
    sessions: int = 1,
    cause: str,
    by: str,
    at: datetime | None = None,
    reason: str = "",
) -> Move:
    """The move that takes so many sessions, with their stored worth. Raises Conflict when it is not possible."""
    if kind in REFUSED_WHILE_FROZEN and frozen_since(moves):
        raise Conflict("These sessions are frozen. End the pause first.")
    taken = worth(units[index] for index in picked(moves, kind, sessions=sessions))
    return Move(
        kind=kind,
        sessions=sessions,
        cause=cause,
        by=by,
        at=at,
        reason=reason,
        gross_minor=taken.gross_minor,
        vat_minor=taken.vat_minor,
    )


def expiry(moves: Iterable[Move]) -> date | None:
    """The last day of use that the moves have set; None is without end."""
    return next((move.expires_on for move in reversed(list(moves)) if move.expires_on), None)


def frozen_since(moves: Iterable[Move]) -> datetime | None:
    """Since when the credit is frozen; None when it is not."""
    last = next((move for move in reversed(list(moves)) if move.kind in {"freeze", "unfreeze"}), None)
    return last.at if last and last.kind == "freeze" else None


def earliest_first(lots: Iterable[L], *, on: date) -> list[L]:
    """The credits a visit on that day may use: the one that expires first stands first, endless ones last."""
    usable = [lot for lot in lots if lot.free and not lot.is_frozen and (lot.expires_on or date.max) >= on]
    return sorted(usable, key=lambda lot: lot.expires_on or date.max)


def check(moves: Sequence[Move]) -> list[str]:
    """Everything that is wrong with a ledger, as sentences; an empty list means that it holds."""
    return [*_form_problems(moves), *_running_problems(moves)]


def _counted(where: Sequence[str]) -> Balance:
    reserved = where.count("reserved")
    return Balance(where.count("free"), where.count("held") + reserved, where.count("used"), reserved)


def _step(where: list[str], move: Move) -> None:
    if move.kind in _NEW_SESSIONS:
        where += ["free"] * move.sessions
    elif move.kind not in PERIOD_MOVES:
        for index in _pick(where, move.kind, move.sessions):
            where[index] = _place_after(move.kind)


def _place_after(kind: str) -> str:
    target = MOVES[kind][1]
    if target == "outside":
        return f"gone by {kind}"
    return "reserved" if kind == "reserve" else target


def _place_before(kind: str) -> str:
    if kind in _UNDOES:
        return f"gone by {_UNDOES[kind]}"
    return "reserved" if kind in {"unreserve", "refund"} else MOVES[kind][0]


def _pick(where: Sequence[str], kind: str, sessions: int) -> list[int]:
    place = _place_before(kind)
    found = [index for index, lies in enumerate(where) if lies == place]
    if sessions < 1 or len(found) < sessions:
        raise Conflict(_TOO_FEW.get(place, "There are not that many sessions to give back."))
    return found[:sessions] if kind in _TAKES_EARLIEST else found[-sessions:]


def _form_problems(moves: Sequence[Move]) -> Iterator[str]:
    causes = Counter(move.cause for move in moves)
    yield from (f"cause {cause!r} stands {n} times" for cause, n in causes.items() if n > 1)
    for number, move in enumerate(moves, start=1):
        if move.kind not in MOVES and move.kind not in PERIOD_MOVES:
            yield f"move {number}: {move.kind!r} is not a move"
        elif move.kind in PERIOD_MOVES and (move.sessions or move.gross_minor or move.vat_minor):
            yield f"move {number}: {move.kind} moves dates, neither sessions nor money"
        elif move.kind in MOVES and move.sessions < 1:
            yield f"move {number}: {move.kind} must move at least one session"
        if not move.cause or not move.by:
            yield f"move {number}: a move needs a cause and an actor"
        if not 0 <= move.vat_minor <= move.gross_minor:
            yield f"move {number}: {move.gross_minor} with {move.vat_minor} VAT is not a worth"


def _running_problems(moves: Sequence[Move]) -> Iterator[str]:
    where: list[str] = []
    gross, vat = Counter[str](), Counter[str]()
    for number, move in ((n, m) for n, m in enumerate(moves, start=1) if m.kind in MOVES):
        try:
            _step(where, move)
        except Conflict as conflict:
            yield f"move {number}: {move.kind}: {conflict.sentence}"
            return
        source, target = MOVES[move.kind]
        gross.update({target: move.gross_minor})
        gross.subtract({source: move.gross_minor})
        vat.update({target: move.vat_minor})
        vat.subtract({source: move.vat_minor})
    now = _counted(where)
    for bucket, sessions in (("free", now.free), ("held", now.held), ("used", now.used)):
        if not 0 <= vat[bucket] <= gross[bucket] or (not sessions and gross[bucket]):
            yield f"{bucket}: {sessions} sessions cannot be worth {gross[bucket]} with {vat[bucket]} VAT"
