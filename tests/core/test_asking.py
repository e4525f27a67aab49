"""What is typed is shown again without what no page may hold; secrets count character by character."""

import pytest
from flask import request

TYPED = "a\x00b\x1bc\x7f\x85d\te\nf"


@pytest.fixture
def sent(app):
    """`sent(data)`: the fields of a form as a page sees them."""

    def ask(data, **options):
        with app.test_request_context("/x", method="POST", data=data, **options):
            return request.form.to_dict(flat=False)

    return ask


def test_control_characters_are_taken_from_fields_and_tabs_and_lines_stay(sent, app):
    assert sent({"name": TYPED, "other": ["x\x01", "y"]}) == {"name": ["abcd\te\nf"], "other": ["x", "y"]}
    with app.test_request_context("/x", query_string={"q": TYPED}):
        assert request.args["q"] == "abcd\te\nf"


def test_a_form_with_a_file_is_read_the_same_way(sent):
    assert sent({"name": "a\x1bb"}, content_type="multipart/form-data") == {"name": ["ab"]}


def test_a_password_keeps_every_character(sent):
    assert sent({"password": TYPED, "current": "\x01"}) == {"password": [TYPED], "current": ["\x01"]}


def test_the_raw_body_is_untouched(app):
    with app.test_request_context("/x", method="POST", data=b"\x00\x1b{}", content_type="application/json"):
        assert request.get_data() == b"\x00\x1b{}"
        assert request.form.to_dict() == {}


def test_a_search_for_an_escape_is_a_search(client):
    page = client.get("/search", query_string={"q": "ser\x1bum"})
    assert page.status_code == 200
    assert "\x1b" not in page.text
    assert "serum" in page.text
