"""Experiment: is it the learning rate?

The same networks trained at learning rates from far too small to far too large, once with one rate for all
layers and once with rates that undo the measured fall of the weight gradient from layer to layer.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim import losses
from sim.measurements import Array, Facts, Series, Variant
from sim.passes import Reading, build_pass
from sim.profiles import factor_per_layer
from sim.quantiles import median
from sim.replicas import draw
from sim.reporting import Report, one_by_one
from sim.spec import Spec
from sim.support import largest_layer_lr
from sim.training import train

RATES = tuple(float(f"{10.0**exponent:.2g}") for exponent in np.arange(-3.0, 1.75, 0.5))
"""The learning rates of the sweep: half decades from 0.001 to about 30."""

_STEEPEST = 1e3  # the most that `layer_lr` can be


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Train every spec at every rate of `RATES`, from the same initial networks.

    Series per variant: `loss` and `loss_by_layer` (replica, point), the final batch loss at every rate with
    one rate for all layers and with layer-wise rates, NaN or infinite where training diverged; `rates`
    (point).
    """
    return one_by_one(specs, report, _measure), {}


def _measure(spec: Spec, label: str, share: Report) -> Variant:
    growth = _growth(spec)
    ways = {"loss": None, "loss_by_layer": growth}
    found = {way: np.empty((spec.seeds, len(RATES))) for way in ways}
    runs = [(way, layer_lr, place) for way, layer_lr in ways.items() for place in range(len(RATES))]
    for done, (way, layer_lr, place) in enumerate(runs):
        share(done / len(runs), f"{label}, rate {RATES[place]:g}")
        one = replace(spec, lr=RATES[place], layer_lr=layer_lr)
        found[way][:, place] = _final_loss(one)
    series = {way: Series(axes=("replica", "point"), values=values) for way, values in found.items()}
    series["rates"] = Series(axes=("point",), values=np.array(RATES))
    facts: dict[str, Any] = {
        "steps": spec.steps,
        "plateau": losses.plateau(spec),
        "growth_by_layer": growth,
        "one_rate": _facts(spec, found["loss"]),
        "by_layer": _facts(spec, found["loss_by_layer"]),
    }
    return Variant(spec=spec, label=label, series=series, facts=facts)


def _growth(spec: Spec) -> float:
    """Return how much faster each layer must learn than the one above, for updates of equal size at first.

    In very deep networks it is as much as single precision allows.
    """
    weight = np.empty((spec.seeds, spec.depth))
    for chunk in draw(spec):
        reading = build_pass(spec, chunk.network, chunk.parameters, chunk.batch).run(
            layers=True, parameters=False
        )
        if reading.weight is not None:
            weight[chunk.numbers.start : chunk.numbers.stop] = reading.weight.numpy()
    factors = factor_per_layer(weight)
    finite = factors[np.isfinite(factors)]
    wanted = 1 / float(np.median(finite)) if len(finite) else 1.0
    return float(np.clip(wanted, 1 / _STEEPEST, min(_STEEPEST, largest_layer_lr(spec.depth))))


def _final_loss(spec: Spec) -> Array:
    final = np.empty(spec.seeds)
    for chunk in draw(spec):
        rows = slice(chunk.numbers.start, chunk.numbers.stop)

        def observe(_step: int, reading: Reading, rows: slice = rows) -> bool:
            final[rows] = reading.loss.double().numpy()
            # A loss that is no number any more will not become one again.
            return not np.isfinite(final[rows]).any()

        train(spec, chunk.network, chunk.parameters, chunk.batch, observe)
    return final


def _facts(spec: Spec, loss: Array) -> dict[str, Any]:
    middle = median(np.where(np.isfinite(loss), loss, np.inf))
    best = int(np.argmin(middle))
    plateau = losses.plateau(spec)
    left = [rate for rate, value in zip(RATES, middle, strict=True) if value < losses.LEFT * plateau]
    return {
        "best_rate": RATES[best] if np.isfinite(middle[best]) else None,
        "best_loss": float(middle[best]) if np.isfinite(middle[best]) else None,
        "rates_that_learn": left,
        "rates_that_diverge": [
            rate for rate, value in zip(RATES, middle, strict=True) if not value < 2 * plateau
        ],
        "learns": bool(left),
    }
