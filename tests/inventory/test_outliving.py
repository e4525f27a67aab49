"""Will it outlive itself? A serum of six weeks is not sold fresh from a lot of thirty days."""

from datetime import date, timedelta

import pytest

from shop.inventory.outliving import days_of_use, last_day_fresh, standing

TODAY = date(2026, 3, 2)


def test_thirty_millilitres_at_seven_tenths_a_day_last_forty_two_days():
    assert days_of_use(30, "ml", amount_per_use_ml="0.35", uses_per_day=2) == 42


@pytest.mark.parametrize(("amount", "unit", "per_use", "uses"), [
    (None, "ml", "1", 1), (30, "piece", "1", 1), (30, "ml", None, 1), (30, "ml", "1", None), (30, "ml", "nothing", 1),
    (30, "ml", "0", 2),
])  # fmt: skip
def test_what_the_product_does_not_say_is_not_guessed(amount, unit, per_use, uses):
    assert days_of_use(amount, unit, amount_per_use_ml=per_use, uses_per_day=uses) is None


@pytest.mark.parametrize(("days_left", "says"), [
    (0, "over"), (1, "too short"), (16, "too short"), (17, "short-dated"), (30, "short-dated"), (44, "short-dated"),
    (45, "fresh"), (400, "fresh"),
])  # fmt: skip
def test_a_lot_stands_by_its_date_its_use_and_the_way_to_the_client(days_left, says):
    ends = TODAY + timedelta(days=days_left)
    assert standing(ends, today=TODAY, use_days=42, delivery_days=3, minimum_days=14) == says


def test_a_lot_without_a_date_stays_sellable():
    assert standing(None, today=TODAY, use_days=42, delivery_days=3, minimum_days=14) == "undated"


def test_the_last_day_fresh_leaves_room_for_delivery_and_use():
    assert last_day_fresh(date(2026, 6, 30), use_days=42, delivery_days=3) == date(2026, 5, 16)
