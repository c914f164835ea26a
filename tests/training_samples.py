"""Runs of training as the engine would return them, made with numpy in microseconds."""

from dataclasses import replace
from typing import Any

import numpy as np
from plot_samples import measured, profile

from sim.measurements import Array, Measurements, Series, Variant
from sim.plots.card import Card
from sim.spec import Spec

LN2 = float(np.log(2))
STILL = 1e-3
TRAINED = Spec(depth=10, width=32, steps=300, data="blobs")


def over_seeds(values: Array, seeds: int, spread: float = 0.1) -> Array:
    """Repeat values over seeds, each multiplied by its own noise."""
    random = np.random.default_rng(0)
    with np.errstate(all="ignore"):
        return np.multiply.outer(np.exp(spread * random.standard_normal(seeds)), values)


def trained(  # noqa: PLR0913  one word for each thing that a test may want to go wrong
    spec: Spec = TRAINED,
    *,
    last: float = LN2,
    update: float = 1e-9,
    moved: float = 1e-7,
    loss: Array | None = None,
    updates: Array | None = None,
    heat: Array | None = None,
    plateau: float = LN2,
) -> Variant:
    """One variant of a training run; what is given by hand replaces what would be plausible."""
    steps = np.unique(np.linspace(0, spec.steps, min(spec.steps, 100) + 1).round())
    if loss is None:
        loss = last + (1.1 * plateau - last) * np.exp(-8 * steps / max(spec.steps, 1))
    before = steps[:-1]
    first = np.full(len(before), update) if updates is None else updates
    rows = np.unique(np.linspace(0, spec.steps, min(spec.steps, 40) + 1).round())
    signal = 0.03 * np.float64(4.0) ** (np.arange(spec.depth) - spec.depth + 1)
    heat = np.tile(signal, (len(rows), 1)) if heat is None else heat
    layers = 1 if spec.arch in {"rnn", "lstm", "gru"} else spec.depth
    movement = np.geomspace(moved, max(moved, 0.1), layers)

    def by_seed(values: Array) -> Series:
        return Series(axes=("replica", "step"), values=over_seeds(values, spec.seeds, 0.02))

    series = {
        "loss": by_seed(loss),
        "loss_steps": Series(axes=("step",), values=steps),
        "update_first": by_seed(first),
        "update_last": by_seed(first if layers == 1 else np.full(len(before), 3e-3)),
        "update_steps": Series(axes=("step",), values=before),
        "heat": Series(axes=("step", "layer"), values=heat),
        "heat_steps": Series(axes=("step",), values=rows),
        "moved": Series(axes=("replica", "layer"), values=over_seeds(movement, spec.seeds)),
    }
    end = float(loss[-1])
    facts: dict[str, Any] = {
        "loss": {"first": float(loss[0]), "last": end, "plateau": plateau, "steps": spec.steps},
        "learnt": bool(end < 0.9 * plateau),
        "diverged": not np.isfinite(end),
        "accuracy": 0.51 if end > 0.9 * plateau else 1.0,
        "chance": 0.5,
        "moved": movement.tolist(),
        "still_layers": [layer for layer, share in enumerate(movement, start=1) if share < STILL],
        "update": {"first": float(first[0]), "last": 3e-3},
        "first_over_last": _ratio(heat[-1]),
        "start": {"first_over_last": _ratio(heat[0])},
        "overflow_layers": [int(at) + 1 for at in np.flatnonzero(~np.isfinite(heat[-1]))],
        "underflow_layers": [int(at) + 1 for at in np.flatnonzero(heat[-1] == 0)],
    }
    return Variant(spec=spec, label="", series=series, facts=facts)


def _ratio(signal: Array) -> float | None:
    with np.errstate(all="ignore"):
        return float(signal[0] / signal[-1]) if signal[-1] else None


def runs(*variants: Variant) -> Measurements:
    """Wrap the variants of a training run."""
    return measured("training", *variants)


RATES = np.array([0.001, 0.0032, 0.01, 0.032, 0.1, 0.32, 1.0, 3.2, 10.0, 32.0])


def rated(
    one: list[float],
    layered: list[float],
    *,
    spec: Spec | None = None,
    plateau: float = LN2,
    growth: float = 4.3,
) -> Variant:
    """One variant of a sweep: the final loss at every rate, with one rate and with layer-wise rates."""
    spec = spec or replace(TRAINED, seeds=8)
    ways = {"loss": np.array(one), "loss_by_layer": np.array(layered)}
    series = {
        name: Series(axes=("replica", "point"), values=over_seeds(values, spec.seeds, 0.01))
        for name, values in ways.items()
    } | {"rates": Series(axes=("point",), values=RATES[: len(one)])}
    one_rate, by_layer = (_summary(values, plateau) for values in ways.values())
    facts = {"plateau": plateau, "growth_by_layer": growth, "one_rate": one_rate, "by_layer": by_layer}
    return Variant(spec=spec, label="", series=series, facts=facts)


def _summary(loss: Array, plateau: float) -> dict[str, Any]:
    counted = np.where(np.isfinite(loss), loss, np.inf)
    best = int(np.argmin(counted))
    left = [float(rate) for rate, value in zip(RATES, counted, strict=False) if value < 0.9 * plateau]
    lost = [float(rate) for rate, value in zip(RATES, counted, strict=False) if not value < 2 * plateau]
    return {
        "best_rate": float(RATES[best]), "best_loss": float(counted[best]), "rates_that_learn": left,
        "rates_that_diverge": lost, "learns": bool(left),
    }  # fmt: skip


STUCK_AT_ALL = [LN2] * 9 + [np.inf]
HELPED = [LN2] * 5 + [0.5, 0.1, 0.4, np.nan, np.inf]


def sequence(factor: float = 0.85, **knobs: Any) -> Variant:
    """A recurrent network that hands back the same share of its gradient at every step."""
    spec = Spec.from_json(Spec(arch="lstm", activation="tanh", depth=30, width=32).to_json() | knobs)
    return profile(spec, factor, noise=0.01)


def texts(card: Card) -> list[str]:
    """Return every text of the card, before its labels are drawn."""
    labels = ["".join(run.text for run in row.runs) for label in card.labels for row in label.rows]
    frame = card.frame
    return [frame.title, frame.quantity, frame.x_label, frame.footer, *labels]
