"""A treatment whose rules nobody stands for is not sold, however its sessions came into the bag; products always are."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from shop.admin.rules import changing
from shop.bag.filling import add_package, add_variant
from shop.bag.finding import Owner
from shop.bag.reading import read_bag
from shop.catalog.models import Variant
from shop.checkout.preparing import Buyer, prepare
from shop.checkout.quoting import quote
from shop.core.db import db
from shop.core.errors import Refused
from shop.intake.signing import NOT_YET, sign
from shop.orders.models import Order, OrderLine
from tests.checkout.test_gating import BUYER
from tests.intake.test_answering import TREATMENT
from tests.support.factories import make_package, make_product, make_treatment

pytestmark = pytest.mark.usefixtures("standin", "rules_bind")


@pytest.fixture
def package(clock, app):
    package = make_package(make_treatment(TREATMENT), sessions=3)
    make_product(stock=5)
    db.session.commit()
    return package


@pytest.fixture
def bag(package, as_client):
    """Put in while the rules were signed; since then one was changed."""
    sign(TREATMENT, by="user:1")
    db.session.commit()
    owner = Owner(user_id=as_client.user.id)
    add_package(owner, package.slug)
    add_variant(owner, db.session.scalars(select(Variant.sku)).first())
    given = {"after_days": "10"}
    changing.change("windows", "retinoid", given, note="Longer.", author="Dr Ada", by="user:1")
    db.session.commit()
    return as_client


def test_an_unsigned_treatment_does_not_go_into_the_bag_and_its_page_says_so_calmly(package, client):
    page = client.get(f"/packages/{package.slug}").text
    assert NOT_YET in page
    assert "Book a consultation" in page
    answer = client.post("/bag/lines", data={"package": package.slug, "quantity": 1})
    assert answer.status_code == 422
    assert NOT_YET in answer.text
    sign(TREATMENT, by="user:1")
    db.session.commit()
    assert NOT_YET not in client.get(f"/packages/{package.slug}").text
    assert client.post("/bag/lines", data={"package": package.slug, "quantity": 1}).status_code == 303


@pytest.mark.parametrize("for_whom", [{}, {"for_me": "no", "other_name": "Nora", "other_email": "nora@example.com"}])
def test_what_is_in_the_bag_waits_there_and_the_product_is_sold(bag, for_whom):
    assert NOT_YET in bag.get("/bag").text
    answer = bag.post("/checkout", data=BUYER | {"adult": ""} | for_whom)
    assert "/c/pay/" in answer.location
    assert set(db.session.scalars(select(OrderLine.kind))) == {"variant"}


def test_the_new_signature_opens_the_payment(bag):
    sign(TREATMENT, by="user:1")
    db.session.commit()
    assert "/c/pay/" in bag.post("/checkout", data=BUYER).location
    assert "package" in set(db.session.scalars(select(OrderLine.kind)))


def test_a_changed_rule_about_words_asks_for_no_new_signature(package, client):
    sign(TREATMENT, by="user:1")
    changing.change("claims", "guaranteed", {"why": "Nobody can."}, note="Shorter.", author="Dr Ada", by="user:1")
    db.session.commit()
    assert client.post("/bag/lines", data={"package": package.slug, "quantity": 1}).status_code == 303


def test_no_way_around_the_bag_leads_to_an_order(bag):
    """A plan, the desk and an exchange all prepare an order by this one door."""
    quoted = quote(read_bag(Owner(user_id=bag.user.id)), country="GB", delivery="collect")
    buyer = Buyer("a@example.com", "Ann", "", "collect", {}, "GB", None, [])
    with pytest.raises(Refused, match="Our medical lead"):
        prepare(quoted, buyer, bag_id=None, mark="m")
    assert db.session.scalar(select(Order.id)) is None


def test_the_medical_lead_signs_all_at_once(package, as_role):
    make_treatment("meso-scars")
    lead = as_role("medical-lead")
    assert "Sign all of them" in lead.get("/admin/rules").text
    assert lead.post("/admin/rules/signatures").status_code == 303
    page = lead.get("/admin/rules").text
    assert "not signed" not in page
    assert "Sign all of them" not in page
    assert as_role("owner").post("/admin/rules/signatures").status_code == 403
