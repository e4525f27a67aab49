"""A catalogue comes in through the browser: handed in, shown, applied; what stays out comes back as a file."""

import csv
from io import BytesIO, StringIO

import pytest
from sqlalchemy import func, select

from shop.catalog.models import Product
from shop.core.db import db
from shop.imports.models import ImportRun
from tests.support.factories import make_product
from tests.support.forms import forms

PLAIN = 'brand,name,sku,price,ingredients\nSolenne,Calm Serum,SOL-1,24.90,"Aqua, Glycerin, Niacinamide"\nSolenne,Dew Mist,SOL-2,dear,Aqua\n'


def hand_in(browser, text, name="list.csv", **typed):
    form = next(f for f in forms(browser.get("/admin/imports").text, here="/admin/imports") if "file" in f.names)
    content = text if isinstance(text, bytes) else text.encode()
    sent = {"cause": form.fields["cause"], "file": (BytesIO(content), name), **typed}
    return browser.post("/admin/imports", data=sent, content_type="multipart/form-data")


def check(browser, path, **typed):
    form = next(f for f in forms(browser.get(path).text, here=path) if f.action.endswith("/check"))
    return browser.post(form.action, data={**form.fields, **typed})


def test_what_is_shown_is_what_is_done(as_admin, run_worker, client):
    path = hand_in(as_admin, PLAIN).headers["Location"]
    assert check(as_admin, path).status_code == 303
    assert "Being checked" in as_admin.get(path).text
    run_worker()
    page = as_admin.get(path).text
    assert "Waits for your word" in page
    assert "dear" in page
    assert db.session.scalar(select(func.count(Product.id))) == 0
    for _ in range(2):
        assert as_admin.post(f"{path}/apply").status_code == 303
    run_worker()
    run = db.session.scalars(select(ImportRun)).one()
    assert (run.state, run.counts["new"], run.counts["rejected"]) == ("applied", 1, 1)
    assert db.session.scalars(select(Product.name)).all() == ["Calm Serum"]
    assert "Calm Serum" in client.get("/products?q=calm").text


def test_what_stays_out_comes_back_as_a_file_that_can_be_put_right(as_admin, run_worker):
    path = hand_in(as_admin, PLAIN).headers["Location"]
    check(as_admin, path)
    run_worker()
    text = as_admin.get(f"{path}/errors.csv").get_data(as_text=True).lstrip("\ufeff")
    rows = list(csv.DictReader(StringIO(text)))
    assert [row["sku"] for row in rows] == ["SOL-2"]
    assert "dear" in rows[0]["problem"]
    mended = text.replace(",dear,", ",12.50,")
    again = hand_in(as_admin, mended).headers["Location"]
    check(as_admin, again)
    run_worker()
    as_admin.post(f"{again}/apply")
    run_worker()
    assert db.session.scalars(select(Product.name)).all() == ["Dew Mist"]


def test_columns_are_mapped_once_and_remembered(as_admin, run_worker):
    text = "Marke,Titel,Nummer,Preis\nSolenne,Calm Serum,SOL-1,24.90\n"
    path = hand_in(as_admin, text).headers["Location"]
    answer = check(as_admin, path)
    assert answer.status_code == 422
    assert "Say which column holds the name." in answer.text
    chosen = {"field-name": "Titel", "field-sku": "Nummer", "field-price": "Preis"}
    assert check(as_admin, path, **chosen).status_code == 303
    run_worker()
    again = hand_in(as_admin, text).headers["Location"]
    form = next(f for f in forms(as_admin.get(again).text, here=again) if f.action.endswith("/check"))
    assert form.fields["field-name"] == "Titel"
    assert form.fields["field-price"] == "Preis"


def test_the_export_comes_in_again_as_nothing_new(as_admin, run_worker):
    for _ in range(3):
        make_product(stock=2, blurb="O'Hara & Söhne; calm")
    exported = as_admin.get("/admin/imports/export.csv")
    path = hand_in(as_admin, exported.data).headers["Location"]
    check(as_admin, path)
    run_worker()
    run = db.session.scalars(select(ImportRun)).one()
    assert run.counts.get("same") == 3
    assert not run.counts.get("changed")
    assert not run.counts.get("new")


@pytest.mark.parametrize(("content", "sentence"), [
    (b"", "Choose a file first."),
    (b"PK\x03\x04rest of a workbook", "Save it as CSV"),
    (b"\n\n", "is empty"),
    (b"name,name\na,b\n", "twice"),
])  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(as_admin, content, sentence):
    answer = hand_in(as_admin, content)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_same_form_sent_twice_is_one_file(as_admin):
    form = next(f for f in forms(as_admin.get("/admin/imports").text, here="/admin/imports") if "file" in f.names)
    for _ in range(2):
        sent = {"cause": form.fields["cause"], "file": (BytesIO(PLAIN.encode()), "list.csv")}
        assert as_admin.post("/admin/imports", data=sent, content_type="multipart/form-data").status_code == 303
    assert db.session.scalar(select(func.count(ImportRun.id))) == 1


def test_a_file_larger_than_any_form_is_taken_from_staff_alone(as_admin, client):
    large = ("brand,name,sku,price\n" + "".join(f"Solenne,Cream {n},S-{n},9.90\n" for n in range(120_000))).encode()
    assert len(large) > 2 * 1024 * 1024
    assert hand_in(as_admin, large).status_code == 303
    sent = {"file": (BytesIO(large), "list.csv")}
    answer = client.post("/admin/imports", data=sent, content_type="multipart/form-data", inspect=False)
    assert answer.status_code in (303, 413)


def test_a_name_that_climbs_out_of_its_folder_stays_in_it(as_admin, run_worker):
    path = hand_in(as_admin, PLAIN, name="../../../tmp/evil.csv").headers["Location"]
    check(as_admin, path)
    run_worker()
    assert "Waits for your word" in as_admin.get(path).text


def test_a_file_that_breaks_off_says_where(as_admin, run_worker):
    path = hand_in(as_admin, 'brand,name,sku,price\nSolenne,"Calm,SOL-1,24.90\n').headers.get("Location")
    if path is None:
        return  # refused at once, which is as good
    check(as_admin, path)
    run_worker()
    assert db.session.scalars(select(ImportRun.state)).one() in ("broken", "checked")


def test_the_stock_keeper_brings_no_catalogue_in(as_role):
    keeper = as_role("stock")
    assert keeper.get("/admin/imports").status_code == 403
    assert keeper.get("/admin/imports/export.csv").status_code == 403


def test_a_worker_that_died_is_followed_by_another(clock, as_admin, run_worker):
    from datetime import timedelta

    from shop.imports.running import Busy, _claim, work_run

    path = hand_in(as_admin, PLAIN).headers["Location"]
    check(as_admin, path)
    run = db.session.scalars(select(ImportRun)).one()
    run_id = run.id
    db.session.commit()
    _claim(run_id)
    with pytest.raises(Busy):
        work_run(run_id=run_id)
    db.session.rollback()
    clock.shift(timedelta(minutes=2))
    work_run(run_id=run_id)
    db.session.commit()
    assert db.session.get_one(ImportRun, run_id).state == "checked"
