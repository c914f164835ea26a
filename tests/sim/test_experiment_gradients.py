"""The experiment `gradients`: measured against predicted, what is named where floats run out, facts."""

import json
import math

import numpy as np
import pytest
from sim_oracles import only, run

from sim import experiments
from sim.measurements import Variant
from sim.profiles import factor_per_layer
from sim.spec import parse_variants

WIDE = [
    f"{activation} {init}"
    for activation in ("sigmoid", "tanh", "relu")
    for init in ("glorot", "he", "init=torch")
]


def factors(variant: Variant) -> tuple[float, float]:
    measured, theory = variant.facts["factor_per_layer"], variant.facts["theory_factor_per_layer"]
    assert isinstance(measured, float)
    assert isinstance(theory, float)
    return measured, theory


@pytest.mark.parametrize("words", WIDE)
def test_a_wide_network_multiplies_the_gradient_by_the_predicted_factor(words: str) -> None:
    measured, theory = factors(only("gradients", f"{words} 12x512 seeds=3 batch=32"))
    assert measured == pytest.approx(theory, rel=0.03)


@pytest.mark.parametrize("padding", ["zeros", "circular"])
@pytest.mark.parametrize("words", ["linear lecun", "tanh glorot", "sigmoid glorot"])
def test_a_convolution_multiplies_the_gradient_by_the_predicted_factor(words: str, padding: str) -> None:
    text = f"cnn {words} padding={padding} 8x48 image=6 seeds=6 batch=16"
    measured, theory = factors(only("gradients", text))
    assert measured == pytest.approx(theory, rel=0.03)


def test_zero_padding_passes_on_less_gradient_than_circular() -> None:
    zeros, circular = run("gradients", "cnn linear lecun 8x32 seeds=4 batch=8 vs circular").variants
    assert factors(zeros)[0] < 0.98 < factors(circular)[0] * 1.01


def test_the_factor_is_the_geometric_mean_over_layers_and_the_median_over_replicas() -> None:
    variant = only("gradients", "tanh 6x16 seeds=5 batch=8")
    signal = variant.series["signal"].values
    means = np.exp(np.log(signal[:, :-1] / signal[:, 1:]).mean(axis=1))
    assert variant.facts["factor_per_layer"] == pytest.approx(float(np.median(means)), rel=1e-12)
    assert variant.facts["first_over_last"] == pytest.approx(
        float(np.median(signal[:, 0]) / np.median(signal[:, -1])), rel=1e-12
    )


def test_the_predicted_curve_goes_through_the_median_of_the_last_layer() -> None:
    variant = only("gradients", "tanh 6x16 seeds=5 batch=8")
    theory = variant.series["theory"]
    assert theory.axes == ("layer",)
    assert theory.values[-1] == np.median(variant.series["signal"].values[:, -1])
    mean = float((theory.values[0] / theory.values[-1]) ** (1 / 5))
    assert mean == pytest.approx(variant.facts["theory_factor_per_layer"], rel=1e-12)


def test_the_theory_starts_from_the_inputs_that_were_drawn() -> None:
    # Inputs of scale 10 saturate the first tanh; a theory for unit inputs would say .883.
    measured, theory = factors(only("gradients", "12x256 tanh input_scale=10 seeds=4"))
    assert theory == pytest.approx(0.778, abs=2e-3)
    assert measured == pytest.approx(theory, rel=0.03)


@pytest.mark.parametrize(
    ("words", "regime"),
    [
        ("sigmoid", "vanishes"),
        ("linear lecun gain=1.5", "explodes"),
        ("linear orthogonal", "steady"),
        ("1x8", "unknown"),
    ],
)
def test_the_regime_is_named_after_the_factor(words: str, regime: str) -> None:
    assert only("gradients", f"{words} seeds=4 batch=16").facts["regime"] == regime


def test_one_hidden_layer_has_no_factor() -> None:
    facts = only("gradients", "1x8 seeds=3 batch=4").facts
    assert facts["factor_per_layer"] is None
    assert facts["theory_factor_per_layer"] is None
    assert facts["first_over_last"] == 1.0
    assert facts["depth"] == 1


