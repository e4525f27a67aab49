"""The shelf of the first page shows what the clinic sells, never a brand that it does not have."""

import re

from shop.core.db import db
from shop.core.settings import setting
from tests.support.factories import make_brand, make_product

DROPPER = {"shape": "dropper", "colour": "#b9772a", "cap": "#2e2a28", "accent": "#8c3b2e"}


def test_an_own_product_stands_there_and_plain_ones_carry_the_clinic_s_name(client):
    make_product(slug="first-light", name="First Light", brand=make_brand(name="Ostrel"), drawing=DROPPER, stock=5)
    db.session.commit()
    labels = _labels(client)
    assert labels.count("OSTREL") == 1
    assert labels.count(setting("clinic.name").upper()[:16]) == 2


def test_an_empty_shop_shows_no_brand_at_all(client):
    assert set(_labels(client)) == {setting("clinic.name").upper()[:16]}


def _labels(client):
    scene = re.search(r'<div class="hero-scene">.*?</svg>', client.get("/").text, re.DOTALL)
    return re.findall(r'letter-spacing=".55">([^<]*)<', scene[0])
