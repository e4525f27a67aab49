"""The demo clinic moves in once, whole, quickly, and with every number explained."""

from __future__ import annotations

from time import process_time

import pytest
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.catalog.models import AddOn, Box, Brand, Concern, Package, Product, ProductConcern, TeamMember, Treatment, Variant
from shop.checking import all_differences
from shop.core.db import db
from shop.core.settings import forget, setting
from shop.core.texts import LEGAL_PAGES, current_text, current_versions
from shop.demo.content import load
from shop.demo.seeding import seed
from shop.inventory.models import Lot, Stock

WHO = {"password": "three quiet harbours", "second_factor": "JBSWY3DPEHPK3PXP"}
TABLES = (Concern, Treatment, Package, AddOn, Box, Brand, Product, Variant, ProductConcern, TeamMember, Lot, Stock, User)


@pytest.fixture
def demo(app):
    people = seed(**WHO)
    db.session.commit()
    forget()
    return people


def counts() -> dict[str, int]:
    return {model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) or 0 for model in TABLES}


def test_everything_of_the_content_moves_in(app, demo):
    content, found = load(), counts()
    assert (found["concern"], found["treatment"], found["package"]) == (9, 9, len(content.packages))
    assert (found["product"], found["brand"], found["team_member"]) == (len(content.products), 8, 6)
    assert found["variant"] == sum(len(product.variants) for product in content.products)
    assert found["product_concern"] == sum(len(product.links) for product in content.products)
    assert db.session.scalars(select(Product.reading).distinct()).all() == ["assessed"]


def test_a_second_time_finds_it_as_it_was(app, demo):
    before = counts()
    assert seed(**WHO) is None
    db.session.commit()
    assert counts() == before


def test_every_number_is_explained_by_its_ledger(app, demo):
    assert all_differences() == []


def test_most_sizes_are_in_stock_and_some_are_not(app, demo):
    sizes = db.session.scalars(select(Variant.in_stock)).all()
    assert 0 < sizes.count(False) < len(sizes) / 5


def test_the_clinic_speaks_under_its_own_name(app, demo):
    assert setting("clinic.name") == load().clinic.name
    assert load().clinic.legal_name in current_text("terms").body_md
    assert set(current_versions(*LEGAL_PAGES, "consent-terms", "consent-adult", "guide").values()) == {1}


@pytest.mark.sqlite
def test_it_takes_less_than_five_seconds_of_work(app):
    began = process_time()
    seed(**WHO)
    db.session.commit()
    assert process_time() - began < 5
