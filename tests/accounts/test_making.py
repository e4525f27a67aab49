"""The first people come from the shell, and nobody comes with a password that anybody knows."""

import re

import pyotp
import pytest
from sqlalchemy import select

from shop.accounts.making import make_client, make_staff, make_user
from shop.accounts.models import User
from shop.core.db import db
from shop.core.errors import Conflict, Refused
from tests.accounts.ways import is_in, sign_in

NEW = "four loud lighthouses"


def create(app, **given):
    facts = {"email": "Olive@Example.com", "name": "Olive Hart", "role": "owner"} | given
    db.session.commit()
    arguments = [part for name, value in facts.items() for part in (f"--{name}", value)]
    return app.test_cli_runner().invoke(args=["shop", "create-staff", *arguments])


def test_the_shell_prints_all_that_a_first_sign_in_needs(clock, app, client):
    done = create(app)
    assert done.exit_code == 0, done.output
    link = re.search(r"http://localhost(/reset/\S+)", done.output).group(1)
    secret = re.search(r"Second factor:\s+(\S+)", done.output).group(1)
    client.post(link, data={"password": NEW})
    assert sign_in(client, "olive@example.com", NEW).headers["Location"] == "/login/second"
    client.post("/login/second", data={"code": pyotp.TOTP(secret).now()})
    assert is_in(client)


def test_a_printed_recovery_code_opens_the_second_step(clock, app, client):
    output = create(app).output
    client.post(re.search(r"http://localhost(/reset/\S+)", output).group(1), data={"password": NEW})
    sign_in(client, "olive@example.com", NEW)
    code = re.findall(r"^\s+(\w{5}-\w{5}-\w{5})$", output, re.MULTILINE)[3]
    assert client.post("/login/second", data={"code": code}).status_code == 303


def test_until_the_link_is_used_no_password_opens_the_account(app, client):
    create(app)
    for guess in ("", "password", "olive@example.com", "Olive Hart"):
        assert sign_in(client, "olive@example.com", guess).status_code == 422


def test_the_same_address_is_not_made_twice(app):
    create(app)
    done = create(app)
    assert done.exit_code != 0
    assert "has an account already" in done.output


@pytest.mark.parametrize("given", [{"role": "emperor"}, {"email": "no address"}])
def test_nonsense_is_refused_with_a_sentence(app, given):
    done = create(app, **given)
    assert done.exit_code != 0
    assert "Traceback" not in done.output
    assert db.session.scalars(select(User)).first() is None


def test_the_second_factors_secret_is_unreadable_in_the_database(app):
    from sqlalchemy import text

    user = make_staff("a@example.com", name="A", role="admin", by="test")
    stored = db.session.scalar(text("select totp_secret from user_account"))
    assert user.totp_secret
    assert user.totp_secret not in stored


def test_people_of_the_demo_clinic_can_sign_in(app, client):
    made = make_client("client@example.com", name="Cleo", by="demo", password=NEW)
    assert made.user_id
    assert sign_in(client, "client@example.com", NEW).headers["Location"] == "/account"


def test_one_address_has_one_user(app):
    make_user("a@example.com", name="A", by="test")
    with pytest.raises(Conflict):
        make_user("A@example.com", name="B", by="test")


def test_a_role_that_does_not_exist_is_refused(app):
    with pytest.raises(Refused):
        make_staff("a@example.com", name="A", role="emperor", by="test")
