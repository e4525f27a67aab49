"""One letter about a bag that was left, to whoever asked for it; never after buying, never beside a case, naming nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shop.accounts.wanting import choose
from shop.bag.filling import add_package, add_variant, set_quantity
from shop.bag.finding import Owner
from shop.cases.opening import open_case
from shop.core.db import db
from shop.core.settings import change_setting, forget
from shop.working import sweep_all
from tests.account.things import make_order
from tests.support.factories import make_client, make_package, make_product, make_treatment, make_variant

DAY = timedelta(days=1)


@pytest.fixture
def person(clock, app):
    for key, value in (("reminders.bag", True), ("intake.binds", False)):
        change_setting(key, value, by="the tests")
    db.session.commit()
    forget()
    person = make_client(name="Nora Beck", email="nora@example.com")
    choose(person.id, "reminders", wants=True, by="client")
    return person


def fill(person, product=None):
    variant = make_variant(product or make_product(name="Quiet Cream"), stock=3)
    add_variant(Owner(user_id=person.user_id), variant.sku)
    db.session.commit()


def letters(mailbox):
    db.session.commit()
    sweep_all()
    return mailbox.to("nora@example.com")


def test_one_letter_a_day_after_and_never_a_second_for_the_same_bag(person, mailbox, clock):
    fill(person)
    clock.shift(DAY - timedelta(minutes=1))
    assert letters(mailbox) == []
    clock.shift(timedelta(minutes=1))
    [letter] = letters(mailbox)
    for _ in range(10):
        clock.shift(DAY)
        assert len(letters(mailbox)) == 1
    assert "in your bag" in letter.subject


def test_it_names_nothing_that_is_in_the_bag(person, mailbox, clock):
    fill(person)
    treatment = make_treatment("meso-pigmentation", name="Pigmentation series")
    package = make_package(treatment, name="Six for melasma", slug="meso-pigmentation-6")
    add_package(Owner(user_id=person.user_id), package.slug)
    clock.shift(DAY)
    [letter] = letters(mailbox)
    said = (letter.subject + letter.text).lower()
    assert not [word for word in ("pigment", "melasma", "six for", "session", "treatment", "quiet cream") if word in said]


def test_a_bag_with_nothing_but_what_is_private_is_left_alone(person, mailbox, clock):
    package = make_package(make_treatment("meso-lines"), slug="meso-lines-6")
    add_package(Owner(user_id=person.user_id), package.slug)
    gated = make_product(gated=True)
    from sqlalchemy import select

    from shop.bag.models import Bag, BagLine

    bag = db.session.scalars(select(Bag)).one()
    line = {"quantity": 1, "addons": {}, "made_at": bag.made_at}
    db.session.add(BagLine(bag_id=bag.id, variant_id=make_variant(gated).id, **line))
    clock.shift(DAY)
    assert letters(mailbox) == []


def test_nobody_is_reminded_who_did_not_ask(person, mailbox, clock):
    choose(person.id, "reminders", wants=False, by="client")
    silent = make_client(email="silent@example.com")
    fill(person)
    fill(silent)
    clock.shift(DAY)
    assert letters(mailbox) == []
    assert mailbox.to("silent@example.com") == []


def test_one_click_ends_it(person, mailbox, clock, client):
    fill(person)
    clock.shift(DAY)
    [letter] = letters(mailbox)
    path = letter.link("/letters/")
    assert client.post(path).status_code == 303
    clock.shift(31 * DAY)
    fill(person)
    clock.shift(DAY)
    assert len(letters(mailbox)) == 1


def test_whoever_bought_since_or_emptied_the_bag_is_left_alone(person, mailbox, clock):
    other = make_client(email="other@example.com")
    choose(other.id, "reminders", wants=True, by="client")
    fill(person)
    fill(other)
    from sqlalchemy import select

    from shop.bag.models import Bag, BagLine

    line = select(BagLine.id).join(Bag, Bag.id == BagLine.bag_id).where(Bag.user_id == other.user_id)
    set_quantity(Owner(user_id=other.user_id), db.session.scalars(line).one(), quantity=0)
    clock.shift(timedelta(hours=2))
    make_order(person)
    clock.shift(DAY)
    assert letters(mailbox) == []
    assert mailbox.to("other@example.com") == []


def test_nothing_goes_out_while_a_case_is_open(person, mailbox, clock):
    fill(person)
    case = open_case("parcel", client_id=person.id, cause="c", by="user:1", words="Broken.")
    clock.shift(DAY)
    assert letters(mailbox) == []
    case.closed_at, case.closed_by, case.outcome = case.opened_at, "user:1", {"result": "solved", "words": ""}
    assert len(letters(mailbox)) == 1


def test_a_new_bag_is_spoken_of_a_month_later_at_the_earliest(person, mailbox, clock):
    fill(person)
    clock.shift(DAY)
    assert len(letters(mailbox)) == 1
    clock.shift(5 * DAY)
    fill(person)
    clock.shift(2 * DAY)
    assert len(letters(mailbox)) == 1
    clock.shift(25 * DAY)
    fill(person)
    clock.shift(DAY)
    assert len(letters(mailbox)) == 2


def test_an_old_bag_and_a_clinic_without_reminders_say_nothing(person, mailbox, clock):
    fill(person)
    change_setting("reminders.bag", False, by="the tests")
    db.session.commit()
    forget()
    clock.shift(2 * DAY)
    assert letters(mailbox) == []
    change_setting("reminders.bag", True, by="the tests")
    db.session.commit()
    forget()
    clock.shift(6 * DAY)
    assert letters(mailbox) == []
