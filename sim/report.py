"""A run of `gradients` as the JSON of the public interface."""

import math
from typing import Any

from sim.measurements import Measurements, Series, Variant
from sim.quantiles import quantile
from sim.spec import content_key

_QUANTILES = {"median": 0.5, "p10": 0.1, "p90": 0.9}


def to_json(measurements: Measurements) -> dict[str, Any]:
    """Return the document that `simulate --json` prints; NaN and infinities are null."""
    provenance = measurements.provenance
    return {
        "version": provenance.version,
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


def _variant(variant: Variant) -> dict[str, Any]:
    facts = variant.facts
    result = {
        "spec": variant.spec.text,
        "label": variant.label,
        "layers": list(range(1, variant.spec.depth + 1)),
        "signal": quantiles(variant.series["signal"]),
        "weight": quantiles(variant.series["weight"]),
        "factor_per_layer": _finite(facts["factor_per_layer"]),
        "theory_factor_per_layer": _finite(facts["theory_factor_per_layer"]),
        "training": _training(variant),
    }
    for edge in ("overflow_layers", "underflow_layers"):
        if layers := sorted({*facts[edge], *facts["weight"][edge]}):
            result[edge] = layers
    return result


def _training(variant: Variant) -> dict[str, Any] | None:
    if "loss" not in variant.series:
        return None
    at = [int(step) for step in variant.series["loss_steps"].values.tolist()]
    return {"steps": variant.spec.steps, "at": at, "loss": quantiles(variant.series["loss"])}


def quantiles(series: Series) -> dict[str, list[float | None]]:
    """Summarise over replicas: median, 10 % and 90 % quantile along the remaining axis."""
    return {
        name: [_finite(value) for value in quantile(series.values, share).tolist()]
        for name, share in _QUANTILES.items()
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
