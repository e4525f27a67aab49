"""Descriptions of a former shop lose their styles and scripts and keep their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.imports.flattening import flatten


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("a<br>b &amp; c", "a\nb & c"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<strong>warm</strong> and <em>exact</em>", "**warm** and *exact*"),
        ("<b> </b>x", "x"),
        ('<div style="x" onclick="y()">in<script>alert(1)</script><style>p{}</style></div>', "in"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<p>open <p>still", "open\n\nstill"),
        ("&lt;script&gt;", "<script>"),
    ],
)
def test_html_becomes_markdown(html, text):
    assert flatten(html) == text


@given(st.text(max_size=200))
def test_any_text_is_taken_without_complaint(text):
    assert "\n\n\n" not in flatten(text)
