"""A clinic moves in from five tables: what is shown is what is done, a second time is nothing, and nobody is written to."""

from __future__ import annotations

import csv
import gzip
from io import BytesIO, StringIO

import pytest
from sqlalchemy import func, select

from shop.accounts.models import Address, Client
from shop.bag.paying_with_cards import find_card
from shop.catalog.models import Variant
from shop.checking import all_differences
from shop.core.db import db
from shop.imports.models import ImportRun
from shop.imports.moving.commands import KINDS
from shop.inventory.models import Stock
from shop.visits.models import Visit
from shop.wallet.models import Credit
from tests.support.factories import make_client, make_package, make_product
from tests.support.forms import forms
from tests.visits.clinic import make_credit, make_practitioner, make_room

PEOPLE = (
    "name,email,phone,line1,city,postcode,country\n"
    "Nora O'Hara & Söhne,nora@example.org,020 1,4 Linden Row,London,W1G 0AB,gb\n"
    "Ben,,020 2,,,,\n"
    "Nora again,NORA@example.org,,,,,\n"
    ",x@example.org,,,,,\n"
    "Eve,not an address,,,,,\n"
)


def hand_in(browser, what, text):
    page = browser.get("/admin/imports").text
    form = next(f for f in forms(page, here="/admin/imports") if "what" in f.names)
    sent = {"cause": form.fields["cause"], "what": what, "file": (BytesIO(text.encode("utf-8-sig")), f"{what}.csv")}
    return browser.post("/admin/imports", data=sent, content_type="multipart/form-data")


def move_in(browser, run_worker, what, text):
    """(counts as shown, counts as done)"""
    path = hand_in(browser, what, text).headers["Location"]
    form = next(f for f in forms(browser.get(path).text, here=path) if f.action.endswith("/check"))
    assert browser.post(form.action, data=form.fields).status_code == 303
    run_worker()
    shown = dict(_run().counts)
    assert browser.post(f"{path}/apply").status_code == 303
    run_worker()
    assert _run().state == "applied"
    return shown, dict(_run().counts)


def _run():
    return db.session.scalars(
        select(ImportRun).order_by(ImportRun.id.desc()).execution_options(populate_existing=True)
    ).first()


def test_clients_come_in_once_and_rows_that_cannot_are_named(clock, as_admin, run_worker, mailbox):
    shown, done = move_in(as_admin, run_worker, "clients", PEOPLE)
    assert shown == done == {"new": 2, "rejected": 3, "noted": 0}
    nora = db.session.scalars(select(Client).where(Client.email == "nora@example.org")).one()
    assert nora.name == "Nora O'Hara & Söhne"
    assert db.session.scalars(select(Address.postcode).where(Address.client_id == nora.id)).all() == ["W1G 0AB"]
    assert move_in(as_admin, run_worker, "clients", PEOPLE)[1] == {"same": 2, "rejected": 3, "noted": 0}
    assert not [mail for mail in mailbox if mail.to == "nora@example.org"]


def test_a_dry_run_leaves_nothing(clock, as_admin, run_worker):
    before = db.session.scalar(select(func.count(Client.id)))
    path = hand_in(as_admin, "clients", PEOPLE).headers["Location"]
    as_admin.post(f"{path}/check", data={})
    run_worker()
    assert _run().counts["new"] == 2
    assert db.session.scalar(select(func.count(Client.id))) == before


def test_part_used_packages_open_the_books_with_what_is_left(clock, as_admin, run_worker):
    client = make_client(email="nora@example.org")
    make_package(slug="hair-6", sessions=6, price_minor=54000)
    rows = (
        "client,package,sessions,left,paid_each,bought_on,expires_on\n"
        "nora@example.org,hair-6,6,4,90.00,2026-01-05,2027-01-04\n"
        "nora@example.org,hair-6,6,7,90.00,2026-01-06,2027-01-04\n"
        "nobody@example.org,hair-6,6,4,90.00,2026-01-05,2027-01-04\n"
        "nora@example.org,hair-6,6,4,90.00,05/01/2026,2027-01-04\n"
    )
    shown, done = move_in(as_admin, run_worker, "sessions", rows)
    assert shown == done == {"new": 1, "rejected": 3, "noted": 0}
    credit = db.session.scalars(select(Credit).where(Credit.client_id == client.id)).one()
    assert credit.free == 4
    assert "£300.00" in as_admin.get("/admin/reports").text  # 4 of 90.00, net of a sixth
    assert move_in(as_admin, run_worker, "sessions", rows)[1]["same"] == 1
    assert all_differences() == []


