"""Setting up a clinic: one step after the other, each kept where the settings desk keeps it."""

from io import BytesIO

import pytest
from PIL import Image

from shop.core.history import history_of
from shop.core.settings import setting
from tests.support.forms import forms

STEPS = ["clinic", "tax", "delivery", "hours", "team", "treatments", "look", "texts", "live"]


def form_of(browser, step):
    path = f"/admin/setup/{step}"
    return next(form for form in forms(browser.get(path).text, here=path) if form.action == path)


def send(browser, step, **changed):
    return browser.post(f"/admin/setup/{step}", data=form_of(browser, step).fields | changed)


def logo(kind="PNG", size=(300, 120)):
    out = BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, (140, 59, 46)).save(out, kind)
    return BytesIO(out.getvalue())


def test_the_steps_lead_from_one_to_the_next_and_are_taken_up_where_they_were_left(as_admin):
    assert as_admin.get("/admin/setup").headers["Location"] == "/admin/setup/clinic"
    assert send(as_admin, "clinic", clinic__name="Quill & Rose Skin").headers["Location"] == "/admin/setup/tax"
    assert setting("clinic.name") == "Quill & Rose Skin"
    assert history_of("setting:clinic.name")[0].now == "Quill & Rose Skin"
    assert as_admin.post("/admin/setup/tax/skip").headers["Location"] == "/admin/setup/delivery"
    assert as_admin.get("/admin/setup").headers["Location"] == "/admin/setup/delivery"
    assert ">Set up<" in as_admin.get("/admin/settings").text


def test_when_every_step_is_done_or_left_the_desk_hides_itself(as_admin):
    for step in STEPS:
        assert as_admin.post(f"/admin/setup/{step}/skip").status_code == 303
    assert "/admin/setup" not in as_admin.get("/admin/settings").text
    assert "/admin/setup" in as_admin.get("/admin/go-live").text
    assert send(as_admin, "tax").status_code == 303
    as_admin.post("/admin/setup/tax/skip")
    assert setting("setup.steps")["tax"] == "done"


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_a_page_and_can_be_saved_as_it_stands(as_admin, step):
    assert send(as_admin, step).status_code == 303
    assert setting("setup.steps")[step] == "done"


def test_a_refused_value_stays_and_nothing_is_saved(as_admin):
    answer = send(as_admin, "clinic", clinic__name="New name", clinic__email="nowhere")
    assert answer.status_code == 422
    assert "New name" in answer.text
    assert setting("clinic.name") != "New name"
    assert setting("setup.steps") == {}


def test_two_people_setting_up_do_not_overwrite_each_other(as_admin):
    fields = form_of(as_admin, "tax").fields
    send(as_admin, "tax", vat__percent="19")
    assert as_admin.post("/admin/setup/tax", data=fields | {"vat__percent": "7"}).status_code == 409
    assert setting("vat.percent") == "19"


def test_what_e_mails_end_with_is_held_to_the_rules_of_claims(as_admin):
    assert send(as_admin, "texts", clinic__mail_words="Our serum heals acne").status_code == 422
    send(as_admin, "texts", clinic__mail_words="With warm regards from all of us")
    assert "With warm regards from all of us" in as_admin.get("/admin/setup/texts").text


def test_own_colours_come_as_a_stylesheet_named_by_its_content(as_admin, client):
    assert "/assets/brand/" not in client.get("/").text
    assert send(as_admin, "look", accent="#1f4e79", second="#123456").status_code == 303
    page = client.get("/").text
    path = page.partition('href="/assets/brand/')[2].partition('"')[0]
    styles = client.get(f"/assets/brand/{path}")
    assert styles.mimetype == "text/css"
    assert "immutable" in styles.headers["Cache-Control"]
    assert "--accent:#1f4e79" in styles.text
    assert "--display:#123456" in styles.text
    assert "prefers-color-scheme:dark" in styles.text
    assert "immutable" not in client.get("/assets/brand/0000.css").headers["Cache-Control"]
    assert f"/assets/brand/{path}" in as_admin.get("/admin").text
    send(as_admin, "look", accent="", second="")
    assert "/assets/brand/" not in client.get("/").text


@pytest.mark.parametrize(
    ("field", "colour", "near"), [("accent", "#ffd700", "#"), ("second", "#cccccc", "#"), ("accent_dark", "#330000", "#")]
)
def test_a_colour_that_cannot_be_read_is_refused_with_the_nearest_that_can(as_admin, field, colour, near):
    answer = send(as_admin, "look", **{field: colour})
    assert answer.status_code == 422
    assert f"The nearest that can is {near}" in answer.text
    assert colour in answer.text
    assert setting("look.accent") == ""
    offered = answer.text.partition("The nearest that can is ")[2][:7]
    assert send(as_admin, "look", **{field: offered}).status_code == 303


def test_a_logo_is_drawn_anew_and_stands_on_every_page(as_admin, client):
    fields = form_of(as_admin, "look").fields
    sent = {name: value for name, value in fields.items() if name != "file"} | {"file": (logo(), "logo.png")}
    assert as_admin.post("/admin/setup/look", data=sent, content_type="multipart/form-data").status_code == 303
    page = client.get("/").text
    path = "/media/" + page.partition('class="logo-own" src="/media/')[2].partition('"')[0]
    answer = client.get(path)
    assert answer.mimetype == "image/webp"
    with Image.open(BytesIO(answer.data)) as shown:
        assert shown.size == (300, 120)
    assert 'width="150" height="60"' in page
    send(as_admin, "look", plain="y")
    assert "logo-own" not in client.get("/").text


@pytest.mark.parametrize(
    "raw",
    [b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', b"GIF89a nonsense", b"", b"\x89PNG\r\n\x1a\n broken"],
)
def test_what_is_no_picture_is_refused(as_admin, raw):
    sent = {"accent": "#1f4e79", "file": (BytesIO(raw), "logo.png")}
    answer = as_admin.post("/admin/setup/look", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "An SVG can carry a program" in answer.text
    assert "#1f4e79" in answer.text
    assert setting("look.logo") == ""
