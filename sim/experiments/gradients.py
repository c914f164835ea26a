"""Experiment: how large is the gradient in every layer, untrained or after training?"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.collapse import collapse
from sim.measurements import Array, Facts, Series, Variant
from sim.passes import Reading, build_pass
from sim.profiles import Collected, profile_facts
from sim.quantiles import median
from sim.recording import kept_steps, loss_facts
from sim.replicas import Replicas, draw
from sim.reporting import Report, at_step, one_by_one
from sim.spec import Spec
from sim.theory import predict
from sim.training import train

# Losses that are kept of one run, besides the first: a phone shows no more.
_LOSSES = 200


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Measure signal and weight gradient of every hidden layer for every spec.

    Series per variant: `signal` and `weight` (replica, layer); `theory` (layer), the predicted
    signal through the measured median of the last layer, where a theory applies; `cosine`, `flat` and
    `dead` (replica, layer), see `sim.collapse`; if the spec trains, `loss` (replica, step) at the steps
    `loss_steps`.
    """
    return one_by_one(specs, report, measure), {}


def measure(spec: Spec, label: str, share: Report) -> Variant:
    """Measure one configuration; `share` is told the share of its work that is done."""
    gathered = {name: Collected(spec) for name in ("signal", "weight", "cosine", "flat", "dead")}
    kept = kept_steps(spec.steps, _LOSSES)
    loss = np.empty((spec.seeds, len(kept)))
    input_squares: list[float] = []
    input_units = 0
    for chunk in draw(spec):

        def observe(step: int, reading: Reading, rows: range = chunk.numbers) -> bool:
            if step in kept:
                loss[rows, kept[step]] = reading.loss.double().numpy()
            if step % 20 == 0:
                done = (rows.start + len(rows) * step / spec.steps) / spec.seeds
                share(done, at_step(label, step, spec.steps))
            return False

        input_squares.append(float(chunk.batch.inputs.double().square().mean()))
        input_units = chunk.inputs
        if spec.steps:
            train(spec, chunk.network, chunk.parameters, chunk.batch, observe)
        _read(spec, chunk, gathered)
        share(chunk.numbers.stop / spec.seeds, label)
    signal, weight = gathered["signal"].values, gathered["weight"].values
    theory = predict(spec, input_mean_square=float(np.mean(input_squares)), input_units=input_units)
    series = {
        name: quantity.series() for name, quantity in gathered.items() if np.isfinite(quantity.values).any()
    } | {name: gathered[name].series() for name in ("signal", "weight")}
    last = float(median(signal)[-1])
    if theory is not None and theory.factor_per_layer is not None and np.isfinite(last):
        series["theory"] = Series(axes=("layer",), values=theory.anchored(last))
    facts = profile_facts(spec, signal, weight, theory) | _shares(gathered)
    if spec.steps:
        series["loss"] = Series(axes=("replica", "step"), values=loss)
        series["loss_steps"] = Series(axes=("step",), values=np.array(list(kept), dtype=np.float64))
        facts["loss"] = loss_facts(spec, loss)
    return Variant(spec=spec, label=label, series=series, facts=facts)


def _read(spec: Spec, chunk: Replicas, gathered: dict[str, Collected]) -> None:
    reading = build_pass(spec, chunk.network, chunk.parameters, chunk.batch).run(
        layers=True, parameters=False
    )
    passed = collapse(chunk.network(chunk.parameters.tensors, chunk.batch.inputs), chunk.phi)
    found = {"signal": reading.signal, "weight": reading.weight}
    found |= {"cosine": passed.cosine, "flat": passed.flat, "dead": passed.dead}
    for name, values in found.items():
        gathered[name].put(chunk.numbers, values)


def _shares(gathered: dict[str, Collected]) -> dict[str, Any]:
    """Return the last layer's cosine and the largest flat and dead share over the layers."""

    def middle(name: str) -> Array | None:
        values = gathered[name].values
        return median(values) if np.isfinite(values).all() else None

    cosine, flat, dead = (middle(name) for name in ("cosine", "flat", "dead"))
    return {
        "cosine": None if cosine is None else {"first": float(cosine[0]), "last": float(cosine[-1])},
        "flat_share": None if flat is None else float(flat.max()),
        "dead_share": None if dead is None else float(dead.max()),
    }
