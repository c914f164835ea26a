"""The document of `simulate --json`."""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from sim_oracles import TORCH_JVP, run

from sim.measurements import Array, Series
from sim.report import quantiles, to_json
from sim.support import EXPERIMENTS

QUANTILES = {"median", "p10", "p90"}
ALWAYS = {
    "spec",
    "label",
    "facts",
    "layers",
    "signal",
    "weight",
    "factor_per_layer",
    "theory_factor_per_layer",
    "training",
}
COLLAPSE = {"cosine", "flat", "dead"}
SMALL = {
    "gradients": "3x4 seeds=2 batch=4 steps=2",
    "through_time": "lstm 5x4 seeds=2 batch=4",
    "training": "3x4 seeds=2 batch=4 steps=2",
    "differentiation": "2x3 seeds=2 batch=4",
    "convexity": "arch=logistic data=blobs seeds=2 batch=4 vs arch=mlp depth=1 width=2",
    "speed": "3x4 seeds=2 batch=4 steps=3",
    "precision": "3x4 seeds=2 batch=4",
    "learning_rate": "3x4 seeds=2 batch=4 steps=2",
    "parameters": "cnn 2x3 image=4 seeds=2 batch=4 vs mlp",
    "surface": "2x4 seeds=2 batch=4",
}
PAGE = (Path(__file__).parents[2] / "docs" / "simulations.md").read_text(encoding="utf-8")


def document(text: str) -> dict[str, Any]:
    """Return the document as its reader gets it."""
    return json.loads(json.dumps(to_json(run("gradients", text)), allow_nan=False))


def summary(values: list[list[float]]) -> dict[str, list[float | None]]:
    return quantiles(Series(axes=("replica", "layer"), values=np.array(values, dtype=np.float64)))


def test_the_keys_are_exactly_those_of_the_interface() -> None:
    found = document("tanh 3x8 seeds=3 batch=4 vs relu he")
    assert set(found) == {"version", "experiment", "key", "seconds", "variants"}
    assert len(bytes.fromhex(found["key"])) == 32
    for variant in found["variants"]:
        assert set(variant) == ALWAYS | COLLAPSE
        assert set(variant["signal"]) == set(variant["weight"]) == QUANTILES
        assert variant["layers"] == [1, 2, 3]
        assert all(len(variant["signal"][name]) == 3 for name in QUANTILES)
        assert variant["training"] is None
    assert [variant["label"] for variant in found["variants"]] == ["tanh · glorot", "relu · he"]
    assert found["variants"][0]["spec"] == (
        "arch=mlp depth=3 width=8 activation=tanh init=glorot batch=4 seeds=3"
    )


def test_the_numbers_are_those_that_were_measured() -> None:
    measurements = run("gradients", "tanh 4x8 seeds=7 batch=4")
    (variant,) = to_json(measurements)["variants"]
    signal = measurements.variants[0].series["signal"].values
    np.testing.assert_allclose(variant["signal"]["median"], np.median(signal, axis=0))
    np.testing.assert_allclose(variant["signal"]["p10"], np.quantile(signal, 0.1, axis=0))
    np.testing.assert_allclose(variant["signal"]["p90"], np.quantile(signal, 0.9, axis=0))
    assert variant["factor_per_layer"] == measurements.variants[0].facts["factor_per_layer"]


def test_training_has_its_steps_and_one_loss_per_step() -> None:
    (variant,) = document("tanh 2x4 steps=3 seeds=2 batch=4")["variants"]
    assert set(variant) == ALWAYS | COLLAPSE
    assert set(variant["training"]) == {"steps", "at", "loss"}
    assert variant["training"]["steps"] == 3
    assert {len(values) for values in variant["training"]["loss"].values()} == {4}
    assert variant["theory_factor_per_layer"] is None


def test_one_layer_has_no_factor() -> None:
    (variant,) = document("1x4 seeds=2 batch=4")["variants"]
    assert (variant["factor_per_layer"], variant["theory_factor_per_layer"]) == (None, None)


