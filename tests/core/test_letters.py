"""How letters begin: with the name somebody is called by."""

import pytest

from shop.core.templating import first_name
from tests.support import sources


@pytest.mark.parametrize(
    ("name", "begins"),
    [("Nora Beck", "Nora"), ("Nora", "Nora"), ("Dr Nora Beck", "Dr Nora Beck"), ("Mrs. Beck", "Mrs. Beck"), ("", "")],
)
def test_a_letter_begins_with_the_first_name_unless_that_is_a_title(name, begins):
    assert first_name(name) == begins


def test_every_letter_that_says_hello_says_it_by_first_name():
    letters = {path.name: path.read_text() for path in (sources.ROOT / "templates" / "mail").iterdir()}
    greeting = {name: text for name, text in letters.items() if "Hello " in text}
    assert len(greeting) > 20
    assert not [name for name, text in greeting.items() if "Hello {{ name }}" in text or "Hello ' ~ name ~" in text]
