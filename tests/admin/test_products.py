"""The product desk: words that are checked, lists that are read anew, prices with a history, search that keeps up."""

import pytest
from sqlalchemy import select

from shop.catalog.models import Brand, Product, ProductConcern, Variant
from shop.core.db import db
from shop.core.history import history_of
from tests.support.factories import make_concern, make_link, make_product, make_variant
from tests.support.forms import forms


def words_form(browser, product, **typed):
    path = f"/admin/products/{product.id}"
    form = next(f for f in forms(browser.get(path).text, here=path) if "body_md" in f.names)
    return path, {**form.fields, **typed}


def size_of(product):
    return db.session.scalars(select(Variant).where(Variant.product_id == product.id).order_by(Variant.id)).first()


def size_form(browser, product, variant, **typed):
    path = f"/admin/products/{product.id}/sizes/{variant.id if variant else 'new'}"
    form = next(f for f in forms(browser.get(path).text, here=path) if "price" in f.names)
    return path, {**form.fields, **typed}


def test_words_are_saved_and_found_at_once(as_admin, client):
    product = make_product(name="Calm Serum")
    path, sent = words_form(as_admin, product, name="Still Water Serum")
    assert as_admin.post(path, data=sent).status_code == 303
    assert "Still Water Serum" in client.get("/products?q=still+water").text
    assert history_of(f"product:{product.id}")[-1].details["name"] == ["Calm Serum", "Still Water Serum"]


def test_saving_without_a_change_leaves_no_history(as_admin):
    product = make_product()
    path, sent = words_form(as_admin, product)
    before = {name: getattr(product, name) for name in ("step", "skin_types", "pao_months", "gated", "amount_per_use_ml")}
    assert as_admin.post(path, data=sent).status_code == 303
    assert history_of(f"product:{product.id}") == []
    assert before == {name: getattr(product, name) for name in before}


def test_copy_that_promises_too_much_is_named_with_a_better_sentence(as_admin):
    product = make_product()
    path, sent = words_form(as_admin, product, blurb="Heals acne overnight.")
    answer = as_admin.post(path, data=sent)
    assert answer.status_code == 422
    assert "Better:" in answer.text
    assert "Heals acne overnight." in answer.text
    assert product.blurb != "Heals acne overnight."


def test_a_draft_keeps_its_words_but_cannot_go_live_with_them(as_admin):
    product = make_product(state="draft")
    path, sent = words_form(as_admin, product, blurb="Heals acne overnight.")
    assert as_admin.post(path, data=sent).status_code == 303
    assert "Better:" in as_admin.get(path).text
    assert as_admin.post(f"{path}/state", data={"state": "live"}).status_code == 422
    _, sent = words_form(as_admin, product, blurb="A calm gel.")
    as_admin.post(path, data=sent)
    assert as_admin.post(f"{path}/state", data={"state": "live"}).status_code == 303
    assert product.state == "live"


def test_a_changed_ingredient_list_is_read_anew(as_admin):
    make_concern("pigmentation")
    product = make_product(inci="", reading="unknown", key_actives=[])
    path, sent = words_form(as_admin, product, inci="Aqua, Glycerin, Niacinamide, Panthenol")
    as_admin.post(path, data=sent)
    assert product.reading == "assessed"
    assert "NIACINAMIDE" in [name.upper() for name in product.key_actives]


def test_somebody_elses_change_is_not_overwritten(as_admin, as_role):
    product = make_product()
    path, older = words_form(as_admin, product, blurb="Mine.")
    owner = as_role("owner")
    _, sent = words_form(owner, product, blurb="Theirs.")
    owner.post(path, data=sent)
    answer = as_admin.post(path, data=older)
    assert answer.status_code == 409
    assert "Mine." in answer.text
    assert product.blurb == "Theirs."


def test_a_price_keeps_its_history_and_the_product_its_cheapest_size(as_admin):
    product = make_product(variants=2)
    variant = size_of(product)
    path, sent = size_form(as_admin, product, variant, price="19.90")
    assert as_admin.post(path, data=sent).status_code == 303
    assert (variant.price_minor, product.price_minor) == (1990, 1990)
    page = as_admin.get(path).text
    assert "£25.00" in page
    assert "£19.90" in page


