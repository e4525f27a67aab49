"""The builder as its page shows it: each line with what may stand there, what the rules say, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from sqlalchemy import select

from shop.admin.plans.typing_in import Typed
from shop.catalog.models import Concern, Package, Treatment
from shop.catalog.words import STEP_WORDS
from shop.core import clock
from shop.core.db import db
from shop.core.money import money
from shop.plans.checking import Problem, needs_reason
from shop.plans.composing import Judged
from shop.plans.lines import FREQUENCIES, PRODUCT, WHENS, Content, Line
from shop.plans.opening import look_again
from shop.plans.person import Person
from shop.plans.shelf import Item, items_for, items_named
from shop.plans.showing import Page, page_of
from shop.plans.writing import today_of

WORDS = {"no": "forbidden", "ask": "ask first", "pause": "pauses", "not assessed": "not assessed"}
ADDS = {"habit": "A habit", "keep": "Something they own", "package": "A series", "series": "A series of their own"}


@dataclass
class Choice:
    value: str
    words: str


@dataclass
class Row:
    """One line of the form."""

    n: int
    line: Line
    step_word: str
    choices: list[Choice]
    substitutes: list[Choice]
    word: str
    word_kind: str
    asks_reason: bool
    price: str
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class Built:
    """Everything the builder's template asks for."""

    content: Content
    rows: list[Row]
    notes: list[str]
    found: list[Choice]
    page: Page
    errors: dict[str, str]
    sentences: list[tuple[str | None, str]]


def built(
    typed: Typed, person: Person, *, notes: Iterable[str] = (), problems: Iterable[Problem] = (), find: str = ""
) -> Built:
    """The form as it stands, with the preview beside it; a fixed number of statements."""
    said = [sku for line in typed.content.lines for sku in (line.sku, line.substitute) if sku]
    shelf = items_for(typed.content.concern, also=said)
    looked_for = items_named(find)
    known = person.judge([*shelf, *looked_for], concern=typed.content.concern)
    content = today_of(typed.content, shelf)
    wrong = list(problems)
    rows = [_row(n, line, shelf, known, typed.prices, wrong) for n, line in enumerate(content.lines)]
    opened = look_again(content, person, written_at=clock.now(), currency=_currency())
    return Built(
        content=content,
        rows=rows,
        notes=list(notes),
        found=[_choice(item, known) for item in looked_for],
        page=page_of(opened, is_whole=True),
        errors={one.field: one.sentence for one in wrong if one.line is None},
        sentences=[(_place(one), one.sentence) for one in wrong],
    )


def choices_for_page() -> dict[str, Any]:
    """The lists that every builder offers; three statements."""
    concerns = db.session.execute(select(Concern.slug, Concern.name).order_by(Concern.position, Concern.id))
    packages = (
        select(Package.slug, Package.name, Package.price_minor, Treatment.sold_as)
        .join(Treatment, Treatment.id == Package.treatment_id)
        .where(Package.state == "live", Treatment.sold_as != "unsold")
        .order_by(Treatment.position, Package.position, Package.id)
    )
    treatments = db.session.execute(select(Treatment.slug, Treatment.name).order_by(Treatment.position, Treatment.id))
    return {
        "concerns": [Choice(slug, name) for slug, name in concerns],
        "packages": [
            Choice(row.slug, f"{row.name}, {money(row.price_minor, _currency())}{_after(row.sold_as)}")
            for row in db.session.execute(packages)
        ],
        "treatments": [Choice(slug, name) for slug, name in treatments],
        "adds": [*(Choice(step, word) for step, word in STEP_WORDS.items()), *(Choice(*pair) for pair in ADDS.items())],
        "whens": [Choice(value, words) for value, words in WHENS.items()],
        "frequencies": FREQUENCIES,
    }


def _row(
    n: int, line: Line, shelf: list[Item], known: Mapping[str, Judged], prices: list[str], wrong: list[Problem]
) -> Row:
    same = [item for item in shelf if item.step == line.step or item.sku in (line.sku, line.substitute)]
    same.sort(key=lambda item: (known[item.sku].forbids, item.left < 1))
    said = known.get(line.sku)
    speaks = said is not None and said.verdict not in ("use", "fits")
    price = prices[n] if n < len(prices) and prices[n] else _plain(line.price_minor) if line.own else ""
    return Row(
        n=n,
        line=line,
        step_word=STEP_WORDS.get(line.step, ""),
        choices=[_choice(item, known) for item in same],
        substitutes=[_choice(item, known) for item in same if item.sku != line.sku and not known[item.sku].forbids],
        word=(said.sentence or WORDS.get(said.verdict, "")) if speaks and said else "",
        word_kind="no" if said and said.forbids else "wait",
        asks_reason=line.kind == PRODUCT and (needs_reason(line, known) or bool(line.override)),
        price=price,
        errors={one.field: one.sentence for one in wrong if one.line == n},
    )


def _choice(item: Item, known: Mapping[str, Judged]) -> Choice:
    word = WORDS.get(known[item.sku].verdict, "")
    stock = "" if item.left > 0 else "out of stock"
    gated = "consultation only" if item.is_gated else ""
    more = ", ".join(filter(None, (item.size, money(item.price_minor, _currency()), gated, stock, word)))
    return Choice(item.sku, f"{item.title}, {more}")


def _place(problem: Problem) -> str | None:
    return f"line-{problem.line}-{problem.field}" if problem.line is not None else problem.field


def _after(sold_as: str) -> str:
    return ", unlocked by this plan" if sold_as == "consultation" else ""


def _plain(minor: int) -> str:
    from shop.admin.fields import plain_amount

    return plain_amount(minor) if minor else ""


def _currency() -> str:
    return str(current_app.config["SHOP"].currency)
