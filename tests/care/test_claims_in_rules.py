import pytest

from shop.care.claims import lint
from shop.care.rule_files import read_rules

# A form that asks about medicines has to name them; nobody is offered one there.
ASKED = {"prescription", "prescription-substance"}


def sentences(part):
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, value in part.items():
            if key not in ("sources", "source", "id", "refuse", "never", "phrases", "classes"):
                yield from sentences(value)
    elif isinstance(part, list):
        for value in part:
            yield from sentences(value)


@pytest.mark.parametrize("name", ["screening", "questions", "aftercare", "aftercare_days", "aftercare_signs", "matching"])
def test_the_rules_speak_without_claims(name):
    hits = [hit for sentence in sentences(dict(read_rules(name))) for hit in lint(sentence)]
    assert [hit.phrase for hit in hits if hit.rule not in ASKED] == []
