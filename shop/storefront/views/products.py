"""The product list and each product."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import render_template, request

from shop.catalog import facets
from shop.catalog.cards import Card
from shop.catalog.facet_reading import CAP, Counts, count
from shop.catalog.filters import SORTS, Filters, read_filters
from shop.catalog.finding import cards_beside
from shop.catalog.listing import list_products
from shop.catalog.picturing import pictures_of
from shop.catalog.search import typed_values
from shop.catalog.words import STEPS
from shop.core.keeping import kept
from shop.core.templating import rendered
from shop.reviews.reading import rating_data, reviews_of
from shop.storefront import product_words as words
from shop.storefront.caring import care_of_product, with_care
from shop.storefront.forms import NoticeForm
from shop.storefront.hearts import hearts_of
from shop.storefront.money_words import country, currency
from shop.storefront.pages import bp
from shop.storefront.product_reading import Read, Size, chosen_size, read_product
from shop.storefront.promises import delivery_words
from shop.storefront.structured import product_data, trail_data, written
from shop.visits.skin_days import own_calendar

BESIDE = 4
TEXTURES = ("gel", "cream", "oil", "water", "balm", "foam", "powder")
INTRO = "Chosen by our consultants for the days between sessions. Full ingredient lists, whole prices."
ONLY_ASSESSED = "Only products whose list was read to the last name are shown; what is not assessed is left out."


@bp.get("/products")
def products() -> Any:
    filters = read_filters(request.args, currency=currency())
    after = request.args.get("after", "")
    typed = typed_values(filters.q) if filters.q else None
    page = list_products(filters, currency=currency(), after=after, typed=typed)
    counts = count(filters, typed=typed)
    cards, care = with_care(page.cards)
    return render_template(
        "storefront/products.html",
        heading=_heading(filters, counts),
        intro=f"{INTRO} {ONLY_ASSESSED}" if filters.free_from else INTRO,
        groups=facets.groups(filters, counts, currency=currency()),
        facets_keep={name: value for name, value in filters.pairs() if name in ("q", "sort")},
        sort_keep=filters.pairs(sort=False),
        sorts=list(SORTS.items()),
        sort=filters.sort,
        chosen=[
            (facets.said(kind, value, counts, currency=currency()), filters.without(kind, value).address())
            for kind, value in filters.chosen
        ],
        count_words=_count_words(counts.total),
        cards=cards,
        kept=hearts_of(card.id for card in cards),
        care=care,
        here=request.full_path.rstrip("?"),
        next_url=filters.address(after=page.after) if page.after else "",
        first_url=filters.address() if after else "",
    )


@bp.get("/products/<slug>")
def product(slug: str, *, notice_form: NoticeForm | None = None) -> Any:
    code = currency()
    read = read_product(slug, currency=code)
    chosen = chosen_size(read.sizes, request.args.get("sku", ""))
    printed = words.read_list(read.product.inci)
    whys = words.whys(read.links, printed)
    sentence, kind = words.care_sentence(read.product, read.classes)
    calendar = own_calendar()
    own = care_of_product(read.product.inci, calendar)
    reviews = reviews_of(read.product.id, gated=read.product.gated, after=request.args.get("reviews_after", ""))
    return render_template(
        "storefront/product.html",
        product=_page(read, chosen, whys, printed),
        variants=read.sizes,
        chosen=chosen,
        ingredients=words.marked(printed, whys),
        product_html=rendered(read.product.body_md),
        delivery_words=delivery_words(country(), currency=code),
        care_sentence=own.text if own else sentence,
        care_kind=own.kind if own else kind,
        care_rules=own.rules if own else (),
        has_calendar=calendar is not None,
        slug=slug,
        notice_form=notice_form or (NoticeForm(formdata=None) if chosen and chosen.most <= 0 else None),
        related=_related(read, whys),
        reviews=reviews,
        kept=hearts_of([read.product.id]),
        product_id=read.product.id,
        json_ld=written(
            product_data(read.product, slug, read.sizes, currency=code) | rating_data(reviews),
            trail_data(("Products", "/products"), (read.product.name, f"/products/{slug}")),
        ),
    )


def _page(read: Read, chosen: Size | None, whys: list[words.Why], printed: words.List) -> Any:
    product = read.product
    facts = (
        ("Once opened", f"Use within {product.pao_months} months" if product.pao_months else ""),
        ("Responsible person", product.responsible_person),
        ("Barcode", chosen.barcode if chosen else ""),
        ("Article", chosen.sku if chosen else ""),
    )
    return SimpleNamespace(
        name=product.name,
        blurb=product.blurb,
        step=product.step,
        drawing=product.drawing,
        texture=product.texture if product.texture in TEXTURES else "cream",
        how_to_use=product.how_to_use,
        warnings=product.warnings,
        gated=product.gated,
        brand_name=product.brand_name,
        brand_slug=product.brand_slug,
        step_word=STEPS.get(product.step or "", ""),
        images=pictures_of(product.id) if product.drawing.get("picture") else (),
        key_actives=words.actives_of(product.key_actives, read.links, printed),
        whys=whys,
        hue=whys[0].hue if whys else 15,
        lasts_words=words.lasts_words(product, chosen),
        reading_words=words.READING.get(product.reading, ""),
        facts=[(term, said) for term, said in facts if said],
        goes_with_words=words.session_words(read.classes),
    )


def _related(read: Read, whys: list[words.Why]) -> list[Card]:
    """Of the concern it serves first; every page of that concern and step shows the same few."""
    if not whys:
        return []
    concern_id, step = whys[0].concern_id, read.product.step
    cards = kept(f"beside:{concern_id}:{step}", lambda _: cards_beside(concern_id, step, currency=currency()))
    return [card for card in cards if card.id != read.product.id][:BESIDE]


def _heading(filters: Filters, counts: Counts) -> str:
    """A list of one concern is headed by its cosmetic label."""
    for kind in ("concern", "brand", "step"):
        values = getattr(filters, kind)
        if len(values) == 1 and len(filters.chosen) == 1:
            return facets.said(kind, values[0], counts)
    return "Products"


def _count_words(total: int | None) -> str:
    if total is None:
        return f"More than {CAP:,} products"
    return f"{total:,} product{'' if total == 1 else 's'}"
