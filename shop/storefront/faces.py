"""The people of the clinic as pages show them, and who of them looks after what by how their own page describes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shop.catalog.models import TeamMember

PORTRAIT = {"skin": "", "hair": "bob", "hair_colour": "", "top": "", "glasses": False, "beard": False}
LITTLE_WORDS = frozenset({"and", "the", "look", "skin", "of", "hair", "care", "small", "dark", "dry", "even"})


@dataclass(slots=True)
class Face:
    """A person of the team; `portrait` says how to draw them until the clinic uploads a photograph."""

    slug: str
    name: str
    role: str
    bio: str
    image: str
    portrait: dict[str, Any]


def face_of(person: TeamMember) -> Face:
    return Face(person.slug, person.name, person.role, person.bio, "", PORTRAIT | person.portrait)


def looks_after(person: TeamMember | Face, concerns: Iterable[Any]) -> list[Any]:
    """The concerns that the person's role or text speaks of."""
    said = set(_words(f"{person.role} {person.bio}"))
    return [concern for concern in concerns if _speaks_of(concern, said)]


def looks_after_concern(team: Sequence[Face], concern: Any) -> Face | None:
    """The first who looks after it, else the first consultant, else anybody."""
    own = [person for person in team if looks_after(person, [concern])]
    consultants = [person for person in team if "consultant" in person.role.lower()]
    return next(iter([*own, *consultants, *team]), None)


def _speaks_of(concern: Any, said: set[str]) -> bool:
    """Every telling word of the key, of a part of the name, or of the label."""
    wordings = [concern.slug.replace("-", " "), concern.label, *re.split(r",| and ", concern.name)]
    telling = [{_stem(word) for word in _words(wording)} - LITTLE_WORDS for wording in wordings]
    stems = {_stem(word) for word in said}
    return any(words and words <= stems for words in telling)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-zé]+", text.lower())


def _stem(word: str) -> str:
    return word.removesuffix("s") if len(word) > 4 else word
