"""Experiment: how far back in time does a recurrent network's gradient reach?

The same measurement as `gradients`, with time steps in the place of layers: the signal of step t is the
gradient at the state of step t, `weight` is that step's own share of the gradient of the recurrent weights.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.data.fitting import input_units
from sim.experiments.gradients import measure
from sim.measurements import Facts, Variant
from sim.reporting import Report, one_by_one
from sim.spec import Spec
from sim.theory import direct_path


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Measure signal and weight share of every time step; series as in `sim.experiments.gradients`.

    The fact `direct_per_step` is what the state of an LSTM or GRU hands back per step along its direct path
    alone, without the paths through the gates; None where no theory gives it.
    """
    return one_by_one(specs, report, _measure), {}


def _measure(spec: Spec, label: str, share: Report) -> Variant:
    variant = measure(spec, label, share)
    facts: dict[str, Any] = {**variant.facts, "direct_per_step": _direct(spec)}
    return replace(variant, facts=facts)


def _direct(spec: Spec) -> float | None:
    path = direct_path(spec, input_mean_square=spec.input_scale**2, input_units=input_units(spec))
    if path is None or not len(path):
        return None
    return float(np.exp(np.log(path).mean()))
