"""Experiment: what does training do, layer by layer?

The loss against what a network that knows nothing scores, the size of every update relative to the weights it
changes, the signal of every layer as it develops, and how far each layer has moved in the end.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from sim import losses
from sim.collapse import collapse
from sim.measurements import Array, Facts, Series, Variant
from sim.networks import Forward
from sim.passes import Reading
from sim.profiles import Collected, profile_facts
from sim.quantiles import median, quantile
from sim.recording import kept_steps, loss_facts
from sim.replicas import Replicas, draw
from sim.reporting import Report, at_step, one_by_one
from sim.spec import Spec
from sim.training import train
from sim.training.movement import Movement

STILL = 1e-3
"""A layer has not moved when the whole training changed its weights by less than this share of their size."""

# What is kept of one run, besides the start: a phone shows no more.
_RECORDS, _ROWS = 100, 40
_SPREAD = {"last_low": 0.1, "last_high": 0.9}


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Train every spec and watch it.

    Series per variant: `signal` and `weight` (replica, layer) after training, `signal_start` and
    `weight_start` before; `loss` (replica, step) at the steps `loss_steps`; `update_first` and
    `update_last` (replica, step), |ΔW|/|W| of one step in the first and last layer, at the steps
    `update_steps`; `heat` (step, layer), the median signal at the steps `heat_steps`; `moved` (replica,
    layer), |W_end − W_start|/|W_start| of all weights of a layer; a recurrent network has one such layer.
    `update_layers` (replica, layer) is |ΔW|/|W| of the first step in all of these layers. `accuracy`
    (replica) is that on the training examples. `dead_start` and `dead` (replica, layer) are the shares of
    units without any slope before and after, see `sim.collapse`, where a layer has one activation and that
    draws no noise.
    """
    return one_by_one(specs, report, _measure), {}


