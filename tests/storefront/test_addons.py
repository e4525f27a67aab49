"""Add-ons that do not go together say so before anything is chosen, and are refused together."""

from __future__ import annotations

from shop.core.db import db
from tests.support.factories import make_addon, make_package, make_treatment


def test_each_names_the_other_whichever_of_them_it_is_written_for(client):
    treatment = make_treatment()
    make_addon("led", treatments=[treatment], name="Light")
    make_addon("peel", treatments=[treatment], name="Peel", not_with=["numbing"])
    make_addon("numbing", treatments=[treatment], name="Numbing cream")
    slug = make_package(treatment, sessions=6).slug
    db.session.commit()
    page = client.get(f"/packages/{slug}").text
    assert "Not together with Numbing cream." in page
    assert "Not together with Peel." in page
    assert page.count("Not together with") == 2
    assert 'value="peel:6"' in page
    assert 'data-not-with="numbing"' in page
    refused = client.post("/bag/lines", data={"package": slug, "addon": ["peel:6", "numbing:2"]})
    assert refused.status_code == 422
    assert "cannot be combined with" in refused.text
