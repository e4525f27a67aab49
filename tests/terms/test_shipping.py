import pytest

from shop.core.errors import Refused
from shop.terms.shipping import default_table, delivery_minor, missing_for_free, read_table

TABLE = read_table(
    {
        "version": "t1",
        "countries": {
            "GB": {"steps": [[2000, 495], [1000, 395]], "free_from_minor": 6000},
            "IE": {"steps": [[1000, 995]]},
        },
    }
)


def cost(country="GB", grams=200, goods=3000, **options):
    return delivery_minor(TABLE, country=country, weight_grams=grams, goods_minor=goods, **{"has_goods": True, **options})


def test_the_price_follows_country_and_weight():
    assert cost() == 395
    assert cost(grams=1000) == 395
    assert cost(grams=1001) == 495
    assert cost(country="IE") == 995


def test_delivery_is_free_from_a_sum_of_goods_where_the_clinic_says_so():
    assert cost(goods=5999) == 395
    assert cost(goods=6000) == 0
    assert cost(country="IE", goods=60000) == 995


def test_collecting_costs_nothing_wherever_the_client_lives():
    assert cost(country="JP", collect=True) == 0


def test_sessions_alone_are_not_delivered():
    assert cost(country="JP", goods=0, has_goods=False) == 0


def test_goods_that_a_code_made_free_still_travel_at_a_price():
    assert cost(goods=0) == 395


def test_a_country_without_delivery_is_named():
    with pytest.raises(Refused) as refusal:
        cost(country="JP")
    assert refusal.value.sentence == "We do not deliver to Japan. You can collect at the clinic."
    assert refusal.value.field == "country"


def test_a_parcel_too_heavy_is_refused():
    with pytest.raises(Refused):
        cost(grams=2001)


def test_the_bag_knows_what_is_missing_for_free_delivery():
    assert missing_for_free(TABLE, country="GB", goods_minor=5000) == 1000
    assert missing_for_free(TABLE, country="GB", goods_minor=7000) == 0
    assert missing_for_free(TABLE, country="IE", goods_minor=7000) is None


def test_the_table_that_ships_is_complete():
    table = default_table()
    assert table.version
    assert "GB" in table.countries
    for country in table.countries:
        prices = [price for _, price in table.steps[country]]
        assert prices == sorted(prices)
