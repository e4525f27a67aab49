"""A load of visitors over raw sockets: cheap enough that the server, not the client, is measured."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.visiting import Connection

MOST_SECONDS = 60.0


Act = Callable[[Connection, int], int]  # (visitor, running number) -> requests made; raises when an answer is wrong


@dataclass(frozen=True)
class Result:
    """Acts per second over all visitors, and how long one act took."""

    acts: int
    requests: int
    seconds: float
    took: list[float]

    @property
    def per_second(self) -> float:
        return self.acts / self.seconds

    def at(self, part: float) -> float:
        """Milliseconds within which this part of the acts was done."""
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * part))] * 1000


def run(url: str, act: Act, *, seconds: float, processes: int = 2, threads: int = 4) -> Result:
    """Let processes × threads visitors repeat an act for a while. Bounded in time whatever happens."""
    context = multiprocessing.get_context("fork")
    pipes = []
    for number in range(processes):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(
            target=_crowd, args=(url, act, min(seconds, MOST_SECONDS), threads, number * threads, theirs)
        )
        child.start()
        theirs.close()
        pipes.append((ours, child))
    took: list[float] = []
    requests = 0
    for pipe, child in pipes:
        outcome = pipe.recv()
        child.join()
        if isinstance(outcome, str):
            raise RuntimeError(outcome)
        took += outcome[0]
        requests += outcome[1]
    return Result(acts=len(took), requests=requests, seconds=seconds, took=took)


def _crowd(url: str, act: Act, seconds: float, threads: int, first: int, pipe: object) -> None:
    took: list[list[float]] = [[] for _ in range(threads)]
    requests, faults = [0] * threads, []

    def visit(n: int) -> None:
        visitor, number, end = Connection(url), (first + n) * 1_000_003, time.perf_counter() + seconds
        try:
            while (began := time.perf_counter()) < end:
                requests[n] += act(visitor, number)
                took[n].append(time.perf_counter() - began)
                number += 1
        except Exception as fault:
            faults.append(f"{type(fault).__name__}: {fault}")

    crowd = [threading.Thread(target=visit, args=(n,)) for n in range(threads)]
    for visitor in crowd:
        visitor.start()
    for visitor in crowd:
        visitor.join()
    pipe.send(faults[0] if faults else ([t for each in took for t in each], sum(requests)))  # type: ignore[attr-defined]