def test_a_size_off_sale_does_not_make_the_price(as_admin):
    product = make_product(variants=2)
    path, sent = size_form(as_admin, product, size_of(product), price="5")
    sent.pop("is_sold")
    as_admin.post(path, data=sent)
    assert product.price_minor == 2500


@pytest.mark.parametrize(("typed", "sentence"), [
    ({"price": "12,50"}, "A comma can mean two things"),
    ({"price": "-1"}, "cannot be below zero"),
    ({"price": ""}, "What does it cost?"),
    ({"barcode": "5012345678901"}, "mistyped"),
    ({"compare_at": "1"}, "higher than the price"),
    ({"vat_percent": "x"}, "Figures, for example 20."),
    ({"price": "999999999999"}, "too large"),
])  # fmt: skip
def test_what_cannot_be_right_is_refused_and_kept(as_admin, typed, sentence):
    product = make_product()
    path, sent = size_form(as_admin, product, size_of(product), **typed)
    answer = as_admin.post(path, data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert size_of(product).price_minor == 2500


def test_a_new_size_needs_a_sku_of_its_own(as_admin):
    product, other = make_product(), make_variant()
    for sku, status in (("", 422), (other.sku, 422), ("NEW-1", 303)):
        path, sent = size_form(as_admin, product, None, price="9.50", sku=sku)
        assert as_admin.post(path, data=sent).status_code == status, sku
    assert db.session.scalars(select(Variant.price_minor).where(Variant.sku == "NEW-1")).one() == 950


def test_a_size_of_another_product_is_not_there(as_admin):
    one, other = make_product(), make_product()
    assert as_admin.get(f"/admin/products/{one.id}/sizes/{size_of(other).id}").status_code == 404


def test_a_new_product_is_a_draft_of_a_brand_that_may_be_new(as_admin, client):
    typed = {"name": "Crème Nº 2", "brand": "Maison Calme", "sku": "MC-2", "price": "24.90"}
    answer = as_admin.post("/admin/products/new", data=typed)
    assert answer.status_code == 303
    product = db.session.scalars(select(Product)).one()
    assert (product.state, product.slug, product.price_minor) == ("draft", "maison-calme-creme-no-2", 2490)
    assert db.session.scalars(select(Brand.name)).one() == "Maison Calme"
    assert client.get(f"/products/{product.slug}").status_code == 404
    assert as_admin.post("/admin/products/new", data=typed).status_code == 422


def test_a_person_links_a_concern_with_a_reason_and_takes_it_back(as_admin):
    product, concern = make_product(), make_concern("fine-lines")
    make_link(product, concern, origin="rule", role="helpful")
    path = f"/admin/products/{product.id}/links"
    typed = {"concern": "fine-lines", "phase": "between", "role": "essential", "link_reason": "Softens the look of lines."}
    assert as_admin.post(path, data=typed).status_code == 303
    link = db.session.scalars(select(ProductConcern)).one()
    assert (link.origin, link.role) == ("person", "essential")
    assert as_admin.post(f"{path}/{link.id}/remove").status_code == 303
    assert db.session.scalars(select(ProductConcern)).all() == []


@pytest.mark.parametrize(
    "typed", [{"concern": "nobody"}, {"phase": "never"}, {"link_reason": ""}, {"link_reason": "Cures melasma."}]
)
def test_a_link_that_cannot_be_is_refused(as_admin, typed):
    product = make_product()
    make_concern("fine-lines")
    good = {"concern": "fine-lines", "phase": "between", "role": "helpful", "link_reason": "Softens the look of lines."}
    assert as_admin.post(f"/admin/products/{product.id}/links", data=good | typed).status_code == 422
    assert db.session.scalars(select(ProductConcern)).all() == []


def test_an_archived_product_leaves_the_shop_and_its_search(as_admin, client):
    product = make_product(name="Quiet Gel")
    as_admin.post(f"/admin/products/{product.id}/state", data={"state": "archived"})
    assert "Quiet Gel" not in client.get("/products?q=quiet").text
    assert client.get(f"/products/{product.slug}").status_code in (404, 410)


def test_many_prices_change_as_the_preview_said(as_admin):
    products = [make_product(price_minor=minor) for minor in (1000, 1999)]
    shown = as_admin.post("/admin/products/many", data={"ids": [p.id for p in products], "act": "percent", "value": "2.5"})
    assert "£10.25" in shown.text
    assert "£20.49" in shown.text  # 2048.975, half up
    form = next(f for f in forms(shown.text, here="/admin/products/many") if "changes" in f.names)
    changes = [
        f"variant:{size_of(p).id}|{was}|{now}" for p, was, now in zip(products, (1000, 1999), (1025, 2049), strict=True)
    ]
    assert form.action == "/admin/products/many/apply"
    for _ in range(2):
        assert as_admin.post(form.action, data={"changes": changes}).status_code == 303
    assert [size_of(p).price_minor for p in products] == [1025, 2049]
    assert [p.price_minor for p in products] == [1025, 2049]


def test_what_changed_since_the_preview_is_left_and_named(as_admin):
    product = make_product()
    variant = size_of(product)
    answer = as_admin.post("/admin/products/many/apply", data={"changes": [f"variant:{variant.id}|9999|1"]})
    assert variant.price_minor == 2500
    assert "changed by somebody else" in as_admin.get(answer.headers["Location"]).text


def test_a_product_that_cannot_go_live_stays_out_of_the_change(as_admin):
    whole, empty = make_product(state="draft"), make_product(state="draft", variants=0)
    shown = as_admin.post("/admin/products/many", data={"ids": [whole.id, empty.id], "act": "live"})
    assert "1 of 2 would change" in shown.text
    assert "It has no size that is sold." in shown.text


@pytest.mark.parametrize("sent", [{}, {"act": "explode", "ids": "1"}, {"act": "percent", "ids": "1", "value": "lots"},
                                  {"act": "percent", "ids": "1", "value": "-100"}, {"act": "amount", "ids": "1", "value": ""},
                                  {"act": "live", "ids": "x"}])  # fmt: skip
def test_a_choice_that_means_nothing_says_so(as_admin, sent):
    make_product()
    answer = as_admin.post("/admin/products/many", data=sent)
    assert answer.status_code == 303
    assert "notice-no" in as_admin.get("/admin/products").text


@pytest.mark.parametrize(
    "changes", ["", "variant:1", "variant:x|1|2", "product:1|live|free", "user:1|a|b", "variant:1|1|-5"]
)
def test_forged_changes_change_nothing(as_admin, changes):
    product = make_product()
    assert as_admin.post("/admin/products/many/apply", data={"changes": changes}).status_code == 303
    assert (product.state, size_of(product).price_minor) == ("live", 2500)


def test_the_list_costs_the_same_for_two_products_and_for_thirty(as_admin, statements):
    for _ in range(2):
        make_product(stock=1)
    as_admin.get("/admin/products")
    with statements() as few:
        as_admin.get("/admin/products")
    for _ in range(28):
        make_product(variants=2, stock=1)
    with statements() as many:
        page = as_admin.get("/admin/products")
    assert page.text.count("data-row") == 30
    assert len(many) == len(few), many


def test_the_list_is_searched_by_name_brand_and_code(as_admin):
    product = make_product(name="Calm Serum")
    make_product(name="Other")
    for q in ("calm", product.brand.name, size_of(product).sku):
        page = as_admin.get("/admin/products", query_string={"q": q}).text
        assert page.count("data-row") == 1, q


def test_a_copy_is_a_draft_with_sizes_of_its_own_and_nothing_on_the_shelf(as_admin):
    product = make_product(name="Calm Cream", variants=0)
    make_variant(product, sku="CALM-50", stock=4, barcode="2140949001282", price_minor=2400)
    db.session.commit()
    answer = as_admin.post(f"/admin/products/{product.id}/duplicate")
    again = as_admin.post(f"/admin/products/{product.id}/duplicate")
    copies = db.session.scalars(select(Product).where(Product.id != product.id).order_by(Product.id)).all()
    assert [one.state for one in copies] == ["draft", "draft"]
    assert answer.headers["Location"] == f"/admin/products/{copies[0].id}"
    assert again.headers["Location"] == f"/admin/products/{copies[1].id}"
    sizes = db.session.scalars(select(Variant).where(Variant.product_id != product.id).order_by(Variant.id)).all()
    assert [(one.sku, one.barcode, one.price_minor) for one in sizes] == [
        ("CALM-50-2", None, 2400),
        ("CALM-50-3", None, 2400),
    ]
    assert not any(one.in_stock for one in copies)
    assert as_admin.get(answer.headers["Location"]).status_code == 200
    assert history_of(f"product:{copies[0].id}")[0].note == f"Like {product.slug}"
