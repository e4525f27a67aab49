"""The solutions of a record are held against the client's allergies before they are mixed, and while they are typed."""

from __future__ import annotations

import pytest

from shop.core.db import db
from shop.intake.facts import change_allergies
from shop.intake.subjects import Subject
from shop.visits.mixing import before_mixing
from tests.support.factories import make_client
from tests.visits.clinic import book_at, open_clinic


@pytest.fixture
def allergic(app, clock):
    """`allergic("soy")`: the id of a client who told so."""

    def make(*allergies):
        client = make_client()
        change_allergies(Subject(client_id=client.id), allergies, by="test")
        return client.id

    return make


@pytest.mark.parametrize(
    ("allergies", "ingredients", "expected"),
    [
        (["soy"], "Aqua, Glycine Soja Oil", [("Mix holds Glycine soja: the client is allergic to soy.", "no")]),
        (["soy"], "Aqua, Sodium Hyaluronate", []),
        (["soy"], "", [("Mix: type its ingredients first. The client is allergic to soy.", "wait")]),
        (["soy"], "Aqua, Xqzzyrl", "not every ingredient could be read"),
        ([], "Aqua, Glycine Soja Oil", []),
        (["nickel"], "Aqua", [("The client is allergic to nickel: mind the needle.", "no")]),
    ],
)
def test_each_solution_is_looked_at(allergic, allergies, ingredients, expected):
    found = before_mixing(allergic(*allergies), [{"name": "Mix", "ingredients": ingredients, "lot": "L1"}])
    if isinstance(expected, str):
        assert expected in found[0][0]
    else:
        assert found == expected


def test_an_empty_row_says_nothing(allergic):
    assert before_mixing(allergic("soy"), [{"name": "", "ingredients": "", "lot": ""}]) == []


def test_the_record_says_it_when_it_is_opened_and_while_it_is_typed(clock, as_role):
    credit = open_clinic(client=make_client())
    change_allergies(Subject(client_id=credit.client_id), ["soy"], by="test")
    visit = book_at(credit, "2026-03-02", 14)
    treating, path = as_role("practitioner"), f"/admin/visits/{visit.number}"
    typed = {"revision": "0", "solution": "Mix", "ingredients": "Aqua, Glycine Soja Oil", "lot": "L1"}
    answer = treating.post(f"{path}/draft", data=typed)
    assert answer.get_json()["warnings"] == ["Mix holds Glycine soja: the client is allergic to soy."]
    assert "the client is allergic to soy" in treating.get(f"{path}/record").text
    calm = treating.post(f"{path}/draft", data=typed | {"revision": "1", "ingredients": "Aqua"})
    assert calm.get_json()["warnings"] == []
    db.session.expire_all()
    assert "the client is allergic to soy" not in treating.get(f"{path}/record").text
