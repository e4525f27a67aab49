"""Texts that bind: published as a new version, shown before, held against the claim rules."""

import pytest

from shop.core.db import db
from shop.core.history import history_of
from shop.core.texts import current_text, publish
from tests.support.forms import forms


@pytest.fixture
def terms(app):
    publish("terms", title="Terms", body_md="Our **first** words.", by="system")
    db.session.commit()


def sent(browser, **typed):
    path = "/admin/texts/terms"
    form = next(f for f in forms(browser.get(path).text, here=path) if "body_md" in f.names)
    return path, {**form.fields, "act": "publish", **typed}


def test_new_words_are_a_new_version_and_the_old_can_be_read(as_admin, client, terms):
    path, typed = sent(as_admin, body_md="Our **second** words.")
    assert as_admin.post(path, data=typed).status_code == 303
    assert current_text("terms").version == 2
    assert "<strong>second</strong>" in client.get("/legal/terms").text
    assert "<strong>first</strong>" in as_admin.get("/admin/texts/terms/1").text
    assert as_admin.get("/admin/texts/terms/3").status_code == 404
    assert history_of("text:terms")[-1].by == f"user:{as_admin.user.id}"


def test_looking_publishes_nothing_and_carries_no_script(as_admin, terms):
    path, typed = sent(as_admin, act="preview", body_md="## Look\n<script>alert(1)</script>")
    page = as_admin.post(path, data=typed)
    assert page.status_code == 200
    assert "<h2>Look</h2>" in page.text
    assert "<script>alert" not in page.text
    assert current_text("terms").version == 1


def test_a_promise_is_held_back_and_the_words_stay(as_admin, terms):
    path, typed = sent(as_admin, body_md="Results are guaranteed.")
    answer = as_admin.post(path, data=typed)
    assert answer.status_code == 422
    assert "Better:" in answer.text
    assert "Results are guaranteed." in answer.text
    assert current_text("terms").version == 1


def test_somebody_elses_version_is_not_overwritten(as_admin, terms):
    path, typed = sent(as_admin, body_md="Mine.")
    publish("terms", title="Terms", body_md="Theirs.", by="user:99")
    assert as_admin.post(path, data=typed).status_code == 409
    assert current_text("terms").body_md == "Theirs."


def test_the_same_words_again_publish_nothing(as_admin, terms):
    path, typed = sent(as_admin)
    assert as_admin.post(path, data=typed).status_code == 303
    assert current_text("terms").version == 1