def test_opening_stock_stands_on_the_shelf_once(clock, as_admin, run_worker):
    make_product(stock=0)
    sku = db.session.scalar(select(Variant.sku))
    rows = f"sku,units,lot,expires_on\n{sku},12,L1,2028-03-31\n{sku},3,L1,2028-03-31\n{sku},-1,L2,\nNONE,1,,\n{sku},2,L3,2020-01-01\n"
    shown, done = move_in(as_admin, run_worker, "stock", rows)
    assert shown == done == {"new": 1, "rejected": 4, "noted": 0}
    assert db.session.scalar(select(func.sum(Stock.on_hand))) == 12
    assert move_in(as_admin, run_worker, "stock", rows)[1] == {"same": 1, "rejected": 4, "noted": 0}
    assert db.session.scalar(select(func.sum(Stock.on_hand))) == 12
    assert all_differences() == []


def test_booked_visits_take_their_time_and_a_session_and_nobody_is_written_to(clock, as_admin, run_worker, mailbox):
    client = make_client(email="nora@example.org")
    package = make_package(slug="hair-6", sessions=6, price_minor=54000)
    credit = make_credit(client, package=package)
    make_room()
    make_practitioner(package.treatment, name="Ines Okafor")
    rows = (
        "client,what,starts,practitioner\n"
        "nora@example.org,hair-6,2026-03-10 10:00,ines okafor\n"
        "nora@example.org,hair-6,2026-03-10 10:00,\n"
        "nora@example.org,hair-6,2026-03-29 01:30,\n"
        "nora@example.org,hair-6,2026-02-10 10:00,\n"
        "nora@example.org,hair-6,2026-03-11 10:00,Nobody\n"
        "nora@example.org,peel,2026-03-12 10:00,\n"
    )
    shown, done = move_in(as_admin, run_worker, "visits", rows)
    assert shown == done
    assert (done["new"], done["rejected"]) == (1, 4)
    visit = db.session.scalars(select(Visit)).one()
    assert (visit.credit_id, visit.starts_at.isoformat()) == (credit.id, "2026-03-10T10:00:00+00:00")
    assert not [mail for mail in mailbox if mail.to == "nora@example.org"]
    assert move_in(as_admin, run_worker, "visits", rows)[1]["same"] == 2
    assert all_differences() == []


def test_gift_cards_are_owed_once_and_their_numbers_keep_working(clock, as_admin, run_worker):
    rows = (
        "number,balance,for_name,from_name\n"
        "GV-2231-8846,75.00,Nora O'Hara,Ben\n"
        "gv22318846,75.00,,\n"
        "GV-2231-9999,0,,\n"
        "4711,20.00,,\n"
        "GV-2231-7777,lots,,\n"
    )
    shown, done = move_in(as_admin, run_worker, "gift-cards", rows)
    assert shown == done == {"new": 1, "rejected": 4, "noted": 0}
    card = find_card("gv 2231 8846")
    assert (card.balance_minor, card.tail, card.for_name) == (7500, "8846", "Nora O'Hara")
    assert "£75.00" in as_admin.get("/admin/reports").text
    assert move_in(as_admin, run_worker, "gift-cards", rows)[1] == {"same": 1, "rejected": 4, "noted": 0}
    assert find_card("GV-2231-8846").balance_minor == 7500
    assert all_differences() == []


def test_an_applied_file_keeps_no_number_that_is_money(clock, as_admin, run_worker):
    rows = "number,balance\nGV-2231-8846,75.00\n4711,20.00\n"
    move_in(as_admin, run_worker, "gift-cards", rows)
    run = _run()
    stored = gzip.decompress(run.content).decode() + gzip.decompress(run.lines).decode()
    assert "2231" not in stored
    assert as_admin.get(f"/admin/imports/{run.id}/errors.csv").text.splitlines()[1].startswith("4711,20.00,")


def test_a_file_without_its_columns_says_which(as_admin):
    answer = hand_in(as_admin, "sessions", "client,package\na,b\n")
    assert answer.status_code == 422
    assert "The column sessions is missing." in answer.text
    assert hand_in(as_admin, "nonsense", "a,b\n1,2\n").status_code == 422


@pytest.mark.parametrize("kind", KINDS)
def test_the_empty_table_is_one_that_can_be_read(as_admin, kind):
    rows = list(csv.reader(StringIO(as_admin.get(f"/admin/imports/empty/{kind}.csv").text.removeprefix("\ufeff"))))
    assert rows == [list(KINDS[kind].rows.COLUMNS), list(KINDS[kind].rows.EXAMPLE)]
