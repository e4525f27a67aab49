"""Each prepaid session keeps the share of the price that was paid for it, and by which charge; refunds add these up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.core.errors import Refused
from shop.core.money import split, split_even, vat_inside


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of one charge; `charge` names the order line (or desk sale, or take-over) that paid it."""

    charge: str
    gross_minor: int
    vat_minor: int

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.vat_minor


@dataclass(frozen=True, slots=True)
class Unit:
    """One session's worth, oldest charge first. A session given away has no parts and is worth nothing."""

    parts: tuple[Part, ...] = ()

    @property
    def gross_minor(self) -> int:
        return sum(part.gross_minor for part in self.parts)

    @property
    def vat_minor(self) -> int:
        return sum(part.vat_minor for part in self.parts)

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.vat_minor


@dataclass(frozen=True, slots=True)
class Exchange:
    """A package turned into another: what is paid on top, or given back, and the new sessions' worth."""

    pay_minor: int
    back: tuple[Part, ...]
    units: tuple[Unit, ...]


def units(gross_minor: int, vat_minor: int, count: int, *, charge: str) -> tuple[Unit, ...]:
    """Split the price of a line, and its VAT, over its sessions once and for all; odd pennies to the earliest."""
    grosses = split_even(gross_minor, count)
    vats = split(vat_minor, grosses)
    return tuple(Unit((Part(charge, gross, vat),)) for gross, vat in zip(grosses, vats, strict=True))


def worth(taken: Iterable[Unit]) -> Part:
    """The sum of some sessions' stored shares; its charge is empty."""
    listed = list(taken)
    return Part("", sum(unit.gross_minor for unit in listed), sum(unit.vat_minor for unit in listed))


def by_charge(taken: Iterable[Unit]) -> list[Part]:
    """What each charge gives for these sessions, the newest charge first."""
    return pools(taken)[::-1]


def exchange(
    left: Sequence[Unit], *, sessions: int, worth_minor: int, vat_percent: int | Decimal | str, charge: str
) -> Exchange:
    """Re-split what is left over another number of sessions that shall be worth `worth_minor` together.

    What is missing becomes a new charge; what is too much goes back, newest charge first. The new
    sessions are laid over the charges oldest first, so a later refund, which takes the last
    sessions first, pays from the newest charge first and never more than that charge has left.
    """
    if sessions < 1:
        raise Refused("The other package has no more sessions than were used already.")
    had = pools(left)
    missing = worth_minor - sum(pool.gross_minor for pool in had)
    back: list[Part] = []
    if missing > 0:
        had.append(Part(charge, missing, vat_inside(missing, vat_percent)))
    elif missing < 0:
        had, back = take_newest(had, -missing)
    return Exchange(max(missing, 0), tuple(back), _lay(had, split_even(worth_minor, sessions)))


def upgrade(
    left: Sequence[Unit],
    used: Sequence[Unit],
    *,
    to_sessions: int,
    to_price_minor: int,
    vat_percent: int | Decimal | str,
    charge: str,
) -> Exchange:
    """From 3 sessions for 297 (1 used) to 6 for 540: pay 243.00, and the 5 left are worth 441.00."""
    return exchange(
        left,
        sessions=to_sessions - len(used),
        worth_minor=max(to_price_minor - worth(used).gross_minor, 0),
        vat_percent=vat_percent,
        charge=charge,
    )


def pools(taken: Iterable[Unit]) -> list[Part]:
    """The parts of some sessions added up by charge, oldest first."""
    sums: dict[str, Part] = {}
    for part in (part for unit in taken for part in unit.parts):
        had = sums.get(part.charge, Part(part.charge, 0, 0))
        sums[part.charge] = Part(part.charge, had.gross_minor + part.gross_minor, had.vat_minor + part.vat_minor)
    return list(sums.values())


def take_newest(charges: Sequence[Part], amount_minor: int) -> tuple[list[Part], list[Part]]:
    """Split charges (oldest first) into what stays of them and what is taken, newest first, each within its own."""
    stays: list[Part] = []
    taken: list[Part] = []
    for pool in reversed(charges):
        gross = min(amount_minor, pool.gross_minor)
        vat = split(pool.vat_minor, [gross, pool.gross_minor - gross])[0]
        amount_minor -= gross
        if gross:
            taken.append(Part(pool.charge, gross, vat))
        stays.insert(0, Part(pool.charge, pool.gross_minor - gross, pool.vat_minor - vat))
    return [pool for pool in stays if pool.gross_minor], taken


def pack(listed: Iterable[Unit]) -> list[list[list[str | int]]]:
    """Plain lists for storage, one per session, each a list of [charge, gross, VAT]."""
    return [[[part.charge, part.gross_minor, part.vat_minor] for part in unit.parts] for unit in listed]


def unpack(stored: Iterable[Iterable[Sequence]]) -> tuple[Unit, ...]:
    return tuple(Unit(tuple(Part(str(c), int(g), int(v)) for c, g, v in parts)) for parts in stored)


def _lay(charges: Sequence[Part], grosses: Sequence[int]) -> tuple[Unit, ...]:
    """Fill units of the given sizes from charges in order; each charge's VAT is split over its pieces."""
    pieces: list[list[tuple[int, int]]] = [[] for _ in charges]
    unit, room = 0, grosses[0]
    for number, pool in enumerate(charges):
        rest = pool.gross_minor
        while rest:
            while not room:
                unit, room = unit + 1, grosses[unit + 1]
            piece = min(rest, room)
            pieces[number].append((unit, piece))
            rest, room = rest - piece, room - piece
    filled: list[list[Part]] = [[] for _ in grosses]
    for pool, laid in zip(charges, pieces, strict=True):
        for (index, piece), vat in zip(laid, split(pool.vat_minor, [size for _, size in laid]), strict=True):
            filled[index].append(Part(pool.charge, piece, vat))
    return tuple(Unit(tuple(parts)) for parts in filled)