def test_a_deep_sigmoid_network_underflows_in_single_precision_and_not_in_double() -> None:
    single, double = run("gradients", "sigmoid 100x64 seeds=3 batch=8 vs float64").variants
    lost = single.facts["underflow_layers"]
    zero = (single.series["signal"].values == 0).any(axis=0) | (single.series["weight"].values == 0).any(
        axis=0
    )
    assert lost == [int(layer) + 1 for layer in np.flatnonzero(zero)]
    assert lost[0] == 1
    assert 25 < lost[-1] < 40  # the gradient is zero about 70 layers below the top
    assert lost == list(range(1, lost[-1] + 1))
    assert single.facts["overflow_layers"] == []
    assert (double.facts["underflow_layers"], double.facts["overflow_layers"]) == ([], [])
    assert factors(single)[0] == pytest.approx(factors(double)[0], rel=0.02)
    assert single.facts["first_over_last"] == 0.0


def test_half_precision_underflows_first() -> None:
    (half,) = run("gradients", "sigmoid 30x64 float16 seeds=3 batch=8").variants
    last = half.facts["underflow_layers"][-1]
    assert 15 <= last <= 23  # all zero 11 layers below the top


def test_an_exploding_gradient_names_the_layers_in_which_it_is_infinite() -> None:
    variant = only("gradients", "tanh normal std=3 60x128 float16 seeds=2 batch=8")
    where = variant.facts["overflow_layers"]
    signal, weight = variant.series["signal"].values, variant.series["weight"].values
    broken = ~(np.isfinite(signal) & np.isfinite(weight)).all(axis=0)
    assert where == [int(layer) + 1 for layer in np.flatnonzero(broken)]
    assert where[0] == 1
    assert 1 < where[-1] < 60


def test_a_forward_pass_that_overflows_leaves_no_factor() -> None:
    facts = only("gradients", "linear normal std=50 30x64 float16 seeds=2 batch=4").facts
    assert facts["factor_per_layer"] is None
    assert facts["regime"] == "unknown"
    assert facts["overflow_layers"] == list(range(1, 31))


def test_dead_weights_have_no_gradient_below_the_last_layer() -> None:
    facts = only("gradients", "tanh init=zeros 4x8 seeds=2 batch=4").facts
    assert facts["underflow_layers"] == [1, 2, 3, 4]
    assert facts["factor_per_layer"] is None
    assert facts["first_over_last"] is None


def test_the_factor_skips_what_is_infinite_or_rounded_to_zero() -> None:
    rows = np.array(
        [[8.0, 4.0, 2.0, 1.0], [0.0, 4.0, 2.0, 1.0], [math.inf, 1.0, 3.0, 9.0], [0.0, 0.0, 0.0, 1.0]]
    )
    np.testing.assert_allclose(factor_per_layer(rows), [2.0, 2.0, 1 / 3, np.nan])
    assert np.isnan(factor_per_layer(np.array([[np.nan, np.nan]]))).all()


def test_training_adds_the_loss_and_drops_the_theory() -> None:
    variant = only("gradients", "tanh 2x8 data=blobs steps=5 seeds=3 batch=16")
    by_layer = {"signal", "weight", "cosine", "flat", "dead"}
    assert set(variant.series) == {*by_layer, "loss", "loss_steps"}
    loss = variant.series["loss"]
    assert (loss.axes, loss.values.shape) == (("replica", "step"), (3, 6))
    assert variant.facts["loss"] == {
        "first": float(np.median(loss.values[:, 0])),
        "last": float(np.median(loss.values[:, -1])),
        "plateau": math.log(2),
        "steps": 5,
    }


@pytest.mark.parametrize(
    "words",
    ["sigmoid 100x8", "1x4", "linear normal std=100 30x64 float16", "tanh steps=3 3x4", "init=zeros 3x4"],
)
def test_facts_are_json_values(words: str) -> None:
    document = run("gradients", f"{words} seeds=2 batch=4").to_json()
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_the_whole_work_is_reported_once() -> None:
    seen: list[float] = []
    specs = parse_variants("2x4 seeds=2 batch=2 vs steps=45 vs relu")
    experiments.run("gradients", specs, lambda share, _text: seen.append(share))
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0)


def test_a_long_training_keeps_two_hundred_losses_from_first_to_last() -> None:
    variant = only("gradients", "tanh 1x2 data=blobs steps=1000 seeds=2 batch=2")
    steps = variant.series["loss_steps"].values
    assert (steps[0], steps[-1], len(steps)) == (0, 1000, 201)
    assert variant.series["loss"].values.shape == (2, 201)
    assert np.isfinite(variant.series["loss"].values).all()
