"""A chart drawn here, as SVG with plain shapes: bars for amounts by month, each with its words for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT = 720, 200, 24
LONGEST = 14


@dataclass(frozen=True)
class Bar:
    """Where a bar stands and what it says; `label` stands under it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    words: str
    middle: float


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    base: int
    bars: tuple[Bar, ...]
    top_words: str
    words: str


def label(name: str) -> str:
    """As much of a name as stands under a bar, cut between words where there is room."""
    if len(name) <= LONGEST:
        return name
    return (
        name[: LONGEST - 1].rpartition(" ")[0].rstrip(",") + "…"
        if " " in name[: LONGEST - 1]
        else name[: LONGEST - 1] + "…"
    )


def bars(values: Sequence[tuple[str, int, str]], *, title: str) -> Chart:
    """`values` are (label, amount, amount in words); amounts below nothing stand as nothing."""
    most = max([amount for _, amount, _ in values], default=0)
    step = WIDTH / max(len(values), 1)
    room = HEIGHT - FOOT - 16
    drawn = []
    for n, (label, amount, words) in enumerate(values):
        height = room * max(amount, 0) / most if most > 0 else 0
        x = n * step + step * 0.18
        drawn.append(
            Bar(
                x=round(x, 1),
                y=round(HEIGHT - FOOT - height, 1),
                width=round(step * 0.64, 1),
                height=round(height, 1),
                label=label,
                words=f"{label}: {words}",
                middle=round(n * step + step / 2, 1),
            )
        )
    top = next((words for _, amount, words in values if amount == most), "")
    said = "; ".join(bar.words for bar in drawn)
    return Chart(WIDTH, HEIGHT, HEIGHT - FOOT, tuple(drawn), top, f"{title}. {said}.")
