"""Contestants take turns on one thread; their times are compared within a round."""

import gc
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

Times = Mapping[str, Sequence[float]]
"""Seconds of every contestant, one number per round."""


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """Something to be timed.

    `warm_up` is called once before the first round, `prepare` before every timed call; neither counts.
    """

    name: str
    run: Callable[[], object]
    warm_up: Callable[[], object] = _nothing
    prepare: Callable[[], object] = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The median and the quartiles of some numbers."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Summarise at least one number."""
        low, median, high = (float(quartile) for quartile in np.percentile(values, (25, 50, 75)))
        return cls(low=low, median=median, high=high)


def one_thread() -> None:
    """Compute on one thread from now on.

    JAX has no setting for it, so where the system allows it the process is bound to one processor.
    """
    torch.set_num_threads(1)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def take_turns(
    contestants: Sequence[Contestant], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> Times:
    """Time every contestant once per round: A, B, C, A, B, C and so on."""
    for contestant in contestants:
        contestant.warm_up()
    times: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for _ in range(rounds):
        for contestant in contestants:
            contestant.prepare()
            gc.collect()  # nobody pays for the garbage of the one before
            start = clock()
            contestant.run()
            times[contestant.name].append(clock() - start)
    return times


def ratios(times: Times, name: str, base: str) -> Spread:
    """Summarise how many times as long one contestant took as another, round by round."""
    return Spread.of([own / other for own, other in zip(times[name], times[base], strict=True)])
