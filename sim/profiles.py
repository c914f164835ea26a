"""Signal and weight gradient by layer as series and facts: what several experiments have in common."""

from typing import Any

import numpy as np
from torch import Tensor

from sim.measurements import Array, Series
from sim.quantiles import median
from sim.spec import Spec
from sim.theory import Prediction
from sim.vocabulary import RECURRENT

STEADY = (0.98, 1.02)
"""Between these factors per layer a gradient neither vanishes nor explodes visibly: 1.02^20 = 1.5."""


class Collected:
    """One quantity of all replicas, filled chunk by chunk: an array of shape (replica, layer)."""

    def __init__(self, spec: Spec) -> None:
        self.values: Array = np.full((spec.seeds, spec.depth), np.nan)

    def put(self, rows: range, values: Tensor | None) -> None:
        """Take the rows of one chunk; None leaves them NaN."""
        if values is not None:
            self.values[rows.start : rows.stop] = values.numpy()

    def series(self) -> Series:
        """Return the array with its axes."""
        return Series(axes=("replica", "layer"), values=self.values)


def profile_facts(
    spec: Spec, signal: Array, weight: Array, theory: Prediction | None = None
) -> dict[str, Any]:
    """Summarise the two profiles of one variant, both (replica, layer).

    The first step of a recurrent network multiplies its weights by a state of zeros, so its share of their
    gradient is 0 by construction: it is no underflow, and the second step stands for the first.
    """
    lowest = 1 if spec.arch in RECURRENT and spec.depth > 1 else 0
    factors = factor_per_layer(signal)
    finite = factors[np.isfinite(factors)]
    factor = float(np.median(finite)) if len(finite) else None
    middle = median(signal)
    first, last = float(middle[0]), float(middle[-1])
    return {
        "depth": signal.shape[1],
        "factor_per_layer": factor,
        "theory_factor_per_layer": _predicted(theory, middle),
        "regime": _regime(factor),
        "shrink_per_layer": None if not factor else 1 / factor,
        "first": first,
        "last": last,
        "first_over_last": first / last if last else None,
        "weight": {
            "first": float(median(weight)[lowest]),
            "last": float(median(weight)[-1]),
            "first_over_last": _ratio(weight[:, lowest:]),
            **_edges(weight, lowest),
        },
        **_edges(signal),
    }


def factor_per_layer(signal: Array) -> Array:
    """Return the mean norm factor of every replica, shape (replica,).

    It is the geometric mean of signal[l]/signal[l+1] over the layers whose signal is finite and not
    rounded to zero; NaN for a replica with fewer than two of those.
    """
    factors = np.full(len(signal), np.nan)
    for row, values in enumerate(signal):
        ends = _usable(values)
        if ends is not None:
            bottom, top = ends
            ratio = np.log(values[bottom]) - np.log(values[top])
            factors[row] = np.exp(ratio / (top - bottom))
    return factors


def _usable(values: Array) -> tuple[int, int] | None:
    """Return the lowest and highest place whose value is finite and positive, if there are two."""
    usable = np.flatnonzero(np.isfinite(values) & (values > 0))
    return (int(usable[0]), int(usable[-1])) if len(usable) > 1 else None


def _predicted(theory: Prediction | None, middle: Array) -> float | None:
    """Average the prediction over the layers that the measurement could use."""
    if theory is None:
        return None
    ends = _usable(middle)
    return theory.factor_between(ends[0] + 1, ends[1] + 1) if ends else theory.factor_per_layer


def _edges(values: Array, lowest: int = 0) -> dict[str, list[int]]:
    """Number the layers, from 1 at the input side, whose median overflows or is exactly zero."""
    middle = median(values)
    layers = range(lowest + 1, len(middle) + 1)
    return {
        "overflow_layers": [layer for layer in layers if not np.isfinite(middle[layer - 1])],
        "underflow_layers": [layer for layer in layers if middle[layer - 1] == 0],
    }


def _regime(factor: float | None) -> str:
    if factor is None:
        return "unknown"
    low, high = STEADY
    return "vanishes" if factor < low else "explodes" if factor > high else "steady"


def _ratio(values: Array) -> float | None:
    first, last = (float(median(values)[layer]) for layer in (0, -1))
    return first / last if last else None
