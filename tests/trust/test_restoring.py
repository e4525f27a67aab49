"""What `shop backup` wrote opens elsewhere as the same shop; and a secret that is changed lets old sign-ins go in time."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from shop import create_app
from shop.checking import all_differences
from shop.core.db import db
from shop.orders.models import Order
from shop.wallet.models import Credit
from tests.support import postgres
from tests.support.browsing import InspectingClient
from tests.support.databases import PostgresDatabase, close
from tests.support.factories import make_package, make_treatment
from tests.support.journeys import buy
from tests.support.world import make_world
from tests.trust.owner import make_owner


@pytest.fixture
def elsewhere(database, tmp_path):
    """`elsewhere(file)`: the address of a database that was made from a backup."""
    made = []

    def restore(file):
        if database.dialect == "sqlite":
            shutil.copy(file, tmp_path / "restored.db")
            return f"sqlite:///{tmp_path / 'restored.db'}"
        new = PostgresDatabase(postgres.address(), name=f"shop_restored_{os.getpid()}")
        made.append(new)
        plain = new.url.replace("postgresql+psycopg://", "postgresql://")
        subprocess.run(["pg_restore", "--no-owner", f"--dbname={plain}", str(file)], check=True)
        return new.url

    yield restore
    for new in made:
        new.drop()


def test_a_backup_opens_elsewhere_with_every_order_and_adds_up(app, client, standin, config, tmp_path, elsewhere):
    number = buy(client, standin, package=make_package(make_treatment()).slug)
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["shop", "backup", str(tmp_path / "kept")])
    assert done.exit_code == 0, done.output
    there = create_app(replace(config, database_url=elsewhere(tmp_path / "kept")))
    with there.app_context():
        order = db.session.scalars(select(Order)).one()
        assert (order.number, order.state) == (number, "placed")
        assert db.session.scalar(select(func.sum(Credit.granted))) == 6
        assert all_differences() == []
        assert there.test_client().get("/readyz").status_code == 200
    close(there)


def test_a_new_secret_beside_the_old_keeps_sign_ins_and_the_new_one_alone_ends_them(app, config):
    make_world()
    owner = make_owner(app)
    cookie = owner.browser.get_cookie("shop").value
    new = replace(config, secret_key="a newer secret of the tests, long enough for anything")
    for changed, status in ((replace(new, secret_key_fallbacks=(config.secret_key,)), 200), (new, 303)):
        served = create_app(changed)
        served.test_client_class = InspectingClient
        browser = served.test_client()
        browser.set_cookie("shop", cookie)
        assert browser.get("/account").status_code == status
        close(served)
