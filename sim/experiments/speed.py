"""Experiment: what does a faster machine buy a network whose gradient vanishes?

Time to learn = steps × seconds per step. The steps until the loss leaves its plateau are counted at
every depth up to the spec's, the seconds per step are measured on this machine. What a faster machine
buys is arithmetic on those two and is labelled so: steps that grow g-fold per layer are paid for by a
machine g times as fast, so k times the speed buys log k / log g layers.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import replace
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

LEFT = 0.9
"""The loss has left the plateau when it is below this share of it."""

# Steps that are timed for one network alone, at each depth.
_TIMED_STEPS = 20
# Below this growth per layer depth costs no extra steps worth a faster machine.
_GROWTH = 1.05


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Train at every depth from 1 to the spec's until the plateau is left or the steps are used up.

    Series per variant: `steps` (replica, depth), NaN where the plateau was not left within
    `spec.steps`; `step_seconds` (depth), the median time of one step of one network.
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
            seconds[depth - 1] = _seconds_per_step(replace(spec, depth=depth, seeds=1, steps=_TIMED_STEPS))
        done += spec.depth**2
        series = {
            "steps": Series(axes=("replica", "depth"), values=steps),
            "step_seconds": Series(axes=("depth",), values=seconds),
        }
        variants.append(Variant(spec=spec, label=label, series=series, facts=_facts(spec, steps, seconds)))
    return tuple(variants), {}


def _steps_to_leave(spec: Spec) -> Array:
    left = np.full(spec.seeds, np.nan)
    threshold = LEFT * losses.plateau(spec)
    for chunk in draw(spec):
        inside = left[chunk.numbers.start : chunk.numbers.stop]

        def observe(step: int, reading: Reading, inside: Array = inside) -> bool:
            inside[np.isnan(inside) & (reading.loss < threshold).numpy()] = step
            return not np.isnan(inside).any()

        train(spec, chunk.network, chunk.parameters, chunk.batch, observe)
    return left


def _seconds_per_step(spec: Spec) -> float:
    times: list[float] = []

    def observe(_step: int, _reading: Reading) -> bool:
        times.append(time.perf_counter())
        return False

    for chunk in draw(spec):
        train(spec, chunk.network, chunk.parameters, chunk.batch, observe)
    return float(np.median(np.diff(times)))


def _facts(spec: Spec, steps: Array, seconds: Array) -> dict[str, Any]:
    never = np.isnan(steps)
    # A depth has a median when at least half of its networks left: the others count as later.
    medians = np.median(np.where(never, np.inf, steps), axis=0)
    known = np.isfinite(medians)
    growth = _growth(np.arange(1.0, spec.depth + 1)[known], medians[known])
    return {
        "depths": list(range(1, spec.depth + 1)),
        "steps_median": [float(m) if ok else None for m, ok in zip(medians, known, strict=True)],
        "first": float(medians[0]) if known[0] else None,
        "last": float(medians[-1]) if known[-1] else None,
        "never_left": never.mean(axis=0).tolist(),
        "growth_per_layer": growth,
        "budget": spec.steps,
        "seconds_per_step": seconds.tolist(),
        "seconds_last": float(seconds[-1]),
        "seconds_to_leave": [
            float(m * s) if math.isfinite(m) else None for m, s in zip(medians, seconds, strict=True)
        ],
        "layers_bought": {str(times): _layers_bought(times, growth) for times in (10, 100)},
        "layers_for_10x": _layers_bought(10, growth),
        "layers_for_100x": _layers_bought(100, growth),
        "torch_threads": torch.get_num_threads(),
    }


def _growth(depths: Array, medians: Array) -> float | None:
    """Fit steps ∝ growth^depth by least squares on the logarithms; fewer than one step counts as one."""
    if len(depths) < 2:  # noqa: PLR2004  a line needs two points
        return None
    slope = np.polyfit(depths, np.log(np.maximum(medians, 1.0)), 1)[0]
    return float(np.exp(slope))


def _layers_bought(times: float, growth: float | None) -> float | None:
    return math.log(times) / math.log(growth) if growth is not None and growth > _GROWTH else None
