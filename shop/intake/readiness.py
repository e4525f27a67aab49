"""Whether a client may be treated now: answers, signed consent, and a trial where one is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shop.core import clock
from shop.core.templating import day
from shop.intake.consenting import unsigned
from shop.intake.models import PatchTest
from shop.intake.patch_testing import is_needed, tests_of
from shop.intake.standing import Standing, standings
from shop.intake.subjects import Subject


@dataclass(frozen=True)
class Problem:
    """Why "treat" is not offered. `kind`: answers, consent or patch test; the sentence names no answer."""

    kind: str
    about: str
    sentence: str


def ready_for_treatment(client_id: int, treatment: str, addons: Iterable[str] = ()) -> list[Problem]:
    """Everything that is missing, in the order in which it is settled; empty when the client may be treated."""
    abouts = [f"treatment:{treatment}", *(f"addon:{slug}" for slug in dict.fromkeys(addons))]
    standing = standings(Subject(client_id=client_id), [treatment])[treatment]
    return [
        *_answers(standing),
        *(
            Problem("consent", one.about, f"The consent for {_said(one.about)} is not signed.")
            for one in unsigned(client_id, abouts)
        ),
        *_patch_tests(client_id, [about for about in abouts if is_needed(about)]),
    ]


def _answers(standing: Standing) -> list[Problem]:
    if standing.is_payable:
        return []
    about = f"treatment:{standing.treatment}"
    if standing.decision == "wait" and standing.until is not None:
        return [Problem("answers", about, f"The answers say: not before {day(standing.until)}.")]
    words = {
        "unanswered": "There are no valid answers to the health questions.",
        "letter": "A letter is to be read and signed off first.",
    }
    return [Problem("answers", about, words.get(standing.decision, "The answers speak against it."))]


def _patch_tests(client_id: int, needed: Sequence[str]) -> list[Problem]:
    if not needed:
        return []
    latest: dict[str, PatchTest] = {}
    for test in tests_of(client_id):
        latest.setdefault(test.about, test)
    said = ((about, _said_of(latest.get(about))) for about in needed)
    return [Problem("patch test", about, f"Trial for {_said(about)}: {why}.") for about, why in said if why]


def _said_of(test: PatchTest | None) -> str:
    """What is wrong with the newest trial, or nothing."""
    if test is None:
        return "none was made"
    if test.read_on is None or test.expires_on is None:
        return "it was not read yet"
    if test.content.get("result") != "clear":
        return "a person decides by its result"
    return f"its time ended on {day(test.expires_on)}" if test.expires_on < clock.today() else ""


def _said(about: str) -> str:
    kind, _, slug = about.partition(":")
    return slug.removeprefix("meso-").replace("-", " ") if kind == "addon" else "this treatment"
