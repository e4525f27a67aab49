"""The entries of a select field, from plain words."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms.fields.choices import SelectChoice


def choices(words: Mapping[str, str]) -> list[SelectChoice]:
    """value → what is read."""
    return [SelectChoice(value, label) for value, label in words.items()]
