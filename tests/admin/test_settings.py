"""The settings desk: each value by its type, checked together, with who changed what."""

import pytest

from shop.admin.settings.typing_in import groups, keys_of
from shop.core.settings import DEFAULTS, setting
from tests.support.forms import forms


def group_form(browser, group, **typed):
    path = f"/admin/settings/{group}"
    form = next(f for f in forms(browser.get(path).text, here=path) if f.action == path)
    return path, {**form.fields, **typed}


def test_every_setting_but_the_hidden_ones_has_its_place():
    shown = {key for group in groups() for key in keys_of(group)}
    set_up = {key for key in DEFAULTS if key.startswith(("look.", "setup."))}  # these have a page of their own
    assert shown == set(DEFAULTS) - {"clinic.demo", "rules.bind"} - set_up


def test_every_group_is_saved_as_it_stands_without_a_change(as_admin):
    before = {key: setting(key) for key in DEFAULTS}
    for group in groups():
        path, sent = group_form(as_admin, group)
        answer = as_admin.post(path, data=sent)
        assert answer.status_code == 303, (group, answer.text[:2000])
        assert "was" not in as_admin.get(path).text.partition("Who changed what")[2]
    assert {key: setting(key) for key in DEFAULTS} == before


def test_a_change_is_seen_by_everybody_and_names_its_author(as_admin, client):
    path, sent = group_form(as_admin, "clinic", clinic__name="Quiet Lane Clinic")
    assert as_admin.post(path, data=sent).status_code == 303
    assert "Quiet Lane Clinic" in client.get("/").text
    page = as_admin.get(path).text
    assert "was Linden Row Skin Clinic, by Admin" in page


def test_lists_hours_amounts_and_switches_keep_their_type(as_admin):
    path, sent = group_form(
        as_admin, "clinic", clinic__hours="Monday | 9 to 5\nTuesday | closed", clinic__address="1 Lane\nBath"
    )
    as_admin.post(path, data=sent)
    assert setting("clinic.hours") == [["Monday", "9 to 5"], ["Tuesday", "closed"]]
    assert setting("clinic.address") == ["1 Lane", "Bath"]
    path, sent = group_form(as_admin, "delivery", delivery__free_from_minor="75.50")
    sent.pop("delivery__collect")
    as_admin.post(path, data=sent)
    assert setting("delivery.free_from_minor") == 7550
    assert setting("delivery.collect") is False


@pytest.mark.parametrize(("group", "typed", "sentence"), [
    ("clinic", {"clinic__name": ""}, "cannot be empty"),
    ("clinic", {"clinic__country": "Britain"}, "two capital letters"),
    ("clinic", {"clinic__email": "nowhere"}, "e-mail address"),
    ("checkout", {"checkout__hold_minutes": "31"}, "held longer"),
    ("checkout", {"checkout__session_minutes": "5"}, "30 minutes to 24 hours"),
    ("checkout", {"checkout__hold_minutes": "soon"}, "type a whole number"),
    ("checkout", {"checkout__hold_minutes": "99999999999999999999"}, "type a whole number"),
    ("delivery", {"delivery__countries": "GB\nQQ"}, "QQ is no country"),
    ("delivery", {"delivery__free_from_minor": "12,50"}, "A comma can mean two things"),
    ("orders", {"orders__number_prefix": "ag_"}, "capital letters"),
    ("vat", {"vat__percent": "twenty"}, "Figures"),
    ("stock", {"stock__low_days": "-4"}, "cannot be right"),
])  # fmt: skip
def test_what_cannot_be_is_refused_and_kept(as_admin, group, typed, sentence):
    path, sent = group_form(as_admin, group, **typed)
    before = {key: setting(key) for key in keys_of(group)}
    answer = as_admin.post(path, data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert {key: setting(key) for key in keys_of(group)} == before


def test_two_people_do_not_overwrite_each_other(as_admin, as_role):
    path, older = group_form(as_admin, "clinic", clinic__phone="020 1")
    owner = as_role("owner")
    _, sent = group_form(owner, "clinic", clinic__phone="020 2")
    owner.post(path, data=sent)
    assert as_admin.post(path, data=older).status_code == 409
    assert setting("clinic.phone") == "020 2"


def test_a_group_that_does_not_exist_is_a_404(as_admin):
    assert as_admin.get("/admin/settings/payments").status_code == 404
