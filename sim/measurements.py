"""What was measured: arrays with named axes, where they come from, and the facts derived from them.

This is the one value that leaves a job process: plain data with a JSON form, no torch.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from sim.spec import Spec

Array = NDArray[np.float64]
Facts = Mapping[str, Any]
"""Derived facts: numbers, words, lists of them and nested mappings, all JSON values."""

AXES = ("replica", "step", "layer", "point", "method", "depth", "row", "column")
"""The words that name an axis of a `Series`, outermost first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One measured quantity: float64 values and the name of each of their axes."""

    axes: tuple[str, ...]
    values: Array

    def to_json(self) -> dict[str, Any]:
        """Return axes and nested lists; NaN and infinities become the strings nan, inf, -inf."""
        return {"axes": list(self.axes), "values": _plain(self.values.tolist())}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Series":
        """Rebuild a series from `to_json`."""
        return cls(axes=tuple(data["axes"]), values=np.array(_numbers(data["values"]), dtype=np.float64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What was measured of one configuration."""

    spec: Spec
    label: str
    series: Mapping[str, Series]
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What decides the digits besides the spec, and how long the run took in seconds."""

    version: str
    torch: str
    threads: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurements:
    """Everything one experiment measured, for every variant in the order asked."""

    experiment: str
    variants: tuple[Variant, ...]
    provenance: Provenance
    facts: Facts = field(default_factory=dict[str, Any])

    def to_json(self) -> dict[str, Any]:
        """Return everything as one JSON object that `from_json` reads back."""
        return {
            "experiment": self.experiment,
            "variants": [
                {
                    "spec": variant.spec.to_json(),
                    "label": variant.label,
                    "series": {name: series.to_json() for name, series in variant.series.items()},
                    "facts": _plain(variant.facts),
                }
                for variant in self.variants
            ],
            "provenance": {
                "version": self.provenance.version,
                "torch": self.provenance.torch,
                "threads": self.provenance.threads,
                "seconds": self.provenance.seconds,
            },
            "facts": _plain(self.facts),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Measurements":
        """Rebuild measurements from `to_json`."""
        return cls(
            experiment=data["experiment"],
            variants=tuple(
                Variant(
                    spec=Spec.from_json(variant["spec"]),
                    label=variant["label"],
                    series={name: Series.from_json(series) for name, series in variant["series"].items()},
                    facts=_read_facts(variant["facts"]),
                )
                for variant in data["variants"]
            ),
            provenance=Provenance(**data["provenance"]),
            facts=_read_facts(data["facts"]),
        )


_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def _plain(value: Any) -> Any:
    """Copy a value into JSON types; JSON has no NaN, so those become the words of _SPECIAL."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("list[Any]", value)]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


def _numbers(value: Any) -> Any:
    if isinstance(value, list):
        return [_numbers(item) for item in cast("list[Any]", value)]
    return _SPECIAL[value] if isinstance(value, str) else value


def _read_facts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _read_facts(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_read_facts(item) for item in cast("list[Any]", value)]
    return _SPECIAL.get(value, value) if isinstance(value, str) else value
