"""Experiment: what does a faster machine buy a network whose gradient vanishes?

Time to learn = steps × seconds per step. The steps until the loss leaves its plateau are counted at
every depth up to the spec's, the seconds per step are measured on this machine. What a faster machine
buys is arithmetic on those two and is labelled so: steps that grow g-fold per layer are paid for by a
machine g times as fast, so k times the speed buys log k / log g layers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from sim import losses
from sim.labels import labels
from sim.measurements import Array, Facts, Series, Variant
from sim.passes import Reading
from sim.replicas import draw
from sim.reporting import Report
from sim.spec import Spec
from sim.training import train
from sim.training.pace import Pace, measure_pace, seconds_per_step, threads

LEAST_DEPTHS = 3
"""Depths that must have left the plateau for a growth to be told: through two there is always a line."""

# Below this growth per layer depth costs no extra steps worth a faster machine.
_GROWTH = 1.05
# Student's t of a 95 % interval, for 1, 2, … degrees of freedom; then a little more than for endless ones.
_STUDENT, _STUDENT_LARGE = (12.7, 4.3, 3.2, 2.8, 2.6, 2.4), 2.3
# That depth costs nothing is a finding only where the interval reaches no further than this factor.
_TOLD = 1.25


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Train at every depth from 1 to the spec's until the plateau is left or the steps are used up.

    Series per variant: `steps` (replica, depth), NaN where the plateau was not left within
    `spec.steps`; `step_seconds` (depth), the median time of one step of one network on one thread.

    Facts per variant, where a list has one entry for each of `depths`:
        `steps_median`, `first`, `last`: steps to leave, None where more than half of the networks did not
            within the `budget`; `never_left`: the share of those; `depths_left`: how many depths have one.
        `growth_per_layer`: by what factor the steps grow per layer; `growth_low` and `growth_high`: its 95 %
            interval, from the spread of the networks' own growths, or of one network about its line. All None
            where fewer than `LEAST_DEPTHS` were left; the growth is None where the interval says neither that
            steps grow, nor that they shrink, nor that they stay about the same.
        `layers_bought`, `layers_for_10x`, `layers_for_100x`: arithmetic on the growth.
        `seconds_per_step`, `seconds_last`, `seconds_to_leave`: of one network on one thread.
        `steps_per_second` of the deepest network alone by `one_thread`, by `all_threads`, of which there are
            `threads_all`, and on `cuda`, a device called `cuda_name`; None where there is none.
            `seconds_to_leave_last`: the same of `last`.
    """
    names = labels(specs)
    # The deepest network takes most of the steps, so the share of work done grows with depth.
    total = sum(spec.depth**2 for spec in specs)
    variants: list[Variant] = []
    done = 0
    for spec, label in zip(specs, names, strict=True):
        steps = np.empty((spec.seeds, spec.depth))
        seconds = np.empty(spec.depth)
        for depth in range(1, spec.depth + 1):
            report((done + depth**2) / total, f"{label}, depth {depth}")
            steps[:, depth - 1] = _steps_to_leave(replace(spec, depth=depth))
            with threads(1):
                seconds[depth - 1] = seconds_per_step(replace(spec, depth=depth))
        done += spec.depth**2
        pace = measure_pace(spec, one_thread=float(seconds[-1]))
        series = {
            "steps": Series(axes=("replica", "depth"), values=steps),
            "step_seconds": Series(axes=("depth",), values=seconds),
        }
        facts = _facts(spec, steps, seconds, pace)
        variants.append(Variant(spec=spec, label=label, series=series, facts=facts))
    return tuple(variants), {}


def _steps_to_leave(spec: Spec) -> Array:
    left = np.full(spec.seeds, np.nan)
    threshold = losses.LEFT * losses.plateau(spec)
    for chunk in draw(spec):
        inside = left[chunk.numbers.start : chunk.numbers.stop]

        def observe(step: int, reading: Reading, inside: Array = inside) -> bool:
            inside[np.isnan(inside) & (reading.loss < threshold).numpy()] = step
            return not np.isnan(inside).any()

        train(spec, chunk.network, chunk.parameters, chunk.batch, observe)
    return left


