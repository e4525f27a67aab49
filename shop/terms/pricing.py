"""What an order costs: prices include VAT, each line carries its own VAT, and every amount is split once and for all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from shop.core.money import split, split_even, vat_inside
from shop.terms.discounts import Code, discounts, refuse_unusable

GOODS = frozenset({"variant"})
SESSIONS = frozenset({"package", "addon", "consultation", "upgrade"})
LINE_KINDS = GOODS | SESSIONS | {"box", "gift_card", "shipping"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Something to be priced: `quantity` pieces at `list_minor` each, each piece of so many units (sessions).

    A box has parts, priced as they are sold alone and counted per box; its price is shared over them.
    """

    key: str
    kind: str
    what: str
    list_minor: int
    quantity: int = 1
    units: int = 1
    vat_percent: str = "20"
    weight_grams: int = 0
    slug: str = ""
    parts: tuple["Wanted", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A priced line. `unit_gross` and `unit_vat` hold each unit's share, pieces one after the other."""

    key: str
    kind: str
    what: str
    quantity: int
    list_minor: int
    discount_minor: int
    gross_minor: int
    vat_minor: int
    vat_percent: str
    unit_gross: tuple[int, ...] = ()
    unit_vat: tuple[int, ...] = ()
    weight_grams: int = 0
    parts: tuple["Line", ...] = ()

    @property
    def leaves(self) -> tuple["Line", ...]:
        """The lines that hold money: a box's parts, else the line itself."""
        return self.parts or (self,)

    @property
    def units_per_piece(self) -> int:
        return len(self.unit_gross) // self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A priced bag. The delivery line's units are its shares of the goods lines, in their order."""

    lines: tuple[Line, ...]
    discounts: tuple[tuple[str, int], ...] = ()
    delivery: Line | None = None

    @property
    def leaves(self) -> tuple[Line, ...]:
        return tuple(leaf for line in self.lines for leaf in line.leaves)

    @property
    def goods(self) -> tuple[Line, ...]:
        return tuple(leaf for leaf in self.leaves if leaf.kind in GOODS)

    @property
    def goods_minor(self) -> int:
        return sum(leaf.gross_minor for leaf in self.goods)

    @property
    def sessions_minor(self) -> int:
        return sum(leaf.gross_minor for leaf in self.leaves if leaf.kind in SESSIONS)

    @property
    def sessions_before_minor(self) -> int:
        """Sessions before any code: what a list of sums shows when codes stand below it."""
        return sum(minor for leaf, minor in self._before() if leaf.kind in SESSIONS)

    @property
    def goods_before_minor(self) -> int:
        return sum(minor for leaf, minor in self._before() if leaf.kind in GOODS)

    @property
    def gift_cards_minor(self) -> int:
        """Gift cards that are bought; they are money, not revenue."""
        return sum(line.gross_minor for line in self.lines if line.kind == "gift_card")

    @property
    def list_minor(self) -> int:
        return sum(line.list_minor for line in self.lines)

    @property
    def discount_minor(self) -> int:
        return sum(line.discount_minor for line in self.lines)

    @property
    def delivery_minor(self) -> int:
        return self.delivery.gross_minor if self.delivery else 0

    @property
    def total_minor(self) -> int:
        return sum(line.gross_minor for line in self.lines) + self.delivery_minor

    @property
    def vat_minor(self) -> int:
        return sum(line.vat_minor for line in self.lines) + (self.delivery.vat_minor if self.delivery else 0)

    @property
    def weight_grams(self) -> int:
        return sum(leaf.weight_grams for leaf in self.goods)

    def _before(self) -> Iterator[tuple["Line", int]]:
        """A box is shared over its parts as it was priced, so these are the sums of the same bag without codes."""
        for line in self.lines:
            shares = split(line.list_minor, [part.list_minor for part in line.parts]) if line.parts else [line.list_minor]
            yield from zip(line.leaves, shares, strict=True)


def price(wanted: Sequence[Wanted], *, codes: Iterable[Code] = (), on: date | None = None) -> Priced:
    """Price lines and take the codes off, each from what the one before left. Raises Refused for an unusable code."""
    left = [line.list_minor * line.quantity for line in wanted]
    taken: list[tuple[str, int]] = []
    for code in codes:
        eligible = [amount if code.covers(line.kind, line.slug) else 0 for line, amount in zip(wanted, left, strict=True)]
        refuse_unusable(code, eligible_minor=sum(eligible), on=on)
        off = discounts(code, eligible)
        left = [amount - less for amount, less in zip(left, off, strict=True)]
        taken.append((code.name, sum(off)))
    lines = tuple(_line(line, gross) for line, gross in zip(wanted, left, strict=True))
    return Priced(lines=lines, discounts=tuple(taken))


def with_delivery(priced: Priced, delivery_minor: int) -> Priced:
    """Add the cost of delivery, shared over the goods by price; each share bears its goods line's VAT."""
    goods = priced.goods
    if not goods:
        return replace(priced, delivery=None)
    shares = split(delivery_minor, [line.gross_minor for line in goods])
    vats = [vat_inside(share, line.vat_percent) for share, line in zip(shares, goods, strict=True)]
    rates = {line.vat_percent for line in goods}
    delivery = Line(
        key="delivery",
        kind="shipping",
        what="Delivery",
        quantity=1,
        list_minor=delivery_minor,
        discount_minor=0,
        gross_minor=delivery_minor,
        vat_minor=sum(vats),
        vat_percent=rates.pop() if len(rates) == 1 else "",
        unit_gross=tuple(shares),
        unit_vat=tuple(vats),
    )
    return replace(priced, delivery=delivery)


def vat_by_rate(priced: Priced) -> dict[str, tuple[int, int]]:
    """Per rate what an invoice shows, (gross, VAT): lines and delivery shares together."""
    sums: dict[str, tuple[int, int]] = {}
    for percent, gross, vat in _taxed(priced):
        had = sums.get(percent, (0, 0))
        sums[percent] = (had[0] + gross, had[1] + vat)
    return sums


def _line(wanted: Wanted, gross_minor: int) -> Line:
    parts = tuple(_parts(wanted, gross_minor))
    vat = sum(part.vat_minor for part in parts) if parts else vat_inside(gross_minor, wanted.vat_percent)
    pieces = split_even(gross_minor, wanted.quantity)
    unit_gross = [] if parts else [unit for piece in pieces for unit in split_even(piece, wanted.units)]
    listed = wanted.list_minor * wanted.quantity
    return Line(
        key=wanted.key,
        kind=wanted.kind,
        what=wanted.what,
        quantity=wanted.quantity,
        list_minor=listed,
        discount_minor=listed - gross_minor,
        gross_minor=gross_minor,
        vat_minor=vat,
        vat_percent="" if parts else wanted.vat_percent,
        unit_gross=tuple(unit_gross),
        unit_vat=() if parts else tuple(split(vat, unit_gross)),
        weight_grams=wanted.weight_grams * wanted.quantity,
        parts=parts,
    )


def _parts(box: Wanted, gross_minor: int) -> Iterator[Line]:
    """6 × 110 + 30 + 60 sold for 600: the sessions 88 each, the others 24 and 48."""
    parts = [replace(part, quantity=part.quantity * box.quantity) for part in box.parts]
    shares = split(gross_minor, [part.list_minor * part.quantity for part in parts]) if parts else []
    for part, share in zip(parts, shares, strict=True):
        yield _line(part, share)


def _taxed(priced: Priced) -> Iterator[tuple[str, int, int]]:
    for leaf in priced.leaves:
        yield leaf.vat_percent, leaf.gross_minor, leaf.vat_minor
    if priced.delivery:
        for goods, gross, vat in zip(priced.goods, priced.delivery.unit_gross, priced.delivery.unit_vat, strict=True):
            yield goods.vat_percent, gross, vat