def test_layers_that_leave_the_range_of_the_floats_are_named() -> None:
    (under,) = document("sigmoid 40x16 float16 seeds=3 batch=4")["variants"]
    assert set(under) == {*ALWAYS, *COLLAPSE, "underflow_layers"}
    assert under["underflow_layers"][0] == 1
    (over,) = document("linear normal std=50 20x64 float16 seeds=2 batch=4")["variants"]
    assert set(over) == {*ALWAYS, *COLLAPSE, "overflow_layers"}
    assert over["overflow_layers"] == list(range(1, 21))
    assert over["signal"]["median"] == [None] * 20
    assert over["factor_per_layer"] is None


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ([math.nan] * 5, (None, None, None)),
        ([math.inf] * 5, (None, None, None)),
        ([1.0, 2.0, 3.0, 4.0, math.inf], (3.0, 1.4, None)),
        ([5.0, math.nan, 1.0, math.inf, math.nan], (None, 2.6, None)),
        ([1.0, 2.0, 3.0, 4.0, 5.0], (3.0, 1.4, 4.6)),
        ([7.0], (7.0, 7.0, 7.0)),
    ],
)
def test_a_quantile_is_null_where_its_rank_is_no_number(
    column: list[float], expected: tuple[float | None, ...]
) -> None:
    found = summary([[value] for value in column])
    assert (found["median"], found["p10"], found["p90"]) == tuple([value] for value in expected)


def test_quantiles_are_taken_over_replicas_not_layers() -> None:
    values: Array = np.array([[1.0, 10.0, 100.0], [3.0, 30.0, 300.0]])
    assert quantiles(Series(axes=("replica", "layer"), values=values))["median"] == [2.0, 20.0, 200.0]


def test_the_same_request_has_the_same_key_and_another_has_another() -> None:
    texts = ["2x4 seeds=2 batch=2", "2x4 seeds=2 batch=2", "2x4 seeds=2 batch=2 seed=1"]
    one, same, other = (document(text)["key"] for text in texts)
    assert one == same != other


def names(facts: object) -> set[str]:
    """Return the keys of facts and of all that is within them, but for those that are numbers."""
    if isinstance(facts, Mapping):
        found = cast("Mapping[str, object]", facts)
        own = {name for name in found if not name.isdigit()}
        return own.union(*map(names, found.values()))
    inside = cast("list[object]", facts) if isinstance(facts, list) else []
    return set[str]().union(*map(names, inside))


@pytest.mark.filterwarnings(TORCH_JVP)
@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_every_fact_is_in_the_document_and_every_key_on_the_page(experiment: str) -> None:
    measurements = run(experiment, SMALL[experiment])
    found = json.loads(json.dumps(to_json(measurements), allow_nan=False))
    assert set(found.get("facts", {})) == set(measurements.facts)
    table = PAGE.split("## The JSON of a run")[1].split("\n## ")[0]
    documented = set(re.findall(r"`(\w+)`", table))
    shapes = {"lost", "overflow", "flat", "guessing", "bowl", "slope"}  # words of that page, not in code
    assert names(found.get("facts", {})) <= documented
    for one, variant in zip(measurements.variants, found["variants"], strict=True):
        assert set(variant["facts"]) == set(one.facts)
        assert names(variant["facts"]) - shapes <= documented
        assert set(variant) - {"series"} <= documented


def test_scaling_and_counts_are_in_the_document() -> None:
    precision = to_json(run("precision", "60x4 float16 seeds=2 batch=4 vs float64"))
    assert precision["facts"] == {"loss_scale": 32_768.0}
    half, double = precision["variants"]
    assert half["facts"]["layers_with_signal"] < half["facts"]["layers_with_signal_scaled"] < 60
    assert half["signal_scaled"]["median"].count(0.0) == 60 - half["facts"]["layers_with_signal_scaled"]
    assert double["facts"]["layers_with_signal"] == 60
    (counted,) = to_json(run("parameters", "3x4 seeds=2 batch=4"))["variants"]
    assert (counted["facts"]["parameters"], counted["facts"]["weights"]) == (65, 52)


def test_a_fact_that_is_no_finite_number_is_null() -> None:
    (lost,) = to_json(run("gradients", "linear normal std=50 20x64 float16 seeds=2 batch=4"))["variants"]
    assert lost["facts"]["first"] is None
    assert lost["facts"]["weight"]["first"] is None
