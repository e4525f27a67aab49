"""A person reads each review; words with a claim are never published, and the client may read why."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from shop.core.db import db
from shop.reviews import moderating
from shop.reviews.models import Review
from tests.reviews.things import make_product, make_review, open_reviews

CLAIM = "It heals eczema and removes toxins."


@pytest.fixture
def waiting(clock, app):
    open_reviews()
    return make_review(make_product(slug="calm-serum"), state="waiting", stars=2)


def decide(browser, review, act="show", **typed):
    return browser.post(f"/admin/reviews/{review.id}", data={"act": act, "turn": "1", "reason": ""} | typed)


def state(review):
    db.session.rollback()
    return db.session.scalar(select(Review.state).where(Review.id == review.id))


def test_what_was_read_and_published_stands_on_the_products_page(waiting, as_admin, client):
    assert "To be read" in as_admin.get("/admin/reviews").text
    assert decide(as_admin, waiting).status_code == 303
    page = client.get("/products/calm-serum").text
    assert waiting.text in page
    assert "Nora B." in page
    assert "2.0" in page


def test_a_claim_is_shown_with_its_rule_and_cannot_be_published(waiting, as_admin, client):
    waiting.text = CLAIM
    page = as_admin.get(f"/admin/reviews/{waiting.id}").text
    assert "heals" in page
    assert "Better:" in page
    answer = decide(as_admin, waiting)
    assert answer.status_code == 422
    assert "promise what no cosmetic may" in answer.text
    assert state(waiting) == "waiting"
    assert CLAIM not in client.get("/products/calm-serum").text


@pytest.mark.parametrize("text", ["My rosacea is gone.", "healed my PSORIASIS", "Heals my eczema and removes toxins."])
def test_an_illness_is_found_whatever_is_said_of_it(app, text):
    hits = moderating.findings(text)
    assert hits
    assert all(text[hit.start : hit.end] == hit.phrase and hit.better and hit.source for hit in hits)
    assert [hit.start for hit in hits] == sorted({hit.start for hit in hits})


def test_the_stars_count_where_the_words_cannot_stand(waiting, as_admin, client):
    waiting.text = CLAIM
    assert decide(as_admin, waiting, "stars", reason="Please leave out the illness.").status_code == 303
    page = client.get("/products/calm-serum").text
    assert "from 1 review." in page
    assert CLAIM not in page


def test_declining_says_why_and_counts_for_nothing(waiting, as_admin, client):
    assert decide(as_admin, waiting, "decline").status_code == 422
    assert decide(as_admin, waiting, "decline", reason="It is about the parcel.").status_code == 303
    assert "Nobody has written yet" in client.get("/products/calm-serum").text
    assert "aggregateRating" not in client.get("/products/calm-serum").text


def test_what_the_client_changed_in_the_meantime_is_read_again(waiting, as_admin):
    waiting.turn = 2
    assert decide(as_admin, waiting).status_code == 409
    assert state(waiting) == "waiting"


def test_the_clinic_answers_in_public_and_claims_nothing_either(waiting, as_admin, client):
    path = f"/admin/reviews/{waiting.id}/answer"
    assert as_admin.post(path, data={"text": "Thank you."}).status_code == 422  # not shown yet
    decide(as_admin, waiting)
    refused = as_admin.post(path, data={"text": "It heals eczema."})
    assert refused.status_code == 422
    assert "It heals eczema." in refused.text
    assert as_admin.post(path, data={"text": "Thank you, we pass it on."}).status_code == 303
    assert "Thank you, we pass it on." in client.get("/products/calm-serum").text


def test_nonsense_decides_nothing(waiting, as_admin):
    assert decide(as_admin, waiting, "burn").status_code == 422
    assert decide(as_admin, waiting, turn="x").status_code == 422
    assert as_admin.get("/admin/reviews/999999").status_code == 404
    assert state(waiting) == "waiting"
    assert db.session.scalar(select(func.count(Review.id))) == 1
