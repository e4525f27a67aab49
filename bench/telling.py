"""The figures as a table, and each promise with what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

PROMISED = {"list": 0.5, "product": 0.5, "search": 0.5, "purchase": 0.3}
GROWTH, BROAD_MS, MEMORY_MB, FIRST_PAGE_SECONDS = 1.2, 10.0, 140.0, 0.8
HEAD = f"{'':10}{'per second':>12}{'bare':>10}{'ratio':>8}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'CPU ratio':>11}"


def table(run: dict[str, Any]) -> str:
    """One line per act. The ratio is acts per second against the yardstick's; the CPU ratio is the other way round."""
    lines = [HEAD]
    for name, act in run["acts"].items():
        shop, bare = act["shop"], act["bare"]
        lines.append(
            f"{name:10}{shop['per_second']:12,.0f}{bare['per_second']:10,.0f}{act['ratio']:8.2f}{shop['p50_ms']:9.2f}"
            f"{shop['p99_ms']:9.2f}{shop['cpu_ms']:9.2f}{bare['cpu_ms'] / max(shop['cpu_ms'], 0.001):11.2f}"
        )
    lines.append(f"broad word alone {run['broad_ms']:.1f} ms · workers after load {run['memory_mb']:.0f} MB")
    lines.append(f"first product page {run['first_page_seconds']:.2f} s after start")
    return "\n".join(lines)


def verdicts(runs: list[dict[str, Any]]) -> Iterator[str]:
    for run in runs:
        where = f"{run['dialect']} {run['products']:,}"
        for name, least in PROMISED.items():
            if name in run["acts"]:
                ratio = run["acts"][name]["ratio"]
                yield _line(ratio >= least, f"{where}: {name} at {ratio:.2f} of bare, promised {least}")
        yield _line(
            run["broad_ms"] <= BROAD_MS, f"{where}: a broad word takes {run['broad_ms']:.1f} ms, promised {BROAD_MS}"
        )
        yield _line(
            run["memory_mb"] <= MEMORY_MB, f"{where}: workers hold {run['memory_mb']:.0f} MB, promised {MEMORY_MB:.0f}"
        )
        first = run["first_page_seconds"]
        yield _line(
            first <= FIRST_PAGE_SECONDS, f"{where}: first product page after {first:.2f} s, promised {FIRST_PAGE_SECONDS}"
        )
    yield from _growth(runs)


def _growth(runs: list[dict[str, Any]]) -> Iterator[str]:
    by_size = {(run["dialect"], run["products"]): run for run in runs}
    sizes = sorted({run["products"] for run in runs})
    for dialect in {run["dialect"] for run in runs}:
        small, large = by_size.get((dialect, sizes[0])), by_size.get((dialect, sizes[-1]))
        if not small or not large or small is large:
            continue
        for name in small["acts"]:
            times = small["acts"][name]["shop"]["per_second"] / large["acts"][name]["shop"]["per_second"]
            yield _line(
                times <= GROWTH,
                f"{dialect}: {name} is {times:.2f} times slower at {sizes[-1]:,} products, promised {GROWTH}",
            )


def _line(holds: bool, sentence: str) -> str:
    return ("  held   " if holds else "  MISSED ") + sentence
