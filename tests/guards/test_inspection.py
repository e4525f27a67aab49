"""The test client's own eyes: what it must notice, it notices."""

import pytest
from flask import Flask
from sqlalchemy import insert, update

from shop.core.db import db
from shop.core.settings import Setting
from tests.support.browsing import InspectingClient, Unsaved, unsaved
from tests.support.databases import close
from tests.support.factories import make_brand
from tests.support.pages import inspect

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head><body><h1>One</h1>{}</body></html>"""


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h1>Two</h1>", "2 h1 headings"),
        ('<p id="a"></p><p id="a"></p>', "id 'a' is there twice"),
        ('<form method="post" action="/bag"></form>', "has no csrf_token"),
        ('<button type="button" onclick="x()">Go</button>', "onclick="),
        ('<p style="color: red">x</p>', "style="),
        ("<script>x()</script>", "inline script"),
        ("<style>p {}</style>", "inline style"),
        ('<input name="email" id="e">', "the field 'e' has no label"),
        ('<label for="nobody">Name</label>', "points to #nobody"),
        ('<img src="/a.png">', "has no alt"),
        ('<a href="javascript:x()">x</a>', "a link to"),
        ("<p><time>Monday</time></p>", "no datetime="),
        ('<p class="a" class="b">x</p>', "repeats an attribute"),
        ('<script type="application/ld+json">{nothing}</script>', "no JSON"),
        ("<p><div>x</div></p>", "in line 1"),
        ("<ul><li>x</ul></div>", "in line 1"),
    ],
)
def test_a_faulty_page_is_noticed(body, fault):
    assert fault in " | ".join(inspect(PAGE.format(body)))


@pytest.mark.parametrize(
    "body",
    [
        '<form method="post" action="/bag"><input type="hidden" name="csrf_token" value="x"><button>Add</button></form>',
        '<form method="get" action="/search"><label>Words <input name="q"></label></form>',
        '<form method="post" action="https://pay.example"><button>Pay</button></form>',
        '<label for="e">E-mail</label><input id="e" name="email" aria-describedby="h"><p id="h">Help</p>',
        '<svg viewBox="0 0 1 1" aria-hidden="true"><title>A tube</title><path d="M0 0"/></svg>',
        '<script type="application/ld+json">{"@type": "Product"}</script><script type="module" src="/a.js"></script>',
    ],
)
def test_a_sound_page_passes(body):
    assert inspect(PAGE.format(body)) == []


def test_a_page_without_language_or_title_is_noticed():
    assert "no lang or no title" in inspect("<!doctype html><html><head></head><body><h1>x</h1></body></html>")


@pytest.mark.sqlite
def test_changes_that_nobody_commits_are_noticed(app):
    assert unsaved(db.session()) == []
    make_brand()
    assert unsaved(db.session()) == ["Brand"]
    db.session.rollback()
    db.session.execute(update(Setting).values(changed_by="nobody"))
    assert unsaved(db.session())
    db.session.commit()
    assert unsaved(db.session()) == []


@pytest.mark.sqlite
def test_a_view_that_forgets_to_commit_fails_the_test(app):
    forgetful = Flask("forgetful")
    forgetful.config.update(SECRET_KEY="x", SQLALCHEMY_DATABASE_URI=app.config["SQLALCHEMY_DATABASE_URI"])
    db.init_app(forgetful)
    forgetful.test_client_class = InspectingClient

    @forgetful.post("/forgets")
    def forgets():
        row = {"key": "a", "value": {"is": 1}, "changed_by": "x", "changed_at": app.extensions["now"]}
        db.session.execute(insert(Setting).values(**row))
        return "well"

    from shop.core import clock

    app.extensions["now"] = clock.now()
    with forgetful.app_context(), pytest.raises(Unsaved):
        forgetful.test_client().post("/forgets")
    close(forgetful)


def test_each_test_begins_empty_whatever_the_last_one_left(app):
    from sqlalchemy import func, select

    from shop.catalog.models import Brand

    assert db.session.scalar(select(func.count()).select_from(Brand)) == 0
    make_brand(slug="left-behind")
    db.session.commit()


test_each_test_begins_empty_the_second_time = test_each_test_begins_empty_whatever_the_last_one_left
