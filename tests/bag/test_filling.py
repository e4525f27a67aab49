"""A bag keeps what was put in, for a guest by the browser and for a client by the sign-in, and nothing is lost between."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shop.bag.filling import MOST_LINES, empty, merge
from shop.bag.finding import Owner, draw_token, find_bag, get_or_make_bag
from shop.bag.models import Bag, BagLine
from shop.bag.reading import read_bag
from shop.catalog.models import Variant
from shop.core import clock as shop_clock
from shop.core.db import db
from tests.support.factories import (
    make_addon,
    make_box,
    make_package,
    make_product,
    make_treatment,
    make_user,
    make_variant,
)
from tests.support.journeys import fill_bag
from tests.support.racing import together
from tests.support.tills import read, sku_of


def lines():
    return [(line.quantity, line.addons) for line in read(select(BagLine).order_by(BagLine.id))]


def test_the_same_thing_twice_is_one_line_with_more_of_it(client):
    sku = sku_of(make_product(stock=9))
    for _ in range(2):
        fill_bag(client, sku=sku, quantity=2)
    assert lines() == [(4, {})]


def test_choosing_a_package_again_replaces_the_choice(client):
    treatment = make_treatment()
    package, addon = make_package(treatment), make_addon(treatments=[treatment])
    fill_bag(client, package=package.slug, addon=[f"{addon.slug}:6"])
    fill_bag(client, package=package.slug, addon=[f"{addon.slug}:2"])
    assert lines() == [(1, {addon.slug: 2})]


def test_nought_of_a_line_takes_it_out(client):
    fill_bag(client, sku=sku_of(make_product(stock=9)), quantity=2)
    line = read(select(BagLine))[0].id
    assert client.post(f"/bag/lines/{line}", data={"quantity": "0"}).status_code == 303
    assert lines() == []


def test_what_is_not_sold_never_goes_in(client):
    gated, draft = make_product(stock=1, gated=True), make_product(stock=1, state="draft")
    unsold = make_package(make_treatment(sold_as="unsold"))
    db.session.commit()
    for line in (
        {"sku": sku_of(gated)},
        {"sku": sku_of(draft)},
        {"sku": "NOWHERE"},
        {"package": unsold.slug},
        {"box": "x"},
    ):
        assert client.post("/bag/lines", data=line).status_code == 404, line
    assert lines() == []


def test_a_bag_is_full_some_time(client):
    for _ in range(MOST_LINES):
        make_product(stock=1)
    skus = list(db.session.scalars(select(Variant.sku)))
    for sku in skus:
        fill_bag(client, sku=sku, quantity=1)
    answer = client.post("/bag/lines", data={"sku": sku_of(make_product(stock=1))})
    assert answer.status_code == 422
    assert "full" in answer.text


def test_what_a_guest_chose_moves_into_the_client_s_bag_and_the_larger_number_stays(app):
    user, token = make_user(), draw_token()
    both, guests = make_variant(stock=9), make_variant(stock=9)
    for owner, variant, quantity in (
        (Owner(user_id=user.id), both, 3),
        (Owner(token=token), both, 2),
        (Owner(token=token), guests, 1),
    ):
        bag = get_or_make_bag(owner)
        db.session.add(
            BagLine(bag_id=bag.id, variant_id=variant.id, quantity=quantity, addons={}, made_at=shop_clock.now())
        )
        db.session.flush()
    merge(Owner(user_id=user.id), token)
    db.session.commit()
    assert {item.piece.id: item.quantity for item in read_bag(Owner(user_id=user.id)).items} == {both.id: 3, guests.id: 1}
    assert find_bag(Owner(token=token)) is None


def test_two_first_things_at_once_make_one_bag(app):
    token = draw_token()

    def put_in():
        try:
            get_or_make_bag(Owner(token=token))
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return "was there"
        return "made"

    assert set(together(app, [put_in] * 6)) <= {"made", "was there"}
    assert len(read(select(Bag))) == 1


def test_what_went_in_after_the_order_stays_when_the_bag_is_emptied(client, clock):
    first, second = (sku_of(make_product(stock=9)) for _ in range(2))
    fill_bag(client, sku=first, quantity=1)
    bought_at = shop_clock.now()
    clock.shift(60)
    fill_bag(client, sku=second, quantity=2)
    empty(read(select(Bag))[0].id, up_to=bought_at)
    db.session.commit()
    assert lines() == [(2, {})]


def test_stock_is_counted_over_the_whole_bag_boxes_included(client):
    variant = make_variant(stock=3)
    box = make_box(make_package(make_treatment()), variant)
    db.session.commit()
    fill_bag(client, sku=variant.sku, quantity=2)
    fill_bag(client, box=box.slug, quantity=2)
    assert "Only 3 of" in client.get("/bag").text
    assert client.get("/checkout").headers["Location"] == "/bag"


@pytest.mark.parametrize("facts", [{"quantity": 0}, {"quantity": 100}, {"variant_id": None}])
def test_the_database_refuses_a_line_that_is_no_line(app, facts):
    bag = get_or_make_bag(Owner(token=draw_token()))
    usual = {"bag_id": bag.id, "variant_id": make_variant().id, "quantity": 1, "addons": {}, "made_at": shop_clock.now()}
    db.session.add(BagLine(**usual | facts))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_a_token_that_somebody_guesses_opens_no_bag(client, app):
    fill_bag(client, sku=sku_of(make_product(stock=9)), quantity=1)
    stored = read(select(Bag))[0].token_hash
    assert read_bag(Owner(token=stored)).items == []
    assert read_bag(Owner(token="")).items == []
    assert read_bag(Owner()).items == []
