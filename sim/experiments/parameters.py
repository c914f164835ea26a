"""Experiment: how many parameters does a network have, what does sharing save, and what of the gradient?"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.counting import Part, parts, units, uses
from sim.experiments.gradients import measure
from sim.measurements import Array, Facts, Series, Variant
from sim.replicas import draw
from sim.reporting import Report, one_by_one
from sim.spec import Spec


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Count the parameters of every spec, and measure its gradient by layer.

    Series per variant: those of `sim.experiments.gradients`; `layer_weights` and `layer_biases` (layer), the
    hidden layers' counts. A recurrent network has one such layer, the cell that all steps share.

    Facts per variant, beside those of `sim.experiments.gradients`:
        `parameters`, all of them; `weights`, `biases` and `norms` (scales and shifts), which add up to it.
        `hidden_weights`, `hidden_biases`: without the output layer, but with a stem; `layer_weights`, those
            of the last hidden layer or of the cell.
        `by_layer`: `name`, `weights`, `biases` and `norms` of each layer, the output layer last.
        `unshared_weights` and `unshared_layer_weights`: what the hidden layers, and the last of them, would
            need without sharing, see `sim.counting.Part`; `fewer`: how many times more that is.
        `uses`: how often a weight of a hidden layer is used; `units` of a layer.

    Facts of the whole: `weights_over_first` and `parameters_over_first`, the hidden weights and all
    parameters of every variant over those of the first; `same_units`, whether all layers are equally large.
    """
    variants = one_by_one(specs, report, _measure)
    facts: dict[str, Any] = {
        f"{name}_over_first": [float(v.facts[key] / variants[0].facts[key]) for v in variants]
        for name, key in (("weights", "hidden_weights"), ("parameters", "parameters"))
    }
    facts["same_units"] = len({variant.facts["units"] for variant in variants}) == 1
    return variants, facts


def _measure(spec: Spec, label: str, share: Report) -> Variant:
    # One replica is as large as any other.
    one = next(iter(draw(replace(spec, seeds=1))))
    found = parts(spec, one.parameters.slots)
    variant = measure(spec, label, share)
    hidden = [part for part in found[:-1] if part.name != "stem"]
    series = {
        "layer_weights": _series([part.weights for part in hidden]),
        "layer_biases": _series([part.biases for part in hidden]),
    }
    return replace(
        variant, series={**variant.series, **series}, facts={**variant.facts, **_facts(spec, found)}
    )


def _series(counts: Sequence[int]) -> Series:
    values: Array = np.array(counts, dtype=np.float64)
    return Series(axes=("layer",), values=values)


def _facts(spec: Spec, found: Sequence[Part]) -> dict[str, Any]:
    *hidden, _ = found
    own, unshared = sum(part.weights for part in hidden), sum(part.unshared for part in hidden)
    weights, biases, norms = (
        sum(counts) for counts in zip(*((p.weights, p.biases, p.norms) for p in found), strict=True)
    )
    return {
        "parameters": weights + biases + norms,
        "weights": weights,
        "biases": biases,
        "norms": norms,
        "hidden_weights": own,
        "hidden_biases": sum(part.biases for part in hidden),
        "layer_weights": hidden[-1].weights,
        "by_layer": [
            {"name": part.name, "weights": part.weights, "biases": part.biases, "norms": part.norms}
            for part in found
        ],
        "unshared_weights": unshared,
        "unshared_layer_weights": hidden[-1].unshared,
        "fewer": unshared / own,
        "uses": uses(spec),
        "units": units(spec),
    }
