"""Experiment: in which floating-point type does the gradient survive, and what does loss scaling do?

The same networks in several types. Loss scaling multiplies the loss by a power of two before the backward
pass and divides the gradients afterwards: Micikevicius et al. 2018, Mixed precision training,
arXiv:1710.03740, section 3.2. Scaling changes no digit, it only moves the numbers up in the type's range.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.measurements import Array, Facts, Variant
from sim.passes.automatic import AutomaticPass
from sim.profiles import Collected, profile_facts
from sim.quantiles import median
from sim.replicas import draw
from sim.reporting import Report, one_by_one
from sim.spec import Spec

PRECISIONS = ("float16", "bfloat16", "float32", "float64")
LOSS_SCALE = 2.0**15
"""The factor of loss scaling: float16's largest number is just below twice this."""


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Measure every spec with and without loss scaling; a single spec is measured in all types.

    Series per variant: `signal` and `weight` (replica, layer), and `signal_scaled`, `weight_scaled` of the
    same networks with the loss multiplied by `LOSS_SCALE` and the result divided by it.
    """
    if len(specs) == 1:
        specs = [replace(specs[0], precision=precision) for precision in PRECISIONS]
    return one_by_one(specs, report, _measure), {"loss_scale": LOSS_SCALE}


def _measure(spec: Spec, label: str, share: Report) -> Variant:
    names = ("signal", "weight", "signal_scaled", "weight_scaled")
    gathered = {name: Collected(spec) for name in names}
    for chunk in draw(spec):
        for scale, suffix in ((1.0, ""), (LOSS_SCALE, "_scaled")):
            automatic = AutomaticPass(spec, chunk.network, chunk.parameters, chunk.batch, loss_scale=scale)
            reading = automatic.run(layers=True, parameters=False)
            gathered[f"signal{suffix}"].put(chunk.numbers, reading.signal)
            gathered[f"weight{suffix}"].put(chunk.numbers, reading.weight)
        share(chunk.numbers.stop / spec.seeds, label)
    values = {name: quantity.values for name, quantity in gathered.items()}
    return Variant(
        spec=spec,
        label=label,
        series={name: quantity.series() for name, quantity in gathered.items()},
        facts=_facts(spec, values),
    )


def _facts(spec: Spec, values: dict[str, Array]) -> dict[str, Any]:
    return {
        **profile_facts(spec, values["signal"], values["weight"]),
        "precision": spec.precision,
        "layers_with_signal": _alive(values["signal"]),
        "layers_with_signal_scaled": _alive(values["signal_scaled"]),
        "layers_with_weight": _alive(values["weight"]),
        "layers_with_weight_scaled": _alive(values["weight_scaled"]),
    }


def _alive(values: Array) -> int:
    """Count the layers whose median is a number other than zero."""
    middle = median(values)
    return int(np.count_nonzero(np.isfinite(middle) & (middle > 0)))
