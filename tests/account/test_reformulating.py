"""The brand changes what is in the bottle: whom it concerns hears before the next bottle, without a word of why."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.admin.products.editing import change_words
from shop.bag.filling import add_box, add_variant
from shop.bag.finding import Owner
from shop.catalog.models import Brand, Product, Variant
from shop.core.attention import AttentionEntry
from shop.core.db import db
from shop.core.outbox import OutboxRow
from shop.imports.commands import import_products
from shop.intake.cupboards import add_product, finish
from shop.intake.facts import change_allergies
from shop.intake.subjects import Subject
from tests.support.factories import make_box, make_client, make_product, make_variant

CALM = (
    "Aqua, Glycerin, Panthenol, Allantoin, Squalane, Betaine, Niacinamide, Urea, Ceramide NP, Sodium Hyaluronate, "
    "Xanthan Gum, Tocopherol"
)
SCENTED = f"{CALM}, Limonene"


@pytest.fixture
def product(app, clock):
    product = make_product(slug="calm-cream", name="Calm cream", inci=CALM)
    make_variant(product, sku="CC-50", stock=5)
    db.session.commit()
    return product


def person(name, *allergies):
    client = make_client(name=name)
    if allergies:
        change_allergies(Subject(client_id=client.id), allergies, by="test")
    return client


def owner_of(product, name, *allergies):
    client = person(name, *allergies)
    add_product(client.id, product.id)
    return client


def chooses(client, product):
    add_variant(
        Owner(user_id=client.user_id),
        db.session.scalars(select(Variant.sku).where(Variant.product_id == product.id)).first(),
    )


def change(product, inci):
    change_words(db.session.get(Product, product.id), {"inci": inci}, by="user:1")
    db.session.commit()


def told(mailbox):
    return {mail.to for mail in mailbox if "something you own or chose" in mail.subject}


def said(holders, count):
    whom = f"{count} were written to, for whom a rule speaks differently now"
    return f"The ingredient list of Calm cream has changed: {holders}; {whom}."


def entries():
    return list(db.session.scalars(select(AttentionEntry.reason).where(AttentionEntry.kind == "reformulation")))


def test_only_the_allergic_are_written_to_and_the_desk_hears_how_many(product, mailbox):
    allergic = owner_of(product, "Nora", "limonene")
    owner_of(product, "Ada")
    owner_of(product, "Bea", "lanolin")
    choosing = person("Cleo", "limonene")
    chooses(choosing, product)
    change(product, SCENTED)
    assert told(mailbox) == {allergic.email, choosing.email}
    assert entries() == [said("4 people hold it", 2)]


def test_the_letter_names_the_product_and_no_reason(product, mailbox):
    owner_of(product, "Nora", "limonene")
    chooses(person("Cleo", "limonene"), product)
    change(product, SCENTED)
    letters = [mail for mail in mailbox if "something you own" in mail.subject]
    assert {("/account/cupboard" in mail.text, "/bag" in mail.text) for mail in letters} == {(True, False), (False, True)}
    for mail in letters:
        assert "Calm cream" in mail.text
        for word in ("limonene", "allerg", "no longer"):
            assert word not in (str(mail.subject) + mail.text + mail.html).lower()
    assert "imonene" not in str(entries())


def test_what_takes_an_ingredient_out_disturbs_nobody(product, mailbox):
    owner_of(product, "Nora", "panthenol", "limonene")
    change(product, "Aqua, Glycerin")
    assert told(mailbox) == set()
    assert len(entries()) == 1


def test_a_word_that_nobody_can_read_is_told_to_who_has_an_allergy(product, mailbox):
    allergic = owner_of(product, "Nora", "limonene")
    owner_of(product, "Ada")
    change(product, f"{CALM}, Xqzzyrl")
    assert told(mailbox) == {allergic.email}


def test_a_box_in_the_bag_counts_and_what_is_used_up_does_not(product, mailbox):
    boxed, over = person("Cleo", "limonene"), owner_of(product, "Nora", "limonene")
    box = make_box(db.session.scalars(select(Variant).where(Variant.product_id == product.id)).first())
    add_box(Owner(user_id=boxed.user_id), box.slug)
    finish(over.id, product_id=product.id)
    change(product, SCENTED)
    assert told(mailbox) == {boxed.email}


def test_an_import_tells_the_same_people_and_the_second_run_nobody(product, mailbox, tmp_path):
    allergic = owner_of(product, "Nora", "limonene")
    db.session.commit()
    file, brand = tmp_path / "list.csv", db.session.get(Brand, product.brand_id).name
    file.write_text(f'brand,name,sku,price,ingredients\n{brand},Calm cream,CC-50,20.00,"{SCENTED}"\n')
    for _ in range(2):
        import_products(file, out=lambda _: None)
        db.session.commit()
    assert db.session.get(Product, product.id).inci == SCENTED
    assert told(mailbox) == {allergic.email}
    assert len([mail for mail in mailbox if "something you own or chose" in mail.subject]) == 1
    assert len(entries()) == 1


def test_spaces_are_no_change_and_nobody_is_asked_about_what_nobody_holds(product, mailbox):
    change(product, f" {CALM.replace(', ', ',  ')} ")
    assert db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "product.reformulated")).all() == []
    change(product, SCENTED)
    assert told(mailbox) == set()
    assert entries() == []


def test_whoever_else_holds_products_hears_of_it_too(product, app, mailbox):
    heard = []
    handlers = app.extensions["handlers"].now
    handlers.setdefault("product.list_changed", []).append(lambda **facts: heard.append(facts) or 3)
    try:
        change(product, SCENTED)
        list(mailbox)
    finally:
        handlers["product.list_changed"].pop()
    assert heard == [{"product_id": product.id, "was": CALM, "now": SCENTED}]
    assert entries() == [said("0 people hold it; 3 open plans", 0)]
