"""Measurements as the engine would return them, made with numpy in microseconds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.labels import labels
from sim.measurements import Array, Measurements, Provenance, Series, Variant
from sim.spec import Spec

PROVENANCE = Provenance(version="0.1.0", torch="2.13.0", threads=2, seconds=0.5)


def measured(experiment: str, *variants: Variant) -> Measurements:
    """Wrap variants as what the experiment measured, each labelled by what sets it apart."""
    named = labels([variant.spec for variant in variants])
    together = tuple(
        replace(variant, label=variant.label or name) for variant, name in zip(variants, named, strict=True)
    )
    return Measurements(experiment=experiment, variants=together, provenance=PROVENANCE)


def profile(
    spec: Spec,
    factor: float,
    *,
    last: float = 1e-3,
    noise: float = 0.1,
    theory: float | None = None,
) -> Variant:
    """A network in which every layer multiplies the gradient by about `factor` on its way to the input."""
    random = np.random.default_rng(spec.seed)
    steps = np.log(factor) + noise * random.standard_normal((spec.seeds, spec.depth))
    steps[:, -1] = np.log(last) + noise * random.standard_normal(spec.seeds)
    signal = np.exp(steps[:, ::-1].cumsum(axis=1)[:, ::-1])
    return from_signal(spec, signal, theory=theory)


def from_signal(spec: Spec, signal: Array, *, theory: float | None = None) -> Variant:
    """A network with exactly these gradients, of shape (replica, layer)."""
    with np.errstate(all="ignore"):
        ratios = np.log(signal[:, :-1] / signal[:, 1:])
        median = np.median(signal, axis=0)
        usable = ratios.size > 0 and bool(np.isfinite(ratios).all())
        factor = float(np.exp(np.median(ratios.mean(axis=1)))) if usable else None
        weight = 0.3 * signal
    series = {
        "signal": Series(axes=("replica", "layer"), values=signal),
        "weight": Series(axes=("replica", "layer"), values=weight),
    }
    if theory is not None:
        above = np.arange(signal.shape[1], dtype=np.float64)[::-1]
        anchored: Array = median[-1] * theory**above
        series["theory"] = Series(axes=("layer",), values=anchored)
    facts: Mapping[str, Any] = {
        "factor_per_layer": factor,
        "theory_factor_per_layer": theory,
        "regime": "unknown"
        if factor is None
        else "vanishes"
        if factor < 0.98
        else "explodes"
        if factor > 1.02
        else "steady",
        "first": float(median[0]),
        "last": float(median[-1]),
        "first_over_last": None,
        "overflow_layers": [int(layer) + 1 for layer in np.flatnonzero(~np.isfinite(median))],
        "underflow_layers": [int(layer) + 1 for layer in np.flatnonzero(median == 0)],
        **({"loss": {"first": 0.693, "last": 0.021}} if spec.steps else {}),
    }
    return Variant(spec=spec, label="", series=series, facts=facts)


def sigmoid_and_others() -> Measurements:
    """The reference picture: sigmoid vanishes, tanh and ReLU do not."""
    base = Spec(depth=24, width=256)
    return measured(
        "gradients",
        profile(base, 0.236, theory=0.2361),
        profile(replace(base, activation="relu", init="he"), 0.97, last=8e-3),
        profile(replace(base, activation="tanh"), 0.995, last=8e-4, noise=0.02),
    )


def methods(
    depth: int = 10, *, first_over_last: float = 1e-6, difference: float = 1e-7, agree: bool = True
) -> Measurements:
    """Reverse mode, forward mode and finite differences of one network."""
    spec = Spec(depth=depth, width=16, seeds=4)
    factor = first_over_last ** (1 / max(depth - 1, 1))
    reverse = profile(spec, factor).series["signal"].values
    random = np.random.default_rng(0)
    other = reverse * (1 + difference * random.standard_normal(reverse.shape))
    facts = {
        "parameters": 2_700,
        "passes": {"reverse": 1, "forward": 2_700, "finite": 5_400},
        "seconds": {"reverse": 0.0014, "forward": 11.2, "finite": 2.3},
        "difference": {"forward": 1e-15, "finite": difference},
        "first_over_last": first_over_last,
        "agree": agree,
    }
    series = {
        name: Series(axes=("replica", "layer"), values=values)
        for name, values in (("reverse", reverse), ("forward", reverse.copy()), ("finite", other))
    }
    return measured("differentiation", Variant(spec=spec, label="", series=series, facts=facts))


def plateau(
    depths: int = 7, *, growth: float = 2.8, budget: int = 20_000, seeds: int = 16, first: float = 14.0
) -> Measurements:
    """Training steps until the loss leaves its plateau, at every depth up to `depths`."""
    spec = Spec(
        depth=depths, width=32, seeds=seeds, data="blobs", loss="ce", steps=budget, optimizer="adam", lr=0.01
    )
    random = np.random.default_rng(0)
    noise = np.exp(0.25 * random.standard_normal((seeds, depths)))
    needed = np.asarray(np.round(first * growth ** np.arange(depths) * noise), dtype=np.float64)
    steps = np.asarray(np.where(needed > budget, np.nan, needed), dtype=np.float64)
    counted = np.where(np.isnan(steps), np.inf, steps)
    median = [float(np.sort(column)[seeds // 2]) for column in counted.T]
    left = [None if np.isinf(value) else value for value in median]
    known = [value for value in left if value is not None]
    fitted = float((known[-1] / known[0]) ** (1 / (len(known) - 1))) if len(known) > 1 else None
    per_step = 4e-4 * np.arange(1, depths + 1, dtype=np.float64)
    seconds = [None if s is None else s * t for s, t in zip(left, per_step.tolist(), strict=True)]
    facts = {
        "depths": list(range(1, depths + 1)),
        "steps_median": left,
        "never_left": [float(np.isnan(column).mean()) for column in steps.T],
        "growth_per_layer": fitted,
        "seconds_per_step": per_step.tolist(),
        "seconds_to_leave": seconds,
        "steps_per_second": {"one_thread": 1 / float(per_step[-1]), "all_threads": 8_123.4, "cuda": None},
        "threads_all": 16,
        "cuda_name": None,
        "budget": budget,
        "layers_bought": None if not fitted or fitted <= 1 else {
            "10": float(np.log(10) / np.log(fitted)),
            "100": float(np.log(100) / np.log(fitted)),
        },
    }  # fmt: skip
    series = {
        "steps": Series(axes=("replica", "depth"), values=steps),
        "step_seconds": Series(axes=("depth",), values=per_step),
    }
    return measured("speed", Variant(spec=spec, label="", series=series, facts=facts))


def curvature(spec: Spec, values: Array) -> Variant:
    """The smallest eigenvalue of the Hessian at random points, of shape (replica, point)."""
    negative = int((values < 0).sum())
    facts = {
        "points": int(values.size),
        "negative_points": negative,
        "negative_share": negative / values.size,
        "smallest": float(values.min()),
        "convex_here": negative == 0,
    }
    series = {"smallest": Series(axes=("replica", "point"), values=values)}
    return Variant(spec=spec, label="", series=series, facts=facts)


def bowls(*, points: int = 200, replicas: int = 1) -> Measurements:
    """A convex logistic regression, a non-convex one with squared error, and a network."""
    random = np.random.default_rng(0)
    shape = (replicas, points)
    logistic = Spec(arch="logistic", loss="bce", depth=1, width=2)
    bowl: Array = 1e-3 * np.exp(0.8 * random.standard_normal(shape))
    saddle = 4e-4 * random.standard_normal(shape) - 2e-3 * np.abs(random.standard_normal(shape)) + 2e-4
    ridge: Array = -0.05 * np.exp(random.standard_normal(shape))
    return measured(
        "convexity",
        curvature(logistic, bowl),
        curvature(replace(logistic, loss="mse"), saddle),
        curvature(Spec(arch="mlp", loss="bce", depth=1, width=4), ridge),
    )


def shuffled(values: Sequence[float], seeds: int, spread: float = 0.1) -> Array:
    """Repeat a profile over seeds, each multiplied by its own noise."""
    random = np.random.default_rng(0)
    with np.errstate(all="ignore"):
        return np.array(values) * np.exp(spread * random.standard_normal((seeds, len(values))))
