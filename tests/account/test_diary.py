"""The results diary: its owner's alone, purpose by purpose, and gone the moment she says so."""

import zipfile
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from PIL import Image
from sqlalchemy import select, text

from shop.core import clock
from shop.core.db import db
from shop.core.history import history_of
from shop.intake import diary
from shop.intake.models import DiaryConsent, DiaryEntry, HealthReading, SealedFile
from shop.intake.showing_pictures import LASTS, link_token
from shop.visits.diary import diary_of
from tests.account.things import make_series, make_visit
from tests.admin.test_pictures import PLACE, photograph, told_by_a_camera
from tests.support.factories import PASSWORD, make_client
from tests.support.people import browser_of_staff


def put(browser, raw=None, *, path="/account/diary", name="me.jpg", **typed):
    files = {"photo": (BytesIO(raw if raw is not None else photograph()), name)}
    return browser.post(path, data={**files, **typed})


def entries(person):
    mine = select(DiaryEntry).where(DiaryEntry.client_id == person.id).order_by(DiaryEntry.id)
    return db.session.scalars(mine.execution_options(populate_existing=True)).all()


def picture_address(person, entry):
    return f"/admin/clients/{person.id}/diary/{entry.id}/picture"


def readings(person):
    mine = select(HealthReading.subject).where(HealthReading.client_id == person.id).order_by(HealthReading.id)
    return db.session.scalars(mine).all()


@pytest.fixture
def treating(app):
    return {role: browser_of_staff(role, app) for role in ("consultant", "practitioner", "medical-lead")}


def test_two_pictures_the_routine_and_the_sessions_stand_on_one_line(as_client):
    today = clock.today()
    first, last = today - timedelta(days=40), today - timedelta(days=2)
    for n, back in enumerate((30, 16, 50)):
        starts = clock.now() - timedelta(days=back)
        paid = {"credit_id": make_series(as_client.person).id, "session": "used"}
        make_visit(as_client.person, starts_at=starts, number=f"V-D{n}", uid=f"d{n}", kind="session", state="done", **paid)
    put(as_client, day=first.isoformat(), adherence="some")
    put(as_client, photograph(colour="#a08060"), day=last.isoformat(), adherence="most", words="Calmer")
    page = as_client.get("/account/diary")
    seen = diary_of(as_client.person.id)
    assert (seen.left.day, seen.right.day, seen.days) == (first, last, 38)
    assert [mark.day for mark in seen.between] == [today - timedelta(days=30), today - timedelta(days=16)]
    assert len(seen.sessions) == 3
    assert "38 days lie between them, with 2 sessions" in page.text
    assert "routine: most days" in page.text
    assert "Calmer" in page.text


def test_taking_advertising_back_empties_gallery_and_link_at_once_and_the_record_stays(as_client, client, treating):
    """DOMAIN 4, row 21."""
    put(as_client, purpose=["record", "advertising"])
    [entry] = entries(as_client.person)
    lead, link = treating["medical-lead"], f"/shown/{link_token(entry.id)}"
    gallery = f"/admin/gallery/{entry.id}/picture?purpose=advertising"
    assert [client.get(link).status_code, client.get(f"{link}/picture").status_code, lead.get(gallery).status_code] == [
        200
    ] * 3
    assert f"/admin/gallery/{entry.id}/picture" in lead.get("/admin/gallery?purpose=advertising").text
    as_client.post(f"/account/diary/{entry.id}/purposes", data={"purpose": ["record"]})
    assert [client.get(link).status_code, client.get(f"{link}/picture").status_code, lead.get(gallery).status_code] == [
        404
    ] * 3
    assert f"/admin/gallery/{entry.id}" not in lead.get("/admin/gallery?purpose=advertising").text
    assert lead.get(picture_address(as_client.person, entry)).status_code == 200
    assert treating["consultant"].get(picture_address(as_client.person, entry)).status_code == 404
    assert [row.axis for row in history_of(f"diary:{entry.id}")] == ["record", "advertising", "advertising"]


@pytest.mark.parametrize(
    ("purpose", "sees"),
    [
        ("", set()),
        ("consultant", {"consultant"}),
        ("record", {"practitioner", "medical-lead"}),
        ("teaching", set()),
        ("advertising", set()),
    ],
)
def test_a_picture_is_shown_for_the_purpose_it_was_given_for_and_no_other(as_client, treating, purpose, sees):
    put(as_client, purpose=[purpose])
    [entry] = entries(as_client.person)
    address = picture_address(as_client.person, entry)
    assert {role for role, browser in treating.items() if browser.get(address).status_code == 200} == sees
    assert f"diary:{entry.id}" in readings(as_client.person) or not sees
    for role, browser in treating.items():
        page = browser.get(f"/admin/clients/{as_client.person.id}/diary")
        assert (f"{entry.id}/picture" in page.text) == (role in sees)


def test_another_client_and_a_stranger_get_nothing(as_client, app, client):
    from tests.support.people import browser_of_client

    put(as_client)
    [entry] = entries(as_client.person)
    other = browser_of_client(app)
    for act in ("purposes", "remove"):
        assert other.post(f"/account/diary/{entry.id}/{act}", data={"purpose": ["advertising"]}).status_code == 404
    assert other.get(f"/account/diary/{entry.id}/picture").status_code == 404
    assert client.get(f"/account/diary/{entry.id}/picture").status_code in (302, 303)
    assert len(entries(as_client.person)) == 1


