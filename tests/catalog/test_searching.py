"""What people type finds what they mean: on both databases, misspelt, begun, or by a number on the box."""

from __future__ import annotations

import pytest

from shop.catalog import indexing
from shop.catalog.models import Synonym
from shop.catalog.search import find
from shop.core.db import db
from tests.support import factories


@pytest.fixture
def shelf(app):
    """Three products of two brands with their index."""
    brand = factories.make_brand(name="Solenne", slug="solenne")
    retinol = factories.make_product(slug="night", name="Night Retinol", brand=brand, step="treat", popularity=10)
    calm = factories.make_product(
        slug="calm", name="Moss Serum", blurb="With retinol-free comfort.", brand=brand, popularity=90
    )
    cream = factories.make_product(slug="creme", name="Crème Légère", inci="Aqua, Sodium Hyaluronate", popularity=50)
    db.session.add(Synonym(word="vitamin a", means="retinol"))
    indexing.rebuild()
    db.session.commit()
    return {"retinol": retinol, "calm": calm, "cream": cream}


def found(q: str) -> list[str]:
    return [card.slug for card in find(q, currency="GBP").cards]


def test_a_name_comes_before_a_word_in_the_text(shelf):
    assert found("retinol") == ["night", "calm"]


def test_a_begun_word_is_enough(shelf):
    assert found("reti") == ["night", "calm"]


def test_every_word_counts(shelf):
    assert found("solenne moss") == ["calm"]
    assert found("solenne legere") == []


def test_accents_and_plurals_do_not_matter(shelf):
    assert found("creme legere") == ["creme"]
    assert found("MOSS SERUMS") == ["calm"]


def test_a_word_of_the_street_finds_the_catalogues(shelf):
    assert "night" in found("vitamin a")


@pytest.mark.parametrize("typed", ["retnol", "reitnol", "retinoll", "ratinol"])
def test_a_misspelt_word_is_corrected_and_said(shelf, typed):
    page = find(typed, currency="GBP")
    assert [card.slug for card in page.cards] == ["night", "calm"]
    assert page.corrected == "retinol"


def test_what_has_hits_is_not_corrected(shelf):
    assert find("retinol", currency="GBP").corrected == ""


def test_the_number_on_the_box_comes_first(shelf):
    variant = factories.make_variant(shelf["cream"], sku="RETINOL-X", barcode="2130812001495")
    indexing.update([shelf["cream"].id])
    assert found("retinol-x")[0] == "creme"
    assert found("2130812001495") == ["creme"]
    assert variant.sku


def test_a_change_shows_at_once(shelf):
    shelf["calm"].name = "Quiet Milk"
    shelf["calm"].popularity = 5
    indexing.update([shelf["calm"].id])
    assert found("quiet milk") == ["calm"]
    assert found("moss") == []


def test_a_product_taken_off_is_not_found_any_more(shelf):
    shelf["calm"].state = "archived"
    indexing.update([shelf["calm"].id])
    assert found("moss") == []


def test_an_update_leaves_the_index_as_a_rebuild_would(shelf):
    from sqlalchemy import text

    shelf["calm"].name = "Quiet Milk"
    indexing.update([product.id for product in shelf.values()])
    terms = text("select term, n from search_term order by term")
    updated = db.session.execute(terms).all()
    parts = db.session.execute(text("select count(*) from search_trigram")).scalar()
    indexing.rebuild()
    assert {row.term for row in updated} == {row.term for row in db.session.execute(terms)}
    assert dict(map(tuple, updated)) == dict(map(tuple, db.session.execute(terms)))
    assert parts == db.session.execute(text("select count(*) from search_trigram")).scalar()
