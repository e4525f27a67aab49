"""Where one is signed in, and how to end it."""

from datetime import timedelta

from shop.accounts.models import SignIn
from shop.accounts.signing_in import sign_in
from shop.core.db import db
from tests.accounts.ways import is_in
from tests.accounts.ways import sign_in as come_in
from tests.support.factories import make_user
from tests.support.people import browser_of


def another(as_client, app):
    return browser_of(as_client.user, app=app)


def test_every_browser_is_listed_and_this_one_marked(as_client, app):
    another(as_client, app)
    text = as_client.get("/account/sign-ins").text
    assert text.count("Firefox on Linux") >= 2
    assert text.count("This browser") == 1


def test_one_can_be_ended(as_client, app, client):
    other = another(as_client, app)
    newest = db.session.query(SignIn).order_by(SignIn.id.desc()).first()
    assert as_client.post(f"/account/sign-ins/{newest.id}").headers["Location"] == "/account/sign-ins"
    assert not is_in(other)
    assert is_in(as_client)


def test_ending_this_one_signs_out(as_client):
    here = db.session.query(SignIn).one()
    assert as_client.post(f"/account/sign-ins/{here.id}").headers["Location"] == "/"
    assert not is_in(as_client)


def test_all_others_can_be_ended(as_client, app):
    others = [another(as_client, app) for _ in range(3)]
    as_client.post("/account/sign-ins/others")
    assert [is_in(other) for other in others] == [False] * 3
    assert is_in(as_client)


def test_another_persons_sign_in_is_not_there(as_client, app):
    user = make_user()
    with app.test_request_context():
        sign_in(user.id, device="Other")
        db.session.commit()
    theirs = db.session.query(SignIn).filter_by(user_id=user.id).one()
    assert "Other" not in as_client.get("/account/sign-ins").text
    assert as_client.post(f"/account/sign-ins/{theirs.id}").status_code == 404
    db.session.expire_all()
    assert theirs.ended_at is None


def test_what_idled_out_is_among_those_that_ended(clock, as_client, app):
    with app.test_request_context():
        sign_in(as_client.user.id, device="Long ago")
        db.session.commit()
    clock.shift(timedelta(days=10))
    is_in(as_client)
    clock.shift(timedelta(days=10))
    now, _, before = as_client.get("/account/sign-ins").text.partition("Before that")
    assert "Long ago" not in now
    assert "Long ago" in before


def test_the_browser_is_named_so_that_its_owner_knows_it(client):
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1"
    client.environ_base["HTTP_USER_AGENT"] = agent
    come_in(client, make_user().email)
    assert "Safari on iPhone" in client.get("/account/sign-ins").text
