"""What the buyer would get back, said on the checkout page for this very order, and kept with it as it was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shop.checkout.quoting import Quote
from shop.core import clock
from shop.core.settings import setting
from shop.core.units import Part, Unit
from shop.terms.contracts import Item
from shop.terms.jurisdictions import Law, jurisdiction_of, law_of
from shop.terms.pricing import Line
from shop.terms.promises import Row, goods_sentence, refund_sentence, refund_table

KINDS = ("package", "addon")


@dataclass(frozen=True)
class Series:
    """One series, or one add-on, as it will lie in the wallet: two of the same package are two."""

    item: Item
    kind: str
    statement: str


@dataclass(frozen=True)
class Promise:
    """The sentence, and a table with a head for each column: sessions used, and what comes back."""

    sentence: str
    table: list[tuple[str | int, ...]]
    heads: tuple[str, ...] = ("Sessions used", "You get back")
    what: str = ""


def promise_for(quoted: Quote, *, country: str) -> Promise:
    """What the page shows first: the dearest series of the order, or its goods."""
    return promises_for(quoted, country=country)[0]


def promises_for(quoted: Quote, *, country: str) -> list[Promise]:
    """One promise for each series of a different price, the dearest first; one for all goods when nothing else is bought."""
    law = law_of(jurisdiction_of(country), on=clock.today())
    packages = [one for one in series_of(quoted) if one.kind == "package"]
    if not packages:
        return [Promise(goods_sentence(law), [])]
    different = {(one.item.what, one.item.paid_minor): one for one in packages}
    dearest = sorted(different.values(), key=lambda one: -one.item.paid_minor)
    return [_promise(one, law, country, has_goods=quoted.has_goods) for one in dearest]


def promised(quoted: Quote, *, country: str, jurisdiction: str, has_notice: bool) -> dict[str, Any]:
    """What the order keeps: the law's version, the clinic's terms, and the whole table of each series in their order."""
    law = law_of(jurisdiction, on=clock.today())
    late = setting("policy.late_terms")
    facts = _facts(law, country)
    return {
        "law_version": law.version,
        "late": late,
        "late_version": law_of("clinic", on=clock.today()).version,
        "has_notice": has_notice,
        "said": [_kept(said) for said in promises_for(quoted, country=country)],
        "series": [
            {"what": one.statement, "rows": [_numbers(row) for row in refund_table(one.item, **facts)]}
            for one in series_of(quoted)
        ],
    }


def kept_series(item: Item, *, statement: str, country: str) -> dict[str, Any]:
    """The same for one series whose shares are known already: what an upgrade turns the sessions into."""
    law = law_of(jurisdiction_of(country), on=clock.today())
    said = _promise(Series(item, "package", statement), law, country, has_goods=False)
    rows = [_numbers(row) for row in refund_table(item, **_facts(law, country))]
    return {"said": [_kept(said)], "series": [{"what": statement, "rows": rows}]}


def series_of(quoted: Quote) -> Iterator[Series]:
    """Each credit that this order will make, with the very shares that it will have."""
    for line in quoted.priced.leaves:
        if line.kind not in KINDS:
            continue
        sold = quoted.sold[line.key]
        pieces = line.quantity if line.kind == "package" else 1
        size = len(line.unit_gross) // pieces
        for n in range(pieces):
            yield Series(_item(line, n, size, sold.details.get("single_minor")), line.kind, sold.statement_name)


def _item(line: Line, n: int, size: int, single_minor: int | None) -> Item:
    shares = list(zip(line.unit_gross, line.unit_vat, strict=True))[n * size : (n + 1) * size]
    units = tuple(Unit((Part(line.key, gross, vat),)) for gross, vat in shares)
    return Item(key=f"{line.key}:{n}", kind="sessions", what=line.what, units=units, single_minor=single_minor)


def _promise(one: Series, law: Law, country: str, *, has_goods: bool) -> Promise:
    facts = _facts(law, country)
    rows = refund_table(one.item, **facts)
    sentence = refund_sentence(one.item, has_goods=has_goods, **facts)
    if all(row.within_minor == row.after_minor for row in rows):
        return Promise(sentence, [(_used(row.used), row.after_minor) for row in rows], what=one.item.what)
    table: list[tuple[str | int, ...]] = [(_used(row.used), row.within_minor, row.after_minor) for row in rows]
    return Promise(sentence, table, ("Sessions used", f"Within {law.window_days} days", "After that"), one.item.what)


def _facts(law: Law, country: str) -> dict[str, Any]:
    return {"law": law, "bought_on": clock.today(), "country": country, "late": setting("policy.late_terms")}


def _kept(said: Promise) -> dict[str, Any]:
    return {
        "sentence": said.sentence,
        "heads": list(said.heads),
        "table": [list(row) for row in said.table],
        "what": said.what,
    }


def _numbers(row: Row) -> list[int]:
    return [row.used, row.within_minor, row.unasked_minor, row.after_minor]


def _used(sessions: int) -> str:
    return "none" if sessions == 0 else str(sessions)