class _Records:
    """What is kept of all replicas of one run."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.loss_at = kept_steps(spec.steps, _RECORDS)
        self.heat_at = kept_steps(spec.steps, _ROWS)
        # An update is seen as the difference to the next step, so the last step has none.
        self.update_at = {step: place for step, place in self.loss_at.items() if step < spec.steps}
        self.profiles = {
            name: Collected(spec) for name in ("signal", "weight", "signal_start", "weight_start")
        }
        self.loss = np.empty((spec.seeds, len(self.loss_at)))
        self.heat = np.empty((spec.seeds, len(self.heat_at), spec.depth))
        self.updates = np.full((2, spec.seeds, len(self.update_at)), np.nan)
        self.first_update: list[Array] = []
        self.moved: list[Array] = []
        self.dead: dict[str, list[Array]] = {"dead_start": [], "dead": []}
        self.accuracy: list[Array] = []

    def watch(self, chunk: Replicas, label: str, share: Report) -> None:
        """Train one chunk and keep what there is to see."""
        spec, rows = self.spec, slice(chunk.numbers.start, chunk.numbers.stop)
        movement = Movement(chunk.parameters)

        def observe(step: int, reading: Reading) -> bool:
            if step == 0:  # after any pretraining
                movement.restart()
                # A look at the units would draw noise that the run then misses.
                if self.spec.activation != "noisy_relu":
                    self._keep_dead(chunk, "dead_start", _forward(chunk))
            if step == 1:
                self.first_update.append(movement.since_start().numpy())
            if step - 1 in self.update_at:
                self.updates[:, rows, self.update_at[step - 1]] = movement.last_update().numpy()
            if step in self.update_at:
                movement.remember()
            if step in self.loss_at:
                self.loss[rows, self.loss_at[step]] = reading.loss.double().numpy()
                done = (rows.start + len(chunk.numbers) * step / spec.steps) / spec.seeds
                share(done, at_step(label, step, spec.steps))
            if reading.signal is not None:
                self.heat[rows, self.heat_at[step]] = reading.signal.numpy()
                self._keep_profile(chunk, step, reading)
            return False

        train(spec, chunk.network, chunk.parameters, chunk.batch, observe, layers_at=self.heat_at)
        self.moved.append(movement.since_start().numpy())
        end = _forward(chunk)
        self._keep_dead(chunk, "dead", end)
        self.accuracy.append(losses.accuracy(spec, end.outputs, chunk.batch.labels).double().numpy())

    def _keep_dead(self, chunk: Replicas, name: str, forward: Forward) -> None:
        dead = None if self.spec.activation == "noisy_relu" else collapse(forward, chunk.phi).dead
        if dead is not None:
            self.dead[name].append(dead.numpy())

    def _keep_profile(self, chunk: Replicas, step: int, reading: Reading) -> None:
        names = {0: ("signal_start", "weight_start"), self.spec.steps: ("signal", "weight")}.get(step)
        if names:
            for name, values in zip(names, (reading.signal, reading.weight), strict=True):
                self.profiles[name].put(chunk.numbers, values)

    def series(self) -> dict[str, Series]:
        """Return everything as the series of a variant."""
        by_step = ("replica", "step")
        first, last = self.updates
        return {name: profile.series() for name, profile in self.profiles.items()} | {
            "loss": Series(axes=by_step, values=self.loss),
            "loss_steps": _steps(self.loss_at),
            "update_first": Series(axes=by_step, values=first),
            "update_last": Series(axes=by_step, values=last),
            "update_steps": _steps(self.update_at),
            "heat": Series(axes=("step", "layer"), values=median(self.heat)),
            "heat_steps": _steps(self.heat_at),
            "update_layers": _by_layer(self.first_update),
            "moved": _by_layer(self.moved),
            "accuracy": Series(axes=("replica",), values=np.concatenate(self.accuracy)),
            **{name: _by_layer(chunks) for name, chunks in self.dead.items() if chunks},
        }


def _steps(at: dict[int, int]) -> Series:
    return Series(axes=("step",), values=np.array(list(at), dtype=np.float64))


def _by_layer(chunks: Sequence[Array]) -> Series:
    return Series(axes=("replica", "layer"), values=np.concatenate(chunks))


@torch.no_grad()
def _forward(chunk: Replicas) -> Forward:
    return chunk.network(chunk.parameters.tensors, chunk.batch.inputs)


def _measure(spec: Spec, label: str, share: Report) -> Variant:
    records = _Records(spec)
    for chunk in draw(spec):
        records.watch(chunk, label, share)
    series = records.series()
    return Variant(spec=spec, label=label, series=series, facts=_facts(spec, series))


def _facts(spec: Spec, series: dict[str, Series]) -> dict[str, Any]:
    values = {name: one.values for name, one in series.items()}
    moved = median(values["moved"])
    loss = loss_facts(spec, values["loss"])
    ends = values["loss"][:, -1]
    left = losses.LEFT * loss["plateau"]
    start = profile_facts(spec, values["signal_start"], values["weight_start"])
    return {
        **profile_facts(spec, values["signal"], values["weight"]),
        "dead_share": _worst(values.get("dead")),
        "start": {**start, "dead_share": _worst(values.get("dead_start"))},
        "loss": {
            **loss,
            **{name: float(quantile(ends, share)) for name, share in _SPREAD.items()},
            "seeds_learnt": int((ends < left).sum()),
        },
        "learnt": bool(loss["last"] < left),
        "diverged": not bool(np.isfinite(loss["last"])),
        "accuracy": float(median(values["accuracy"])),
        "chance": 1 / losses.classes(spec),
        "moved": moved.tolist(),
        "still_layers": [layer for layer, share in enumerate(moved.tolist(), start=1) if share < STILL],
        "update": {
            **{name: float(median(values[f"update_{name}"])[0]) for name in ("first", "last")},
            "by_layer": median(values["update_layers"]).tolist(),
        },
    }


def _worst(shares: Array | None) -> float | None:
    """Return the largest share of any layer; None where it was not measured."""
    return None if shares is None else float(median(shares).max())
