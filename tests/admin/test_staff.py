"""The staff desk: people come with a second factor, roles change at once, and leaving ends every sign-in."""

import re

import pytest
from sqlalchemy import select

from shop.accounts.models import SignIn, User
from shop.core.db import db
from shop.core.history import history_of
from tests.support.factories import make_user

NEW = {"name": "Olive Hart", "email": "olive@clinic.example", "role": "desk"}


def test_somebody_new_gets_their_first_steps_once(as_admin, client):
    answer = as_admin.post("/admin/staff", data=NEW)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    user = db.session.scalars(select(User).where(User.email == NEW["email"])).one()
    assert user.totp_secret in answer.text
    link = re.search(r"http://localhost(/reset/\S+?)<", answer.text).group(1)
    assert client.get(link).status_code == 200
    assert user.totp_secret not in as_admin.get(f"/admin/staff/{user.id}").text


@pytest.mark.parametrize("typed", [{"email": "no address"}, {"role": "king"}, {"role": ""}, {"name": ""}])
def test_what_cannot_be_is_refused_and_kept(as_admin, typed):
    answer = as_admin.post("/admin/staff", data=NEW | typed)
    assert answer.status_code == 422
    assert db.session.scalars(select(User).where(User.email == NEW["email"])).all() == []


def test_an_address_in_use_is_refused(as_admin):
    make_user(email=NEW["email"])
    assert as_admin.post("/admin/staff", data=NEW).status_code == 409


def test_closing_an_account_signs_out_every_browser_at_once(as_admin, as_role):
    keeper = as_role("stock")
    assert keeper.get("/admin/stock").status_code == 200
    for _ in range(2):
        assert as_admin.post(f"/admin/staff/{keeper.user.id}/dismiss").status_code == 303
    assert keeper.get("/admin/stock").status_code == 303
    ended = db.session.scalars(select(SignIn.ended_at).where(SignIn.user_id == keeper.user.id)).all()
    assert None not in ended
    assert [row.now for row in history_of(f"user:{keeper.user.id}")] == ["closed"]


def test_a_role_changes_with_the_next_request(as_admin, as_role):
    keeper = as_role("stock")
    as_admin.post(f"/admin/staff/{keeper.user.id}/role", data={"role": "practitioner"})
    assert keeper.get("/admin/stock").status_code == 403


def test_only_an_owner_decides_about_owners(as_admin, as_role):
    owner, keeper = as_role("owner"), as_role("stock")
    for path, data in ((f"{owner.user.id}/dismiss", {}), (f"{owner.user.id}/role", {"role": "desk"}),
                       (f"{owner.user.id}/anew", {}), (f"{keeper.user.id}/role", {"role": "owner"})):  # fmt: skip
        assert as_admin.post(f"/admin/staff/{path}", data=data).status_code == 403, path
    assert as_admin.post("/admin/staff", data=NEW | {"role": "owner"}).status_code == 403
    assert (owner.user.role, owner.user.disabled_at, keeper.user.role) == ("owner", None, "stock")


def test_nobody_changes_their_own_access(as_role):
    owner = as_role("owner")
    for path, data in (("dismiss", {}), ("role", {"role": "medical-lead"}), ("anew", {})):
        assert owner.post(f"/admin/staff/{owner.user.id}/{path}", data=data).status_code == 422
    assert owner.user.role == "owner"


def test_the_last_owner_stays(as_role, app):
    from shop.accounts.employing import dismiss
    from shop.accounts.people import Person
    from shop.core import clock
    from shop.core.errors import Refused

    owner = make_user(role="owner")
    ghost = Person(10**6, None, 1, "x@example.com", "x", "owner", clock.now())
    with pytest.raises(Refused, match="last owner"):
        dismiss(owner, person=ghost)
    make_user(role="owner")
    dismiss(owner, person=ghost)
    assert owner.disabled_at is not None


def test_beginning_anew_ends_the_old_password_and_factor(as_admin, as_role):
    keeper = as_role("stock")
    before = keeper.user.totp_secret
    answer = as_admin.post(f"/admin/staff/{keeper.user.id}/anew")
    assert answer.status_code == 200
    assert keeper.get("/admin/stock").status_code == 303
    assert keeper.user.password_hash is None
    assert keeper.user.totp_secret not in (before, None)


def test_a_client_is_no_member_of_staff(as_admin, as_client):
    assert as_admin.get(f"/admin/staff/{as_client.user.id}").status_code == 404
    assert as_admin.post(f"/admin/staff/{as_client.user.id}/role", data={"role": "owner"}).status_code == 404


def test_an_account_opens_again(as_admin, as_role):
    keeper = as_role("stock")
    as_admin.post(f"/admin/staff/{keeper.user.id}/dismiss")
    as_admin.post(f"/admin/staff/{keeper.user.id}/back")
    assert keeper.user.disabled_at is None
    assert keeper.get("/admin/stock").status_code == 303  # the old sign-in stays ended
