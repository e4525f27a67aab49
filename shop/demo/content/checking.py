"""What must hold between the entries of the demo clinic: names resolve, lists contain, prices add up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from shop.demo.content.shapes import Box, Content, Package, Product

CONCERN_WORDS = re.compile(r"hair|scar|fat|cellulite|wrinkle|line|pigment|tone|melasma|stretch|hydration|scalp", re.I)


def check(content: Content) -> list[str]:
    """One sentence for each thing that is wrong; an empty list when all is well."""
    return [
        *_unique(content),
        *_references(content),
        *(problem for package in content.packages for problem in _package(package)),
        *(problem for product in content.products for problem in _product(product)),
        *(problem for box in content.boxes for problem in _box(box, content)),
    ]


def names_in(inci: str) -> list[str]:
    """The names of a printed list in order, upper case, without their remarks in brackets.

    Only for this folder's own tidy lists: the shop reads lists with shop.care.
    """
    parts = re.split(r",\s+(?![^(]*\))", inci.strip().rstrip("."))
    return [re.sub(r"\s*\([^)]*\)", "", part).strip().upper() for part in parts]


def ean_is_valid(code: str) -> bool:
    """Whether a 13-digit barcode ends in its right check digit."""
    weighted = (int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code))
    return len(code) == 13 and sum(weighted) % 10 == 0


def _unique(content: Content) -> Iterator[str]:
    variants = [variant for product in content.products for variant in product.variants]
    groups: dict[str, Iterable[str]] = {
        "sku": (variant.sku for variant in variants),
        "barcode": (variant.barcode for variant in variants),
        "text": (text.key for text in content.texts),
    }
    for kind in ("concerns", "treatments", "packages", "addons", "boxes", "brands", "products", "team"):
        groups[kind] = [entry.slug for entry in getattr(content, kind)]
    for kind, names in groups.items():
        yield from (f"{kind}: {name} twice" for name, n in Counter(names).items() if n > 1)


def _references(content: Content) -> Iterator[str]:
    known = {
        "concern": {entry.slug for entry in content.concerns},
        "treatment": {entry.slug for entry in content.treatments},
        "add-on": {entry.slug for entry in content.addons},
    }
    wanted = [
        *((t.slug, "concern", c) for t in content.treatments for c in t.concerns),
        *((p.slug, "concern", link.concern) for p in content.products for link in p.links),
        *((p.slug, "treatment", p.treatment) for p in content.packages),
        *((a.slug, "treatment", t) for a in content.addons for t in a.treatments),
        *((a.slug, "add-on", other) for a in content.addons for other in a.not_with),
    ]
    for where, kind, name in wanted:
        if name not in known[kind]:
            yield f"{where}: no {kind} {name}"


def _package(package: Package) -> Iterator[str]:
    if len(package.gaps) != package.sessions - 1:
        yield f"{package.slug}: {package.sessions} sessions need {package.sessions - 1} gaps"
    if any(most is not None and most < least for least, most in package.gaps):
        yield f"{package.slug}: a gap's most is below its least"
    needed = sum(least for least, _ in package.gaps)
    if package.validity_days < needed * 3 // 2:
        yield f"{package.slug}: needs {needed} days at best, {package.validity_days} leave no room"
    if package.price_minor > package.single_minor * package.sessions:
        yield f"{package.slug}: dearer than its sessions one by one"
    if CONCERN_WORDS.search(package.statement_name):
        yield f"{package.slug}: the statement name names a concern"


def _product(product: Product) -> Iterator[str]:
    names = set(names_in(product.inci))
    wanted = {*product.key_actives, *(link.active for link in product.links)}
    yield from (f"{product.slug}: {name} is not in its list" for name in sorted(wanted - names))
    for concern, count in Counter(link.concern for link in product.links).items():
        if count > 1:
            yield f"{product.slug}: linked to {concern} twice"
    for variant in product.variants:
        if not ean_is_valid(variant.barcode):
            yield f"{variant.sku}: wrong check digit in {variant.barcode}"


def _box(box: Box, content: Content) -> Iterator[str]:
    prices = {("package", package.slug): package.price_minor for package in content.packages}
    for product in content.products:
        prices |= {("variant", v.sku): v.price_minor for v in product.variants}
    missing = [item.ref for item in box.items if (item.kind, item.ref) not in prices]
    yield from (f"{box.slug}: no {ref}" for ref in missing)
    apart = sum(prices.get((item.kind, item.ref), 0) * item.quantity for item in box.items)
    if not missing and box.price_minor >= apart:
        yield f"{box.slug}: costs {box.price_minor}, apart {apart}"
