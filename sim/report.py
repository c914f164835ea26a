"""A run as the JSON of the public interface."""

import math
from collections.abc import Mapping
from typing import Any, cast

from sim.measurements import Measurements, Series, Variant
from sim.quantiles import quantile
from sim.spec import content_key

_QUANTILES = {"median": 0.5, "p10": 0.1, "p90": 0.9}
# Series by layer that stand beside signal and weight where an experiment measures them.
_BY_LAYER = ("signal_scaled", "weight_scaled", "signal_start", "weight_start", "cosine", "flat", "dead")


def to_json(measurements: Measurements) -> dict[str, Any]:
    """Return the document that `simulate --json` prints; NaN and infinities are null.

    Every fact of an experiment is in it; docs/simulations.md says what is where.
    """
    provenance = measurements.provenance
    document: dict[str, Any] = {
        "version": provenance.version,
        "experiment": measurements.experiment,
        "key": content_key(
            [variant.spec for variant in measurements.variants],
            experiment=measurements.experiment,
            version=provenance.version,
            torch=provenance.torch,
            threads=str(provenance.threads),
        ),
        "seconds": round(provenance.seconds, 4),
        "variants": [_variant(variant) for variant in measurements.variants],
    }
    if measurements.facts:
        document["facts"] = _finite_values(dict(measurements.facts))
    return document


def _variant(variant: Variant) -> dict[str, Any]:
    facts = variant.facts
    head = {"spec": variant.spec.text, "label": variant.label, "facts": _finite_values(dict(facts))}
    if not {"signal", "weight"} <= set(variant.series) or "factor_per_layer" not in facts:
        return head | {"series": _series(variant)}
    result = head | {
        "layers": list(range(1, variant.spec.depth + 1)),
        "signal": quantiles(variant.series["signal"]),
        "weight": quantiles(variant.series["weight"]),
        "factor_per_layer": _finite(facts["factor_per_layer"]),
        "theory_factor_per_layer": _finite(facts["theory_factor_per_layer"]),
        "training": _training(variant),
    }
    result |= {name: quantiles(variant.series[name]) for name in _BY_LAYER if name in variant.series}
    for edge in ("overflow_layers", "underflow_layers"):
        if layers := sorted({*facts[edge], *facts["weight"][edge]}):
            result[edge] = layers
    return result


def _series(variant: Variant) -> dict[str, Any]:
    """Return everything that was measured, for experiments without a gradient by layer."""
    return {
        name: {"axes": list(one.axes), "values": _finite_values(one.values.tolist())}
        for name, one in variant.series.items()
    }


def _training(variant: Variant) -> dict[str, Any] | None:
    if "loss" not in variant.series:
        return None
    at = [int(step) for step in variant.series["loss_steps"].values.tolist()]
    found = {"steps": variant.spec.steps, "at": at, "loss": quantiles(variant.series["loss"])}
    for name in ("update_first", "update_last", "moved"):
        if name in variant.series:
            found[name] = quantiles(variant.series[name])
    for name in ("still_layers", "accuracy"):
        if name in variant.facts:
            found[name] = _finite_values(variant.facts[name])
    return found


def quantiles(series: Series) -> dict[str, list[float | None]]:
    """Summarise over replicas: median, 10 % and 90 % quantile along the remaining axis."""
    return {
        name: [_finite(value) for value in quantile(series.values, share).tolist()]
        for name, share in _QUANTILES.items()
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _finite_values(value: Any) -> Any:
    """Copy a JSON value with null in the place of NaN and infinities."""
    if isinstance(value, Mapping):
        return {key: _finite_values(item) for key, item in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_finite_values(item) for item in cast("list[Any]", value)]
    return _finite(value) if isinstance(value, float) else value
