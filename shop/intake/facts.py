"""What holds for a person whatever the treatment, learnt from the newest answers and changed by the person: allergies, pregnancy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, or_, select

from shop.care.allergies import read_allergies, unknown_allergies
from shop.core import clock
from shop.core.db import changed, db
from shop.core.errors import Refused
from shop.core.reading import Question
from shop.intake.models import ClientFacts
from shop.intake.subjects import Subject

MOST, LONGEST = 40, 60
# what each question of the form says in the words of the allergy table
SAID = {
    "allergy_nickel": ("nickel",),
    "allergy_anaesthetic": ("lidocaine",),
    "allergy_chlorhexidine": ("chlorhexidine",),
    "allergy_fish": ("fish",),
    "allergy_soy_egg": ("soy", "egg"),
    "allergy_bee_wasp": ("bee venom",),
}
OF_DEVICES = frozenset({"nickel", "steel"})  # a needle may hold it; no ingredient list ever names it
_SPLIT = re.compile(r"[,;\n/.]| and | or |\band\b|\bor\b", re.IGNORECASE)
_SMALL_WORDS = (
    "i i'm im am is are was a an the to from of my me it its with in on very some any bit mild strong severe allergic "
    "allergy allergies react reaction reactions reacts get gets got have had has when after eat eating touch skin rash "
    "gives give makes itch itchy itching hives swelling swell swells red redness hay fever pets cats dogs also other things like"
)
_FILLER = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True)
class Facts:
    """`allergies` as the person calls them; `pregnant` covers nursing too, since the rules for products are the same."""

    allergies: tuple[str, ...] = ()
    pregnant: bool = False
    pregnant_on: str = ""

    @property
    def for_products(self) -> tuple[str, ...]:
        """The allergies that an ingredient list can speak of."""
        return tuple(word for word in self.allergies if word.lower() not in OF_DEVICES)

    @property
    def not_understood(self) -> tuple[str, ...]:
        """Words that none of our lists holds: a person looks at them."""
        return unknown_allergies(self.for_products)


NOTHING_KNOWN = Facts()


def facts_of(subject: Subject) -> Facts:
    """What is known; the client's own before the browser's. One statement."""
    if not subject.is_known:
        return NOTHING_KNOWN
    rows = _FACTS.ask(client=subject.client_id, browser=subject.browser_hash)
    return next((_read(row) for row in sorted(rows, key=lambda row: row.client_id is None)), NOTHING_KNOWN)


def facts_of_clients(client_ids: Iterable[int]) -> dict[int, Facts]:
    """The same for many, in one statement; who told nothing is absent."""
    rows = db.session.scalars(select(ClientFacts).where(ClientFacts.client_id.in_(list(client_ids))))
    return {row.client_id: _read(row) for row in rows if row.client_id is not None}


def learn(subject: Subject, answers: Mapping[str, Any]) -> None:
    """The newest answers bring the facts up to date. What was said of allergies adds up; only the person takes one away."""
    known = facts_of(subject)
    told = _allergies_in(answers)
    allergies = tuple(dict.fromkeys([*known.allergies, *told]))[:MOST]
    pregnant = _is_yes(answers.get("pregnant")) or _is_yes(answers.get("breastfeeding"))
    if "pregnant" not in answers:
        pregnant = known.pregnant
    _keep(subject, allergies=allergies, pregnant=pregnant, was=known, by="answers")


def change_allergies(subject: Subject, words: Iterable[str], *, by: str) -> Facts:
    """The whole list as the person wants it. Raises Refused when it is longer than anybody's."""
    tidy = dict.fromkeys(" ".join(word.split())[:LONGEST] for word in words)
    named = tuple(word for word in tidy if word)
    if len(named) > MOST:
        raise Refused(f"Please name at most {MOST}; tell us the rest in person.", field="allergies")
    known = facts_of(subject)
    return _keep(subject, allergies=named, pregnant=known.pregnant, was=known, by=by)


