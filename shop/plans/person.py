"""What a plan has to know of its client: what was told, when the skin is treated, what is at home. Each reading is logged by the caller."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shop.intake.calendar import Calendar
from shop.orders.owning import Owned, owned_by
from shop.plans.composing import AtHome, Judged, judged
from shop.plans.shelf import Item
from shop.visits.skin_days import calendar_of


@dataclass(frozen=True)
class Person:
    """One client as the rules see them."""

    client_id: int
    calendar: Calendar
    owned: Sequence[Owned]

    @property
    def at_home(self) -> list[AtHome]:
        """What is there and may be kept, in the words of the calendar; a list nobody has read yet is not kept for them."""
        return [_at_home(one, self.calendar) for one in self.owned if one.inci]

    def judge(self, items: Iterable[Item], *, concern: str = "") -> dict[str, Judged]:
        """SKU → what the rules say for this client today."""
        every = list(items)
        verdicts, sentences = words_for(every, self.calendar)
        found, _ = judged(concern, every, verdicts, sentences)
        return {item.sku: found[item.slug] for item in every}


def person_of(client_id: int) -> Person:
    """Five statements or fewer, whatever is at home."""
    return Person(client_id, calendar_of(client_id), owned_by(client_id))


def words_for(items: Iterable[Item], calendar: Calendar) -> tuple[dict[str, str], dict[str, str]]:
    """(slug → verdict, slug → sentence) of the calendar."""
    verdicts, sentences = {}, {}
    for item in items:
        word = calendar.word(item.label)
        verdicts[item.slug] = word.verdict.verdict if word else "use"
        sentences[item.slug] = word.text if word else ""
    return verdicts, sentences


def _at_home(one: Owned, calendar: Calendar) -> AtHome:
    word = calendar.word(one.label)
    name = f"{one.brand} {one.name}".strip()
    return AtHome(name, one.step, word.verdict.verdict if word else "use", word.text if word else "")