def test_it_is_kept_sealed_small_and_without_what_the_camera_wrote(as_client):
    put(as_client, told_by_a_camera())
    [entry] = entries(as_client.person)
    answer = as_client.get(f"/account/diary/{entry.id}/picture")
    assert answer.headers["Cache-Control"] == "no-store"
    with Image.open(BytesIO(answer.data)) as opened:
        assert (opened.format, opened.size) == ("WEBP", (900, 1200))
        assert not opened.getexif()
    assert PLACE not in answer.data
    stored = db.session.execute(text("select content from sealed_file")).scalar_one()
    assert b"WEBP" not in bytes(stored)
    sealed = db.session.execute(text("select content from diary_entry")).scalar_one()
    assert "adherence" not in sealed


@pytest.mark.parametrize("raw", [b"<svg onload=alert(1)>", b"%PDF-1.7", b"GIF89a", photograph(size=(80, 80))])
def test_what_is_no_photograph_stays_out_and_the_words_stay_typed(as_client, raw):
    answer = put(as_client, raw, words="My own words", adherence="some")
    assert answer.status_code == 422
    assert "Please choose a photograph" in answer.text
    assert "My own words" in answer.text
    assert not entries(as_client.person)
    assert not db.session.scalars(select(SealedFile.id)).all()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day": "2099-01-01"}, "The day is today or one before."),
        ({"day": "soon"}, "Give the day as year, month and day."),
        ({"adherence": "always"}, "Choose one of the three, or none."),
    ],
)
def test_a_slip_is_answered_beside_its_field(as_client, typed, sentence):
    answer = put(as_client, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_an_empty_entry_is_refused_and_a_word_alone_is_enough(as_client):
    assert as_client.post("/account/diary", data={"words": " "}).status_code == 422
    assert as_client.post("/account/diary", data={"adherence": "hardly"}).status_code == 303
    assert [entry.photo_id for entry in entries(as_client.person)] == [None]


def test_taking_an_entry_out_takes_the_bytes_with_it(as_client):
    put(as_client, purpose=["teaching"])
    [entry] = entries(as_client.person)
    as_client.post(f"/account/diary/{entry.id}/remove")
    assert not entries(as_client.person)
    for model in (SealedFile, DiaryConsent):
        assert not db.session.scalars(select(model.id)).all()


def test_the_picture_goes_along_with_ones_data_and_with_the_account(as_client):
    put(as_client, purpose=["record"], words="canary word")
    [entry] = entries(as_client.person)
    mine = as_client.get(f"/account/diary/{entry.id}/picture").data
    assert "canary word" in as_client.get("/account/privacy/export").text
    packed = zipfile.ZipFile(BytesIO(as_client.get("/account/privacy/pictures").data))
    assert [packed.read(name) for name in packed.namelist()] == [mine]
    assert as_client.post("/account/privacy/erase", data={"current": PASSWORD}).status_code == 303
    for model in (DiaryEntry, DiaryConsent, SealedFile):
        assert not db.session.scalars(select(model.id)).all()


def test_a_link_ends_by_itself_and_cannot_be_guessed(as_client, client):
    put(as_client, purpose=["advertising"])
    [entry] = entries(as_client.person)
    now = clock.now()
    with time_machine.travel(now, tick=False):
        link = f"/shown/{link_token(entry.id)}"
        assert client.get(link).status_code == 200
    assert client.get(link[:-2] + "xx").status_code == 404
    with time_machine.travel(now + timedelta(seconds=LASTS + 60), tick=False):
        assert client.get(link).status_code == 404


def test_allowing_twice_is_one_consent_and_the_wording_is_kept_with_it(as_client):
    from shop.core.texts import publish

    publish(diary.TEXT, title="Photographs", body_md="Kept sealed.", by="test")
    put(as_client)
    [entry] = entries(as_client.person)
    for _ in range(2):
        as_client.post(f"/account/diary/{entry.id}/purposes", data={"purpose": ["record"]})
    assert "Kept sealed." in as_client.get("/account/diary").text
    [consent] = db.session.scalars(select(DiaryConsent)).all()
    assert (consent.text_version, consent.given_by) == (1, f"client:{as_client.person.id}")


def test_choosing_two_pictures_shows_them_the_older_on_the_left(as_client):
    days = [clock.today() - timedelta(days=back) for back in (30, 20, 10)]
    for n, day in enumerate(days):
        put(as_client, photograph(colour=f"#{n + 3}0a080"), day=day.isoformat())
    one, two, three = [entry.id for entry in entries(as_client.person)]
    page = as_client.get(f"/account/diary?left={three}&right={two}").text
    pair = page[page.index("diary-pair") : page.index("days lie between")]
    assert pair.index(f"/{two}/picture") < pair.index(f"/{three}/picture")
    assert f"/{one}/picture" not in pair
    assert as_client.get("/account/diary?left=99999999&right=x").status_code == 200


def test_the_diary_of_one_day_is_in_its_middle(app):
    person = make_client()
    diary.write_entry(person.id, day=date.fromisoformat("2026-01-02"), adherence="most", by="client:1")
    assert [note.at for note in diary_of(person.id).notes] == [50.0]
