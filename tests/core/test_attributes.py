"""Attributes of fields, written quicker than WTForms writes them and exactly as it does."""

import pytest
from markupsafe import Markup
from wtforms.widgets import html_params

from shop.core.forms import attributes


@pytest.mark.parametrize(
    "given",
    [
        {"name": "email", "id": "email", "type": "email", "required": True, "disabled": False, "value": 'a"b<c>&'},
        {"class_": "wide", "data_step": "-1", "aria_label": Markup("one &amp; <b>two</b>"), "min": 1, "for_": "x"},
        {},
    ],
)
def test_attributes_are_written_as_wtforms_writes_them(given):
    assert attributes(**given) == html_params(**given)
