"""What a server process costs, as the kernel counts it, and one figure out of several rounds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.load import Act, Result, run
from tests.support.processes import Server

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figure:
    """One act at one server: the median round."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float

    def as_row(self) -> dict[str, float]:
        return {name: round(value, 3) for name, value in vars(self).items()}


def figure(server: Server, act: Act, *, seconds: float, processes: int = 2, threads: int = 4) -> Figure:
    """One round; the CPU is that of the web processes alone, not of the database or the load."""
    before = cpu_seconds(server)
    result = run(server.url, act, seconds=seconds, processes=processes, threads=threads)
    return _figure(result, cpu_seconds(server) - before)


def middle(figures: list[Figure]) -> Figure:
    """The median of each column."""
    return Figure(
        *(median(getattr(each, name) for each in figures) for name in ("per_second", "p50_ms", "p99_ms", "cpu_ms"))
    )


def cpu_seconds(server: Server) -> float:
    return sum(_spent(pid) for pid in (server.pid, *server.children))


def memory_mb(server: Server) -> float:
    """What the workers occupy together; what they share is counted once, the database's mapped pages not at all."""
    return sum(_own_kb(pid) for pid in server.children) / 1024


def _figure(result: Result, cpu: float) -> Figure:
    return Figure(result.per_second, result.at(0.5), result.at(0.99), cpu / max(1, result.acts) * 1000)


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _own_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Pss_Anon:", "Pss_File:")))
