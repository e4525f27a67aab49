"""Each public page shows what the clinic has, says so when it has not, and costs a fixed few statements."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

from shop.core.db import db
from shop.core.texts import publish
from tests.support import factories
from tests.support.world import make_world

# what a page may cost once the menu, the settings and the counts have been read
COSTS = {
    "/": 3,
    "/concerns": 1,
    "/concerns/fine-lines": 5,
    "/treatments/meso-lines": 3,
    "/packages/meso-lines-6": 5,
    "/products": 2,
    "/products/calm-serum": 2,  # one without reviews, which are on in this world
    "/brands/solenne": 3,
    "/search?q=calm": 3,
    "/ask": 0,
    "/ask?concern=fine-lines&skin=dry": 8,
    "/guide": 1,
    "/consultation": 2,
    "/team": 1,
    "/team/ada": 1,
    "/contact": 0,
    "/legal/terms": 1,
    "/sitemap.xml": 1,
    "/robots.txt": 0,
}
WITH_SLUG = [path for path in COSTS if path.count("/") > 1 and "?" not in path]


@pytest.fixture
def world(app):
    make_world()
    publish("terms", title="Terms", body_md="## Prices\n\nThe whole price.", by="tests")
    db.session.commit()


@pytest.mark.parametrize("path", COSTS)
def test_a_page_is_whole_and_costs_no_more_than_it_should(world, client, statements, path):
    assert client.get(path).status_code == 200
    with statements() as counted:
        answer = client.get(path)
    assert answer.status_code == 200
    assert len(counted) <= COSTS[path], str(counted)
    if answer.mimetype == "text/html":
        assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", WITH_SLUG)
def test_what_is_not_there_is_a_404(world, client, path):
    assert client.get(path + "-not").status_code == 404


def test_structured_data_names_the_price_and_can_not_leave_its_element(client):
    factories.make_product(slug="sly", name="Sly </script><b>&", price_minor=2599, stock=3)
    page = client.get("/products/sly").get_data(as_text=True)
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert data
    product, trail = json.loads(data[1])
    assert product["name"] == "Sly </script><b>&"
    assert product["offers"][0]["price"] == "25.99"
    assert trail["@type"] == "BreadcrumbList"


def test_a_list_of_one_concern_is_headed_by_its_cosmetic_label(client):
    concern = factories.make_concern("pigmentation", name="Melasma", label="Uneven tone")
    factories.make_link(factories.make_product(), concern)
    page = client.get("/products?concern=pigmentation").get_data(as_text=True)
    assert "<h1>Uneven tone</h1>" in page


def test_the_line_that_a_product_is_here_for_is_marked_in_its_list(client):
    concern = factories.make_concern("hydration")
    product = factories.make_product(slug="dew", inci="Aqua, Glycerin, Niacinamide, 1,2-Hexanediol")
    factories.make_link(product, concern, active="NIACINAMIDE", line=3)
    page = client.get("/products/dew").get_data(as_text=True)
    assert '<li id="ingredient-3"><mark>Niacinamide</mark></li>' in page
    assert '<li id="ingredient-4">1,2-Hexanediol</li>' in page


def test_a_package_says_what_comes_back_for_each_session_used(client):
    make_world()
    page = client.get("/packages/meso-lines-6").get_data(as_text=True)
    for amount in ("£540.00", "£450.00", "£90.00", "£0.00"):
        assert amount in page


def test_the_sitemap_holds_what_is_offered_and_nothing_else(world, client):
    factories.make_product(slug="hidden", state="draft")
    found = [
        node.text
        for node in ElementTree.fromstring(client.get("/sitemap.xml").data).iter()
        if node.text and "/" in node.text
    ]
    assert "http://localhost/products/calm-serum" in found
    assert "http://localhost/products/hidden" not in found
