"""The shop's own letters promise nothing either: their words are held against the claim rules."""

import re

import pytest

from shop.care.claims import lint
from tests.support.processes import ROOT

LETTERS = sorted((ROOT / "templates" / "mail").glob("*.*"))
CODE = re.compile(r"\{[%{#].*?[%}#]\}|<[^>]+>", re.DOTALL)


def words_of(text: str) -> str:
    return re.sub(r"\s+", " ", CODE.sub(" ", text))


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.name)
def test_a_letter_promises_nothing(path):
    assert [(hit.phrase, hit.rule) for hit in lint(words_of(path.read_text(encoding="utf-8")))] == []


def test_a_promise_in_a_letter_would_be_found():
    assert LETTERS
    assert lint(words_of("<p>Dear {{ name }}, results are <b>guaranteed</b>.</p>"))
