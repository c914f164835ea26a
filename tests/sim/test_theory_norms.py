"""The theory of normalisations against published numbers, closed forms and networks in plain torch."""

import math

import numpy as np
import pytest
from theory_oracles import slopes

from sim.spec import Spec
from sim.theory import predict
from sim.theory.moments import moment_table
from sim.theory.nonlinearities import NONLINEARITIES, leaky
from sim.theory.sphere import normalised_over_batch, normalised_over_units


def squared(activation: str, batch: int) -> float:
    """Return the growth of the squared gradient per layer under batch normalisation before φ."""
    square, gain = normalised_over_batch(NONLINEARITIES[activation], batch, length=1.0)
    return gain / square


def last(text: str) -> float:
    """Return the norm factor of the last layers, where the first layer's inputs are forgotten."""
    spec = Spec.parse(text)
    found = predict(spec, input_mean_square=1.0, input_units=spec.width)
    assert found is not None
    return float(found.factors[-1])


@pytest.mark.parametrize("batch", [4, 5, 8, 64, 1000])
def test_a_linear_network_with_batch_norm_explodes_by_its_closed_form(batch: int) -> None:
    # Yang et al. 2019, arXiv:1902.08129: (B−2)/(B−3).
    assert squared("linear", batch) == pytest.approx((batch - 2) / (batch - 3), rel=1e-10)


def arccosine(cosine: float) -> float:
    """Return E relu(x) relu(y) / E relu(x)² of Gaussians with this correlation: Cho & Saul 2009."""
    return (math.sqrt(1 - cosine**2) + (math.pi - math.acos(cosine)) * cosine) / math.pi


@pytest.mark.parametrize("batch", [4, 5, 8, 16, 64, 500])
def test_a_batch_normalised_relu_passes_on_its_arccosine_kernel(batch: int) -> None:
    # A ReLU is homogeneous: on the sphere its kernel is the Gaussian one times (B/(B−1))·(B−1)/B = 1.
    square, _ = normalised_over_batch(leaky(0.0), batch, length=1.0)
    assert square == pytest.approx((1 - arccosine(-1 / (batch - 1))) / 2, rel=1e-5)


@pytest.mark.parametrize(("batch", "growth"), [(4, 3.084), (8, 1.788), (32, 1.522), (128, 1.480)])
def test_a_relu_with_batch_norm_explodes_by_its_published_formula(batch: int, growth: float) -> None:
    assert squared("relu", batch) == pytest.approx(growth, abs=8e-4)


@pytest.mark.parametrize("activation", [name for name in NONLINEARITIES if name != "noisy_relu"])
def test_the_growth_falls_with_the_batch_to_its_limit(activation: str) -> None:
    grown = [squared(activation, batch) for batch in (4, 8, 32, 256, 4096)]
    assert grown == sorted(grown, reverse=True)
    moments = moment_table(NONLINEARITIES[activation])(np.ones(1))
    limit = float((moments.slope_square / (moments.square - moments.mean**2))[0])
    assert limit >= 1 - 1e-12
    assert grown[-1] == pytest.approx(limit, abs=2.5 / 4096)
    assert grown[-1] > limit


def test_only_noise_lets_a_network_with_batch_norm_vanish() -> None:
    # The noise counts as variance but carries no gradient, so Poincaré's inequality does not bind.
    assert squared("noisy_relu", 4096) == pytest.approx(0.8196, abs=5e-4)


def test_the_limit_of_a_relu_has_a_closed_form() -> None:
    assert last("relu norm=batch batch=4096") ** 2 == pytest.approx(math.pi / (math.pi - 1), rel=4e-4)
    pixels = "cnn circular image=64 batch=4 relu norm=batch"
    assert last(pixels) ** 2 == pytest.approx(math.pi / (math.pi - 1), rel=1e-4)
    assert last(f"{pixels} order=post") ** 2 == pytest.approx(math.pi / (math.pi - 1), rel=1e-4)


@pytest.mark.parametrize("units", [8, 100, 4000])
@pytest.mark.parametrize("centred", [True, False])
def test_normalised_units_of_a_linear_network_have_closed_forms(units: int, *, centred: bool) -> None:
    square, gain = normalised_over_units(leaky(1.0), units, centred=centred, length=1.0)
    assert square == pytest.approx(1.0, rel=1e-10)
    expected = (units - 2) / (units - 3) if centred else (units - 1) / (units - 2)
    assert gain == pytest.approx(expected, rel=1e-9)


def test_layer_norm_leaves_a_sigmoid_at_its_factor_whatever_the_init() -> None:
    for init in ("glorot", "he", "normal std=0.5", "orthogonal gain=3"):
        assert last(f"sigmoid 12x512 norm=layer init={init}") == pytest.approx(0.392, abs=1e-3)
        # eps is a ten-thousandth of the variance where the weights are small.
        assert last(f"sigmoid 12x1000 norm=rms init={init}") == pytest.approx(0.391, abs=1e-3)
    assert last("sigmoid 12x512 lsuv") == pytest.approx(last("sigmoid 12x1024 norm=layer"), rel=2e-3)


def test_layer_norm_after_the_activation_is_batch_norm() -> None:
    assert last("sigmoid 12x512 lecun norm=layer order=post") == pytest.approx(1.017, abs=1e-3)
    sigmoid = last("sigmoid 12x512 lecun norm=layer order=post")
    assert sigmoid == pytest.approx(last("sigmoid 12x512 batch=4096 norm=batch order=pre"), abs=2e-3)


def test_a_large_eps_stands_for_a_small_variance() -> None:
    # Weights so small that eps is a hundred times the variance: the normalisation divides by √eps only.
    plain = last("linear 6x512 normal std=0.000001 norm=layer")
    assert plain == pytest.approx(1e-6 * math.sqrt(512 / 1e-5), rel=2e-3)


@pytest.mark.parametrize(
    "words",
    [
        *("relu he norm=batch", "linear lecun norm=batch", "tanh norm=batch batch=8"),
        *("sigmoid norm=batch", "relu he norm=batch order=post", "noisy_relu norm=batch"),
        *("tanh norm=batch order=post batch=16", "relu he norm=layer", "sigmoid norm=layer order=post"),
        *("relu he norm=rms order=post", "selu lecun norm=rms", "gelu he norm=group order=post"),
        *("relu he norm=group", "tanh norm=layer init=torch", "silu init=torch norm=batch order=post"),
    ],
)
def test_networks_in_plain_torch_meet_the_prediction(words: str) -> None:
    batch = "" if "batch=" in words else "batch=48"
    measured, predicted = slopes(f"24x512 {batch} {words}", seeds=4)
    assert measured == pytest.approx(predicted, abs=0.004)


@pytest.mark.parametrize(
    "words",
    [
        *("circular norm=batch", "circular norm=batch order=post", "circular norm=layer order=post"),
        *("norm=layer", "norm=rms order=post", "tanh norm=batch"),
    ],
)
def test_convolutions_in_plain_torch_meet_the_prediction(words: str) -> None:
    activation = "" if "tanh" in words else "relu he"
    measured, predicted = slopes(f"cnn image=6 9x128 batch=8 {activation} {words}", seeds=4)
    assert measured == pytest.approx(predicted, abs=0.007)