def change_pregnancy(subject: Subject, *, pregnant: bool, by: str) -> Facts:
    known = facts_of(subject)
    return _keep(subject, allergies=known.allergies, pregnant=pregnant, was=known, by=by)


def adopt(browser_hash: str, client_id: int) -> None:
    """A browser's facts become the client's; allergies of both stay, for leaving one out would be the worse mistake."""
    row = db.session.scalars(select(ClientFacts).where(ClientFacts.browser_hash == browser_hash)).first()
    if row is None:
        return
    told, client = _read(row), Subject(client_id=client_id)
    changed(delete(ClientFacts).where(ClientFacts.id == row.id))
    known = facts_of(client)
    both = tuple(dict.fromkeys([*known.allergies, *told.allergies]))
    _keep(client, allergies=both, pregnant=told.pregnant or known.pregnant, was=known, by="answers")


def join(*, client_id: int, into_id: int) -> None:
    """Hears "client_joining": of one person with two files every allergy stays, and a pregnancy told in either."""
    told, into = facts_of(Subject(client_id=client_id)), Subject(client_id=into_id)
    if told == NOTHING_KNOWN:
        return
    known = facts_of(into)
    both = tuple(dict.fromkeys([*known.allergies, *told.allergies]))
    _keep(into, allergies=both, pregnant=told.pregnant or known.pregnant, was=known, by="joined")


def words_in(text: str) -> tuple[str, ...]:
    """What free words name: known names are taken out of a sentence, what nobody knows stays whole."""
    found: list[str] = []
    for piece in filter(None, (" ".join(part.split()) for part in _SPLIT.split(text))):
        found += _words_of(piece)
    return tuple(dict.fromkeys(found))[:MOST]


def _words_of(piece: str) -> list[str]:
    words = [word.strip("()\"'!?:") for word in piece.lower().split()]
    words = [word for word in words if word and word not in _FILLER]
    known, rest, place = [], [], 0
    while place < len(words):
        for length in range(min(4, len(words) - place), 0, -1):
            name = " ".join(words[place : place + length])
            if read_allergies((name,))[0].is_known:
                known.append(name)
                break
        else:
            rest.append(words[place])
            length = 1
        place += length
    return known + ([" ".join(rest)[:LONGEST]] if rest else [])


def _allergies_in(answers: Mapping[str, Any]) -> tuple[str, ...]:
    if not _is_yes(answers.get("allergy")):
        return ()
    told = [word for key, words in SAID.items() if _is_yes(answers.get(key)) for word in words]
    return (*told, *words_in(str(answers.get("allergy_words") or "")))


def _is_yes(answer: object) -> bool:
    return answer is True or str(answer).strip().lower() in ("yes", "y", "true", "1", "on")


def _keep(subject: Subject, *, allergies: tuple[str, ...], pregnant: bool, was: Facts, by: str) -> Facts:
    """`pregnant_on` is the day since which it is known."""
    since = was.pregnant_on if was.pregnant else clock.today().isoformat()
    now = Facts(allergies, pregnant, since if pregnant else "")
    row = db.session.scalars(select(ClientFacts).where(_own(subject))).first()
    if row is None:
        if not (allergies or pregnant):
            return now
        row = ClientFacts(**subject.owner)
        db.session.add(row)
    row.facts = {"allergies": list(now.allergies), "pregnant": now.pregnant, "pregnant_on": now.pregnant_on}
    row.changed_at, row.changed_by = clock.now(), by
    db.session.flush()
    return now


def _own(subject: Subject) -> Any:
    if subject.client_id is not None:
        return ClientFacts.client_id == subject.client_id
    return ClientFacts.browser_hash == subject.browser_hash


def _read(row: Any) -> Facts:
    told = row.facts or {}
    return Facts(tuple(told.get("allergies", ())), bool(told.get("pregnant")), str(told.get("pregnant_on", "")))


_OWN = or_(ClientFacts.client_id == bindparam("client"), ClientFacts.browser_hash == bindparam("browser"))
_FACTS = Question(select(ClientFacts.client_id, ClientFacts.facts).where(_OWN))
