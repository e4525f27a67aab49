"""Imported rows become products once: the second time nothing happens, and nothing comes in by halves."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from shop.catalog.models import Brand, Handle, Product, ProductFacet, Variant
from shop.catalog.publishing import set_product_state
from shop.core.db import db
from shop.core.errors import Refused
from shop.imports.commands import import_products, read_map
from shop.inventory.models import Stock, StockMovement
from tests.imports.tables import outside
from tests.support.factories import make_concern, make_link, make_product, make_variant

HEADER = "brand,name,type,size,sku,price,was,stock,ingredients"
CREAM = 'Harbour,Calm Cream,Moisturizer,50 ml,CC-50,20.00,,4,"Aqua, Glycerin, Panthenol, Ceramide NP"'
LARGE = 'Harbour,Calm Cream,Moisturizer,100 ml,CC-100,35.00,40.00,0,"Aqua, Glycerin, Panthenol, Ceramide NP"'


@pytest.fixture
def bring(app, tmp_path):
    """Import these rows; answers with the report and everything it said."""

    def bring(*rows: str, header: str = HEADER, **how):
        path = tmp_path / "catalogue.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        said: list[str] = []
        report = import_products(path, out=said.append, **how)
        return report, said

    return bring


def counted(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def product(slug: str) -> Product:
    return db.session.scalars(select(Product).where(Product.slug == slug)).one()


def variant(sku: str) -> Variant:
    return db.session.scalars(select(Variant).where(Variant.sku == sku)).one()


def test_a_new_product_comes_with_sizes_stock_and_what_its_list_says(app, bring):
    make_concern("hydration")
    report, _ = bring(CREAM, LARGE)
    assert dict(report.products) == {"new": 1}
    made = product("harbour-calm-cream")
    assert (made.state, made.step, made.reading, made.price_minor, made.in_stock) == (
        "live",
        "moisturise",
        "assessed",
        2000,
        True,
    )
    assert (variant("CC-50").in_stock, variant("CC-100").in_stock) == (True, False)
    assert variant("CC-100").compare_at_minor == 4000
    assert db.session.scalar(select(Stock.on_hand).where(Stock.variant_id == variant("CC-50").id)) == 4
    kinds = {value for kind, value in db.session.execute(select(ProductFacet.kind, ProductFacet.value)) if kind == "class"}
    assert kinds >= {"humectant", "ceramide"}


def test_a_concern_is_linked_by_the_line_of_an_ingredient(app, bring):
    concern = make_concern("hydration")
    bring(CREAM)
    [link] = db.session.execute(select(Product.inci, *link_columns()).join(Product.links)).all()
    assert (link.concern_id, link.origin) == (concern.id, "rule")
    assert link.inci.upper().split(", ")[link.line - 1] == link.active


def link_columns():
    from shop.catalog.models import ProductConcern as Link

    return Link.concern_id, Link.origin, Link.line, Link.active


def test_the_second_time_nothing_happens(app, bring):
    make_concern("hydration")
    bring(CREAM, LARGE)
    before = [counted(model) for model in (Product, Variant, Brand, StockMovement, Handle)]
    report, said = bring(CREAM, LARGE)
    assert dict(report.products) == {"same": 1}
    assert [counted(model) for model in (Product, Variant, Brand, StockMovement, Handle)] == before
    assert not [line for line in said if line.startswith("row")]


def test_a_dry_run_says_the_same_and_saves_nothing(app, bring):
    report, said = bring(CREAM, dry_run=True)
    assert dict(report.products) == {"new": 1}
    assert said[-1] == "Dry run: nothing was saved."
    assert (counted(Product), counted(Brand)) == (0, 0)


def test_a_change_is_told_in_words_and_made(app, bring):
    bring(CREAM)
    changed = CREAM.replace("20.00", "22.50").replace("50 ml", "50 millilitres")
    _, said = bring(changed, dry_run=True)
    assert "CC-50 name 50 ml → 50 millilitres; CC-50 price £20.00 → £22.50" in said[1]
    assert variant("CC-50").price_minor == 2000
    report, _ = bring(changed)
    assert dict(report.products) == {"changed": 1}
    assert (variant("CC-50").price_minor, product("harbour-calm-cream").price_minor) == (2250, 2250)


def test_an_old_file_does_not_undo_what_was_sold_since(app, bring):
    bring(CREAM)
    report, _ = bring(CREAM.replace(",4,", ",40,"))
    assert dict(report.products) == {"same": 1}
    assert db.session.scalar(select(Stock.on_hand)) == 4


def test_a_size_that_is_no_longer_in_the_file_is_no_longer_sold_and_comes_back(app, bring):
    bring(CREAM, LARGE)
    _, said = bring(LARGE)
    assert "CC-50 is no longer in the file" in said[1]
    assert (variant("CC-50").is_sold, product("harbour-calm-cream").price_minor) == (False, 3500)
    _, said = bring(CREAM, LARGE)
    assert "CC-50 sold again" in said[1]
    assert product("harbour-calm-cream").price_minor == 2000


def test_a_sku_of_another_product_keeps_the_whole_product_out(app, bring):
    make_variant(make_product(name="Old Cream"), sku="CC-100")
    report, _ = bring(CREAM, LARGE)
    assert [(r.row, r.sentence) for r in report.rejected] == [(3, "The SKU CC-100 belongs to Old Cream already.")]
    assert dict(report.products) == {}
    assert not db.session.scalars(select(Variant).where(Variant.sku == "CC-50")).all()


def test_what_is_no_list_is_not_kept_and_not_assessed(app, bring):
    make_concern("hydration")
    row = 'Harbour,Mystery,Moisturizer,,M-1,9,,,"Visit the Harbour boutique"'
    report, said = bring(row)
    assert (product("harbour-mystery").inci, product("harbour-mystery").reading) == ("", "unknown")
    assert "“Visit the Harbour boutique” is no list of ingredients; it is not assessed." in said[1]
    assert counted(ProductFacet) == 0
    report, _ = bring(row)
    assert dict(report.products) == {"same": 1}


def test_a_link_that_a_person_made_stays(app, bring):
    concern = make_concern("scars")
    bring(CREAM)
    make_link(product("harbour-calm-cream"), concern, phase="prepare", origin="person")
    db.session.commit()
    bring(CREAM.replace("Panthenol", "Allantoin"))
    links = db.session.execute(select(*link_columns())).all()
    assert sorted(link.origin for link in links) == ["person", "rule"]
    assert product("harbour-calm-cream").reading == "assessed"


def test_stock_may_be_given_for_a_file_that_has_none(app, bring):
    bring("Harbour,Calm Cream,20", header="brand,name,price", stock=7)
    assert db.session.scalar(select(Stock.on_hand)) == 7


def test_the_address_of_the_former_shop_leads_here(app, bring):
    header = "Type,SKU,Name,Published,Regular price,Sale price,Stock,In stock?"
    bring("simple,CC,Calm Cream,1,20,,3,1", header=header)
    assert db.session.get(Handle, "/product/calm-cream").new_path == "/products/calm-cream"


def test_a_product_known_by_its_sku_keeps_its_address_and_the_files_address_leads_to_it(app, bring):
    make_variant(make_product(slug="calm", name="Calm"), sku="CC")
    bring("calm-cream,Calm,CC,20.00", header="Handle,Title,Variant SKU,Variant Price")
    assert product("calm").name == "Calm"
    assert db.session.get(Handle, "/products/calm-cream").new_path == "/products/calm"
    report, _ = bring("calm-cream,Calm,CC,20.00", header="Handle,Title,Variant SKU,Variant Price")
    assert dict(report.products) == {"same": 1}


def test_another_currency_is_said_and_one_with_other_decimals_refused(app, bring):
    _, said = bring(CREAM, currency="USD", dry_run=True)
    assert "the numbers are taken as they stand" in said[1]
    with pytest.raises(Refused, match="other decimals"):
        bring(CREAM, currency="JPY")


def test_an_unknown_format_or_map_is_refused_before_anything_is_saved(app, bring):
    for how in ({"fmt": "magento"}, {"mapping": {"a": "b"}}, {"key": ["ean"]}):
        with pytest.raises(Refused):
            bring(CREAM, **how)
    assert counted(Product) == 0


def test_a_map_is_read_from_one_word_of_the_shell():
    assert read_map("name=Title, inci = Ingredients") == {"name": "Title", "inci": "Ingredients"}
    with pytest.raises(Refused, match="Title has no equals sign"):
        read_map("Title")


def test_the_dirty_shopify_export_comes_in_and_the_second_time_nothing_happens(app):
    path = outside("import/shopify2017_bicycles.csv")
    first = import_products(path, currency="GBP")
    assert (first.products["new"], first.rejected_products) == (counted(Product), 284 - counted(Product))
    assert db.session.scalar(select(func.min(Stock.on_hand))) >= 0
    second = import_products(path, currency="GBP")
    assert dict(second.products) == {"same": first.products["new"]}
    assert len(second.rejected) == len(first.rejected)


@pytest.mark.sqlite
def test_the_real_catalogue_comes_in_whole_and_the_second_time_nothing_happens(app):
    path = outside("catalogue/sephora_cosmetic_p.csv")
    for slug in ("hydration", "pigmentation", "fine-lines", "hair-thinning"):
        make_concern(slug)
    how = {"currency": "USD", "stock": 20, "key": ["brand", "name"]}
    first = import_products(path, **how)
    assert (first.products["new"], first.rejected) == (1472, [])
    assert first.readings["unknown"] >= 143
    assert sum("no list of ingredients" in note.sentence for note in first.noted) >= 143
    linked = select(func.count(Product.id)).where(Product.links.any())
    assert db.session.scalar(linked.where(Product.reading == "unknown")) == 0
    assert db.session.scalar(linked) > 800
    second = import_products(path, **how)
    assert dict(second.products) == {"same": 1472}


def test_copy_that_promises_too_much_is_not_taken_over_and_named_with_a_better_sentence(bring):
    header, row = f"{HEADER},description", CREAM
    _, said = bring(f"{row},Melts fat and removes toxins", header=header)
    assert product("harbour-calm-cream").body_md == ""
    [line] = [line for line in said if "toxins" in line]
    assert "This text was not taken over." in line
    assert "Better:" in line
    bring(f"{row},A calm cream", header=header)
    assert product("harbour-calm-cream").body_md == "A calm cream"
    bring(f"{row},Guaranteed results", header=header)
    assert product("harbour-calm-cream").body_md == "A calm cream"


def test_a_name_that_promises_too_much_waits_as_a_draft_that_no_file_puts_live(bring):
    header = f"{HEADER},state"
    row = CREAM.replace("Calm Cream", "Detox Calm Cream")
    _, said = bring(f"{row},live", header=header)
    [line] = [line for line in said if "“Detox”" in line]
    assert "Better:" in line
    assert "It comes in as a draft, which nobody can buy" in line
    made = product("harbour-detox-calm-cream")
    assert (made.state, made.name) == ("draft", "Detox Calm Cream")
    report, said = bring(f"{row},live", header=header)
    assert dict(report.products) == {"same": 1}
    assert any("“Detox”" in line for line in said)
    made.name = "Charcoal Calm Cream"
    set_product_state(made, "archived", by="user:1")
    db.session.commit()
    bring(f"{row},live", header=header)
    assert (product(made.slug).state, product(made.slug).name) == ("live", "Charcoal Calm Cream")
    made.name = "Miracle Calm Cream"
    set_product_state(made, "archived", by="user:1")
    db.session.commit()
    bring(f"{row},live", header=header)
    assert (product(made.slug).state, product(made.slug).name) == ("archived", "Miracle Calm Cream")


def test_a_product_on_sale_is_not_renamed_to_a_promise_and_stays_on_sale(bring):
    bring(CREAM)
    _, said = bring(CREAM.replace("Calm Cream", "Miracle Calm Cream") + ",harbour-calm-cream", header=f"{HEADER},handle")
    assert any("“Miracle”" in line and "The name was not taken over." in line for line in said)
    made = product("harbour-calm-cream")
    assert (made.state, made.name) == ("live", "Calm Cream")
