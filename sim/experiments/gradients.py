"""Experiment: how large is the gradient in every layer, untrained or after training?"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from sim import gradients, losses
from sim.algebra import root_mean_square
from sim.experiments import replicas
from sim.labels import labels
from sim.measurements import Array, Facts, Series, Variant
from sim.quantiles import median
from sim.spec import Spec
from sim.theory import Prediction, predict
from sim.training import train

Report = Callable[[float, str], None]

# Between these factors per layer a gradient neither vanishes nor explodes visibly: 1.02^20 = 1.5.
_STEADY = (0.98, 1.02)
# Losses that are kept of one run, besides the first: a phone shows no more.
_LOSSES = 200


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Measure signal and weight gradient of every hidden layer for every spec.

    Series per variant: `signal` and `weight` (replica, layer); `theory` (layer), the predicted
    signal through the measured median of the last layer, where a theory applies; if
    the spec trains, `loss` (replica, step) at the steps `loss_steps`.
    """
    names = labels(specs)
    variants: list[Variant] = []
    for number, (spec, name) in enumerate(zip(specs, names, strict=True)):

        def share(done: float, number: int = number, name: str = name) -> None:
            report((number + done) / len(specs), name)

        variants.append(_measure(spec, name, share))
    return tuple(variants), {}


def _measure(spec: Spec, label: str, share: Callable[[float], None]) -> Variant:
    signal = np.empty((spec.seeds, spec.depth))
    weight = np.empty_like(signal)
    kept = _kept_steps(spec.steps)
    loss = np.empty((spec.seeds, len(kept)))
    input_squares: list[float] = []
    input_units = 0
    for chunk in replicas.draw(spec):

        def observe(step: int, batch_loss: torch.Tensor, rows: range = chunk.numbers) -> bool:
            if step in kept:
                loss[rows, kept[step]] = batch_loss.double().numpy()
            if step % 20 == 0:
                share((rows.start + len(rows) * step / max(spec.steps, 1)) / spec.seeds)
            return False

        input_squares.append(float(root_mean_square(chunk.batch.inputs).square().mean()))
        input_units = chunk.batch.inputs.shape[2]
        if spec.steps:
            train(spec, chunk.network, chunk.batch, observe)
        measured = gradients.by_layer(spec, chunk.network, chunk.batch)
        signal[chunk.numbers] = measured.signal.numpy()
        weight[chunk.numbers] = measured.weight.numpy()
        share(chunk.numbers.stop / spec.seeds)
    theory = predict(spec, input_mean_square=float(np.mean(input_squares)), input_units=input_units)
    series = {
        "signal": Series(axes=("replica", "layer"), values=signal),
        "weight": Series(axes=("replica", "layer"), values=weight),
    }
    last = float(median(signal)[-1])
    if theory is not None and theory.factor_per_layer is not None and np.isfinite(last):
        series["theory"] = Series(axes=("layer",), values=theory.anchored(last))
    facts = _facts(signal, weight, theory)
    if spec.steps:
        series["loss"] = Series(axes=("replica", "step"), values=loss)
        series["loss_steps"] = Series(axes=("step",), values=np.array(list(kept), dtype=np.float64))
        facts["loss"] = _loss_facts(spec, loss)
    return Variant(spec=spec, label=label, series=series, facts=facts)


def _kept_steps(steps: int) -> dict[int, int]:
    """Choose the steps whose loss is kept, evenly from first to last, each with its place in the series."""
    chosen = np.unique(np.linspace(0, steps, min(steps, _LOSSES) + 1).round().astype(int))
    return {int(step): place for place, step in enumerate(chosen)}


def _facts(signal: Array, weight: Array, theory: Prediction | None) -> dict[str, Any]:
    factors = factor_per_layer(signal)
    factor = float(np.median(factors[np.isfinite(factors)])) if np.isfinite(factors).any() else None
    first, last = (float(median(signal)[layer]) for layer in (0, -1))
    return {
        "depth": signal.shape[1],
        "factor_per_layer": factor,
        "theory_factor_per_layer": theory.factor_per_layer if theory else None,
        "regime": _regime(factor),
        "shrink_per_layer": None if not factor else 1 / factor,
        "first": first,
        "last": last,
        "first_over_last": first / last if last else None,
        "weight": {
            "first": float(median(weight)[0]),
            "last": float(median(weight)[-1]),
            "first_over_last": _ratio(weight),
            **_edges(weight),
        },
        **_edges(signal),
    }


def _edges(values: Array) -> dict[str, list[int]]:
    """Number the layers, from 1 at the input side, whose median overflows or is exactly zero."""
    middle = median(values).tolist()
    return {
        "overflow_layers": [layer for layer, value in enumerate(middle, start=1) if not math.isfinite(value)],
        "underflow_layers": [layer for layer, value in enumerate(middle, start=1) if value == 0],
    }


def factor_per_layer(signal: Array) -> Array:
    """Return the mean norm factor of every replica, shape (replica,).

    It is the geometric mean of signal[l]/signal[l+1] over the layers whose signal is finite and not
    rounded to zero; NaN for a replica with fewer than two of those.
    """
    factors = np.full(len(signal), np.nan)
    for row, values in enumerate(signal):
        usable = np.flatnonzero(np.isfinite(values) & (values > 0))
        if len(usable) > 1:
            bottom, top = usable[0], usable[-1]
            ratio = np.log(values[bottom]) - np.log(values[top])
            factors[row] = np.exp(ratio / (top - bottom))
    return factors


def _regime(factor: float | None) -> str:
    if factor is None:
        return "unknown"
    low, high = _STEADY
    return "vanishes" if factor < low else "explodes" if factor > high else "steady"


def _ratio(values: Array) -> float | None:
    first, last = (float(median(values)[layer]) for layer in (0, -1))
    return first / last if last else None


def _loss_facts(spec: Spec, loss: Array) -> dict[str, Any]:
    first, last = (float(median(loss)[step]) for step in (0, -1))
    return {"first": first, "last": last, "plateau": losses.PLATEAU[spec.loss], "steps": spec.steps}
