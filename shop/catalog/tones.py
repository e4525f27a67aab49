"""The sixteen tones in which packshots are drawn, by name; products keep the colours themselves."""

from __future__ import annotations

from collections.abc import Mapping

TONES = {
    "clay": "#a8583f",
    "sage": "#8ea48a",
    "porcelain": "#f3ece2",
    "ink": "#2e2a28",
    "amber": "#b9772a",
    "berry": "#8c3350",
    "sea": "#4f7f86",
    "dusk": "#7a7391",
    "moss": "#5d6b45",
    "rose": "#d9a79c",
    "sand": "#d9c6a8",
    "slate": "#66717a",
    "plum": "#5b3b55",
    "sky": "#a9c3d1",
    "lemon": "#e6d68f",
    "bark": "#6f5644",
}


def painted(drawing: Mapping[str, str]) -> dict[str, str]:
    """The same drawing with colours in place of names; a colour stays as it is."""
    return {part: TONES.get(value, value) if part != "shape" else value for part, value in drawing.items()}