def _facts(spec: Spec, steps: Array, seconds: Array, pace: Pace) -> dict[str, Any]:
    never = np.isnan(steps)
    # A depth has a median when at least half of its networks left: the others count as later.
    medians = np.median(np.where(never, np.inf, steps), axis=0)
    known = np.isfinite(medians)
    last = float(medians[-1]) if known[-1] else None
    line = _fit(steps)
    growth = None if line is None else line.growth
    paces = {"one_thread": pace.one_thread, "all_threads": pace.all_threads, "cuda": pace.gpu}
    return {
        "depths": list(range(1, spec.depth + 1)),
        "steps_median": [float(m) if ok else None for m, ok in zip(medians, known, strict=True)],
        "first": float(medians[0]) if known[0] else None,
        "last": last,
        "never_left": never.mean(axis=0).tolist(),
        "depths_left": int(known.sum()),
        "growth_per_layer": growth,
        "growth_low": None if line is None else line.low,
        "growth_high": None if line is None else line.high,
        "budget": spec.steps,
        "seconds_per_step": seconds.tolist(),
        "seconds_last": float(seconds[-1]),
        "seconds_to_leave": [
            float(m * s) if math.isfinite(m) else None for m, s in zip(medians, seconds, strict=True)
        ],
        "seconds_to_leave_last": {
            name: None if last is None or each is None else last * each for name, each in paces.items()
        },
        "steps_per_second": {name: None if each is None else 1 / each for name, each in paces.items()},
        "threads_all": pace.threads,
        "cuda_name": pace.gpu_name,
        "layers_bought": {str(times): _layers_bought(times, growth) for times in (10, 100)},
        "layers_for_10x": _layers_bought(10, growth),
        "layers_for_100x": _layers_bought(100, growth),
        "torch_threads": torch.get_num_threads(),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """Steps ∝ exp(slope · depth), where the slope is known up to `error` on either side."""

    slope: float
    error: float

    @property
    def low(self) -> float:
        return math.exp(self.slope - self.error)

    @property
    def high(self) -> float:
        return math.exp(self.slope + self.error)

    @property
    def growth(self) -> float | None:
        """The growth per layer, or None where it is within its spread."""
        told = not self.low <= 1 <= self.high or self.error < math.log(_TOLD)
        return math.exp(self.slope) if told else None


def _fit(steps: Array) -> _Line | None:
    """Fit a line to the logarithms of the medians over the replicas; fewer than one step counts as one."""
    medians = np.median(np.where(np.isnan(steps), np.inf, steps), axis=0)
    known = np.isfinite(medians)
    if known.sum() < LEAST_DEPTHS:
        return None
    depths = np.arange(1.0, len(medians) + 1)[known]
    logs = np.log(np.maximum(medians[known], 1.0))
    slope, start = np.polyfit(depths, logs, 1)
    if len(slopes := _slopes(depths, steps[:, known])) > 1:
        freedom = len(slopes) - 1
        error = float(np.std(slopes, ddof=1)) / math.sqrt(len(slopes))
    else:
        freedom = len(depths) - 2
        misses = logs - start - slope * depths
        error = math.sqrt(np.square(misses).sum() / freedom / np.square(depths - depths.mean()).sum())
    factor = _STUDENT[freedom - 1] if freedom <= len(_STUDENT) else _STUDENT_LARGE
    return _Line(slope=float(slope), error=factor * error)


def _slopes(depths: Array, steps: Array) -> list[float]:
    """Fit a line of its own to every network that left at enough depths."""
    slopes: list[float] = []
    for row in range(len(steps)):
        own: Array = steps[row]
        left = ~np.isnan(own)
        if left.sum() >= LEAST_DEPTHS:
            away: Array = depths[left] - depths[left].mean()
            logs: Array = np.log(np.maximum(own[left], 1.0))
            slopes.append(float((away * logs).sum() / np.square(away).sum()))
    return slopes


def _layers_bought(times: float, growth: float | None) -> float | None:
    return math.log(times) / math.log(growth) if growth is not None and growth > _GROWTH else None
