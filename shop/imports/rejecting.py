"""What makes a row unfit, each with its sentence; a product comes in whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from shop.core.errors import Refused
from shop.core.money import money, parse_minor
from shop.imports.rows import Item, Noted, ProductRow, Rejected

LOST_SIGN = "\N{REPLACEMENT CHARACTER}"
MOST_STOCK = 1_000_000
GRAMS = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}


@dataclass(slots=True)
class Seen:
    """What stood in the file before, by row: a SKU or a product may come once."""

    currency: str
    decimal_comma: bool = False
    skus: dict[str, int] = field(default_factory=dict)
    barcodes: dict[str, int] = field(default_factory=dict)
    handles: dict[str, int] = field(default_factory=dict)


class Check:
    """One product under inspection: each question answers with a value, or None and a sentence kept."""

    def __init__(self, handle: str, row: int, seen: Seen) -> None:
        self.handle, self.row, self.seen = handle, row, seen
        self.rejected: list[Rejected] = []
        self.noted: list[Noted] = []

    def reject(self, row: int, field: str, sentence: str) -> None:
        self.rejected.append(Rejected(row, field, sentence, self.handle))

    def note(self, row: int, field: str, sentence: str) -> None:
        self.noted.append(Noted(row, field, sentence, self.handle))

    def conclude(self, product: ProductRow | None) -> Iterator[Item]:
        """The product with its remarks, or its refusals and what waits with them."""
        if not self.rejected and product is not None:
            yield from self.noted
            yield product
            return
        yield from self.rejected
        bad = {refusal.row for refusal in self.rejected}
        waiting = [v.row for v in product.variants if v.row not in bad] if product else []
        if waiting:
            of_them = "row waits" if len(waiting) == 1 else f"{len(waiting)} rows wait"
            sentence = f"A product comes whole or not at all: {of_them} until row {min(bad)} is put right."
            yield Rejected(waiting[0], "product", sentence, self.handle)

    def is_first(self) -> bool:
        """Whether the product stands in the file for the first time."""
        first = self.seen.handles.setdefault(self.handle, self.row)
        if first != self.row:
            self.reject(self.row, "handle", f"{self.handle} stands in row {first} already, with other rows between.")
        return first == self.row

    def sku(self, row: int, text: str, otherwise: str) -> str:
        """The SKU, or one made of the product's address where the file has none."""
        sku = text or otherwise
        first = self.seen.skus.setdefault(sku, row)
        if first != row:
            self.reject(row, "sku", f"The SKU {sku} stands in row {first} already.")
        return sku

    def price(self, row: int, text: str) -> int | None:
        if not text:
            self.reject(row, "price", "There is no price.")
            return None
        minor = self._amount(row, "price", text)
        if minor == 0:
            self.reject(row, "price", "The price is zero; give it one, or leave the row out.")
        return minor or None

    def compare_at(self, row: int, text: str, price_minor: int | None) -> int | None:
        """A former price, which must be above the present one to be shown."""
        minor = self._amount(row, "compare at", text) if text else None
        if minor is None or price_minor is None or minor in (0, price_minor):
            return None
        if minor < price_minor:
            was, now = money(minor, self.seen.currency), money(price_minor, self.seen.currency)
            self.reject(row, "compare at", f"The former price {was} is below the price {now}.")
            return None
        return minor

    def stock(self, row: int, text: str) -> int | None:
        if not text:
            return None
        units = self._whole(row, "stock", text)
        if units is not None and units < 0:
            self.reject(row, "stock", f"The stock is {units}; count the shelf and write 0 or more.")
        elif units is not None and units > MOST_STOCK:
            self.reject(row, "stock", f"A stock of {units} is more than a shelf can hold.")
        return units

    def barcode(self, row: int, text: str) -> str | None:
        """A barcode as EAN-13; what is none is left out and said, for it sells nothing."""
        if not text:
            return None
        code = text.zfill(13)
        if not text.isdigit() or not 8 <= len(text) <= 13 or not _has_check_digit(code):
            self.note(row, "barcode", f"{text} is not a barcode and was left out.")
            return None
        first = self.seen.barcodes.setdefault(code, row)
        if first != row:
            self.note(row, "barcode", f"The barcode {code} stands in row {first} already and was left out here.")
            return None
        return code

    def weight(self, row: int, text: str, unit: str = "g") -> int | None:
        if not text:
            return None
        try:
            grams = Decimal(text.replace(",", ".")) * GRAMS[unit.casefold()]
        except (InvalidOperation, KeyError):
            self.reject(row, "weight", f"{text} {unit} is not a weight.")
            return None
        if not 0 <= grams <= 100_000:
            self.reject(row, "weight", f"A weight of {text} {unit} cannot be sent.")
            return None
        return round(grams)

    def whole(self, row: int, field: str, text: str) -> int | None:
        """A whole number above zero, or nothing."""
        number = self._whole(row, field, text) if text else None
        if number is not None and number <= 0:
            self.reject(row, field, f"{text} is not above zero.")
        return number

    def percent(self, row: int, field: str, text: str) -> str | None:
        if text and not re.fullmatch(r"\d{1,2}(\.\d{1,2})?", text):
            self.reject(row, field, f"{text} is not a rate in per cent.")
        return text or None

    def one_of(self, row: int, field: str, text: str, allowed: tuple[str, ...]) -> str | None:
        if text and text.casefold() not in allowed:
            self.reject(row, field, f"{text} is unknown; it may be {', '.join(allowed)}.")
        return text.casefold() or None

    def words(self, row: int, field: str, text: str) -> str:
        """The text as it is; a sign that a former program lost is said, since nobody can bring it back."""
        if LOST_SIGN in text:
            lost = text.count(LOST_SIGN)
            what = "One sign" if lost == 1 else f"{lost} signs"
            self.note(row, field, f"{what} of the {field} got lost in a former program; {LOST_SIGN} stands there.")
        return text

    def _amount(self, row: int, field: str, text: str) -> int | None:
        if self.seen.decimal_comma and re.fullmatch(r"\d+,\d{1,2}", text):
            text = text.replace(",", ".")
        try:
            return parse_minor(text, self.seen.currency)
        except Refused as refused:
            self.reject(row, field, f"{text} is not an amount. {refused.sentence}")
            return None

    def _whole(self, row: int, field: str, text: str) -> int | None:
        if not re.fullmatch(r"-?\d{1,12}(\.0+)?", text):
            self.reject(row, field, f"{text} is not a whole number.")
            return None
        return int(text.partition(".")[0])


def _has_check_digit(code: str) -> bool:
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code)) % 10 == 0
