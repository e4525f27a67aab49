"""Opened again it is looked at anew; one tap buys; what a plan opens is open for one client and a time."""

from datetime import timedelta

from sqlalchemy import select

from shop.catalog.models import Product, Variant
from shop.core.db import db
from shop.intake.models import Unlock
from shop.inventory.models import Stock
from shop.inventory.receiving import adjust
from shop.plans.models import Plan
from shop.plans.sending import withdraw_plan
from tests.plans import making
from tests.plans.making import content, essential, line
from tests.plans.reading import keep, link_in, opened, sent, series, signed_in
from tests.support import factories


def test_row_8_nine_days_later_price_stock_and_allergy_are_looked_at_again_and_one_tap_adds_three(app, nora, clock):
    said = content(
        series(),
        keep("Your own wash"),
        keep("Your own mist"),
        essential("tone-serum", substitute="SKU-CALM-SERUM"),
        essential("cream", step="moisturise"),
        essential("tinted-spf", step="protect", when="morning"),
        line("mist", step="tone"),
    )
    sent(nora, said)
    clock.shift(timedelta(days=9))
    cream = db.session.scalars(select(Variant).where(Variant.sku == "SKU-CREAM")).one()
    cream.price_minor = 2600
    db.session.scalars(select(Product).where(Product.slug == "mist")).one().inci = "Aqua, Glycerin, Limonene, Parfum"
    sell_out("SKU-TONE-SERUM")
    making.avoid(nora, "limonene")
    browser = signed_in(app, nora)
    page = browser.get("/plan").text
    assert "Solenne Cream costs £26.00 now; it was £24.00 when this was written." in page
    assert "Solenne Tone Serum is out of stock; Solenne Calm Serum takes its place for £32.00." in page
    assert "Solenne Mist was left out" in page
    goods = browser.post("/plan/bag", data={"which": "chosen", "line": ["4", "5", "6"]})
    assert goods.headers["Location"] == "/bag"
    bag = browser.get("/bag").text
    assert all(name in bag for name in ("Calm Serum", "Cream", "Tinted Spf"))
    assert "Tone Serum" not in bag.replace("Calm Serum", "")
    refused = browser.post("/plan/bag", data={"which": "chosen", "line": ["3"]})
    assert refused.status_code == 422


def sell_out(sku):
    variant = db.session.scalars(select(Variant).where(Variant.sku == sku)).one()
    stock = db.session.scalars(select(Stock).where(Stock.variant_id == variant.id)).one()
    adjust(stock, units=-stock.on_hand, reason="broken", cause=f"test:{sku}", by="the tests")


def test_a_second_tap_adds_nothing_twice(client, nora, mailbox):
    sent(nora, content(essential("cream"), line("calm-serum")))
    opened(client, link_in(mailbox, nora))
    for _ in range(2):
        client.post("/plan/bag", data={"which": "all"})
    assert client.get("/bag").text.count('name="quantity" value="1"') >= 2
    assert 'value="2"' not in client.get("/bag").text


def test_row_15_a_gated_product_is_open_for_one_client_and_twelve_months(app, client, nora, as_client, clock):
    peel = gated("pro-peel")
    plan = sent(nora, content(essential("pro-peel")))
    [unlock] = db.session.scalars(select(Unlock)).all()
    assert (unlock.product_id, unlock.begins_on.isoformat(), unlock.ends_on.isoformat()) == (
        peel.id,
        "2026-03-02",
        "2027-03-01",
    )
    own = signed_in(app, nora)
    for other in (client, as_client):
        assert other.post("/bag/lines", data={"sku": "SKU-PRO-PEEL", "quantity": "1"}).status_code == 404
        asked = other.post(
            "/bag/lines", data={"sku": "SKU-PRO-PEEL", "quantity": "1"}, headers={"Accept": "application/json"}
        )
        assert asked.status_code == 404
    assert own.post("/bag/lines", data={"sku": "SKU-PRO-PEEL", "quantity": "1"}).status_code == 303
    assert "not offered any more" not in own.get("/bag").text
    clock.move_to(clock_at(2027, 3, 2))
    again = signed_in(app, nora)
    assert "not offered any more" in again.get("/bag").text
    assert again.post("/bag/lines", data={"sku": "SKU-PRO-PEEL", "quantity": "1"}).status_code == 404
    assert plan.id


def clock_at(year, month, day):
    from datetime import UTC, datetime

    return datetime(year, month, day, 9, 30, tzinfo=UTC)


def gated(slug):
    made = factories.make_product(slug=slug, name=slug.title(), step="treat", gated=True, variants=0, price_minor=4500)
    factories.make_variant(made, sku=making.sku_of(slug), stock=5)
    return made


def test_the_unlock_ends_when_the_plan_is_taken_back(app, nora):
    gated("pro-peel")
    plan = sent(nora, content(essential("pro-peel")))
    withdraw_plan(db.session.get(Plan, plan.id), by="user:1")
    own = signed_in(app, nora)
    assert own.post("/bag/lines", data={"sku": "SKU-PRO-PEEL", "quantity": "1"}).status_code == 404


def test_a_treatment_sold_after_a_consultation_is_open_for_this_client(app, nora, as_client):
    sent(nora)
    own = signed_in(app, nora)
    assert as_client.post("/bag/lines", data={"package": "meso-pigmentation-4", "quantity": "1"}).status_code == 422
    assert own.post("/plan/bag", data={"which": "essentials"}).status_code == 303
    bag = own.get("/bag").text
    assert "begins with a consultation" not in bag
    assert "Uneven tone, 4 sessions" in bag


def test_a_guest_who_proved_the_mailbox_buys_what_is_unlocked_and_one_who_did_not_is_asked_first(client, nora, mailbox):
    sent(nora)
    opened(client, link_in(mailbox, nora))
    first = client.post("/plan/bag", data={"which": "essentials"})
    assert first.status_code == 422
    assert "confirm first that it is you" in first.text
    client.post("/plan/confirm")
    digits = next(word for word in mailbox.last(nora.email).text.split() if len(word) == 6 and word.isdigit())
    client.post("/plan/confirm/code", data={"code": digits})
    assert client.post("/plan/bag", data={"which": "essentials"}).status_code == 303
    assert "begins with a consultation" not in client.get("/bag").text
