"""What the cards about floating-point types call things, and the smallest numbers of the types."""

from collections.abc import Sequence

import numpy as np

from sim.measurements import Variant
from sim.plots.names import differing, phrase, short_labels
from sim.plots.spread import Spread

_SMALLEST = {"float16": -24, "bfloat16": -133, "float32": -149, "float64": -1074}  # powers of two, subnormal

ROUNDS_TO_ZERO = {name: (power - 1) * float(np.log10(2)) for name, power in _SMALLEST.items()}
"""Decades: half of a type's smallest number (IEEE 754; bfloat16 has the exponents of float32 and 7 bits)."""


def called(variants: Sequence[Variant]) -> tuple[str, ...]:
    """Name variants by their type where that is all that sets them apart."""
    specs = [variant.spec for variant in variants]
    if len(specs) == 1 or differing(specs) == ("precision",):
        return tuple(phrase("precision", spec.precision) for spec in specs)
    return short_labels([variant.label for variant in variants])[0]


def alive(variant: Variant, series: str = "signal") -> int:
    """Count the layers whose median gradient is a finite number other than 0."""
    spread = Spread.of(variant.series[series])
    return int(np.count_nonzero(~(spread.over | spread.under)))
