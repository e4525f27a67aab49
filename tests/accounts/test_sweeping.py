"""Doors that are shut for good leave nothing behind."""

from datetime import timedelta

from sqlalchemy import func, select

from shop.accounts import signing_in
from shop.accounts.mail_tokens import draw
from shop.accounts.models import KnownDevice, MailToken, SignIn
from shop.accounts.sweeping import sweep_doors
from shop.core.db import db
from tests.support.factories import make_user


def counts():
    return [db.session.scalar(select(func.count()).select_from(model)) for model in (MailToken, KnownDevice, SignIn)]


def sweep():
    db.session.commit()
    return sweep_doors()


def arrange(app):
    user = make_user()
    draw("reset", email=user.email, user_id=user.id)
    signing_in.know_device(user.id)
    with app.test_request_context():
        signing_in.sign_in(user.id, device="")
    return user


def test_what_still_opens_something_stays(clock, app):
    arrange(app)
    clock.shift(timedelta(hours=23))
    assert sweep() == 0
    assert counts() == [1, 1, 1]


def test_old_links_and_devices_go_after_a_day_or_two(clock, app):
    arrange(app)
    clock.shift(timedelta(days=2))
    sweep()
    assert counts() == [0, 0, 1]


def test_sign_ins_go_a_month_after_their_end(clock, app):
    user = arrange(app)
    signing_in.end_all(user.id)
    clock.shift(timedelta(days=30))
    sweep()
    assert counts()[2] == 1
    clock.shift(timedelta(minutes=1))
    sweep()
    assert counts()[2] == 0
