"""The theory of skip connections against closed forms and networks in plain torch."""

import math

import numpy as np
import pytest
from theory_oracles import slopes

from sim.measurements import Array
from sim.spec import Spec
from sim.theory import predict
from sim.theory.quadrature import expectation


def factors(text: str) -> Array:
    spec = Spec.parse(text)
    found = predict(spec, input_mean_square=1.0, input_units=spec.width)
    assert found is not None
    return found.factors


@pytest.mark.parametrize("scale", [0.0, 0.1, 1.0, 3.0])
def test_a_residual_relu_grows_by_one_plus_its_scale_squared(scale: float) -> None:
    found = factors(f"relu he 8x64 skip=residual residual_scale={scale}")
    np.testing.assert_allclose(found**2, 1 + scale**2, rtol=1e-12)


@pytest.mark.parametrize(("depth", "total"), [(10, 0.574), (30, 1.166), (100, 2.290)])
def test_a_residual_tanh_grows_like_the_root_of_its_depth(depth: int, total: float) -> None:
    # log10 of the signal over all blocks, the first included: from the input of variance 1 to stream 1.
    first = 1 + expectation(lambda x: np.cosh(x) ** -4.0, 1.0)
    grown = np.log10(factors(f"tanh lecun {depth}x512 skip=residual")).sum() + math.log10(first) / 2
    assert grown == pytest.approx(total, abs=1e-3)


@pytest.mark.parametrize("norm", ["layer", "batch"])
def test_a_normalised_residual_branch_counts_ever_less(norm: str) -> None:
    # Each block adds as much variance as the last, so block l's share of the gradient falls as 1/l.
    found = factors(f"linear lecun 100x512 batch=512 skip=residual norm={norm}") ** 2 - 1
    np.testing.assert_allclose(found * np.arange(2, 101), 1.0, rtol=5e-3)


def test_a_linear_residual_network_does_not_care_where_its_activation_stands() -> None:
    pre, post = (factors(f"linear he 9x64 skip=residual order={order}") for order in ("pre", "post"))
    np.testing.assert_allclose(post, pre, rtol=1e-12)


def test_a_residual_branch_of_scale_zero_leaves_the_activation() -> None:
    # x_l = φ(x_{l−1}): the head gives every unit a gradient, and the last ReLU stops half of them.
    found = factors("relu he 5x64 skip=residual order=post residual_scale=0")
    np.testing.assert_allclose(found, [1.0, 1.0, 1.0, math.sqrt(0.5)], rtol=1e-12)
    normal = factors("sigmoid 2x64 skip=residual order=post residual_scale=0")
    second = expectation(lambda x: 1 / (1 + np.exp(-1 / (1 + np.exp(-x)))), 1.0)
    squared = expectation(lambda x: (1 / (1 + np.exp(-1 / (1 + np.exp(-x))))) ** 2, 1.0)
    third = expectation(lambda x: (1 / (1 + np.exp(-1 / (1 + np.exp(-x))))) ** 3, 1.0)
    fourth = expectation(lambda x: (1 / (1 + np.exp(-1 / (1 + np.exp(-x))))) ** 4, 1.0)
    assert second > squared
    assert float(normal[0]) ** 2 == pytest.approx(squared - 2 * third + fourth, rel=1e-3)


@pytest.mark.parametrize("bias", [-20.0, 20.0])
def test_a_closed_gate_copies_and_an_open_one_is_the_plain_network(bias: float) -> None:
    found = factors(f"tanh 6x64 skip=highway transform_bias={bias}")
    plain = np.ones(5) if bias < 0 else factors("tanh 7x64")[1:]
    # A plain network's signal is read before φ: its layer l is a highway's layer l − 1, seen from above.
    np.testing.assert_allclose(found, plain, rtol=1e-6)


@pytest.mark.parametrize(("bias", "squared"), [(-1, 0.607), (-2, 0.790), (-4, 0.965)])
def test_a_highway_vanishes_at_the_recommended_bias(bias: float, squared: float) -> None:
    # The published range of transform biases is −1 … −3: Srivastava et al. 2015, arXiv:1505.00387.
    found = factors(f"tanh 30x512 skip=highway transform_bias={bias}")
    assert float(np.exp(2 * np.log(found).mean())) == pytest.approx(squared, abs=0.02)


def test_a_dense_linear_network_has_its_sum() -> None:
    # σ_k² = 1/(n (k+1)) for layer k from 0, as it reads k + 1 blocks of n; the head reads depth + 1.
    depth = 5
    above, expected = 1 / (depth + 1), np.empty(depth)
    for layer in range(depth, 0, -1):
        expected[layer - 1] = math.sqrt(above)
        above += above / layer
    found = factors(f"linear lecun {depth}x64 skip=dense")
    np.testing.assert_allclose(found, expected[:-1] / expected[1:], rtol=1e-12)


@pytest.mark.parametrize(
    "words",
    [
        *("tanh skip=residual", "sigmoid skip=residual norm=batch", "relu he skip=residual norm=layer"),
        *("relu he skip=residual norm=batch", "relu lsuv skip=residual", "relu init=torch skip=residual"),
        *("tanh he skip=residual order=post", "relu he skip=residual order=post norm=layer"),
        *("relu he skip=residual order=post norm=batch", "sigmoid skip=residual order=post norm=rms"),
        *("relu he skip=highway", "tanh skip=highway transform_bias=0", "relu he skip=highway norm=layer"),
        *("tanh skip=highway norm=batch", "relu he skip=highway norm=batch order=post"),
        *("sigmoid init=torch skip=highway", "silu skip=highway norm=rms order=post transform_bias=1"),
    ],
)
def test_networks_in_plain_torch_meet_the_prediction(words: str) -> None:
    measured, predicted = slopes(f"24x512 batch=64 {words}", seeds=6)
    assert measured == pytest.approx(predicted, abs=0.004)


@pytest.mark.parametrize(
    "words", ["relu he", "sigmoid", "tanh norm=layer", "relu he norm=batch", "relu torch"]
)
def test_dense_networks_in_plain_torch_meet_the_prediction(words: str) -> None:
    words = words.replace(" torch", " init=torch")
    measured, predicted = slopes(f"12x256 batch=32 loss=ce skip=dense {words}", seeds=4)
    assert measured == pytest.approx(predicted, abs=0.003)


@pytest.mark.parametrize(
    "words",
    [
        "skip=dense",
        "skip=residual",
        "skip=residual norm=layer",
        "circular skip=residual order=post norm=batch",
    ],
)
def test_convolutions_in_plain_torch_meet_the_prediction(words: str) -> None:
    measured, predicted = slopes(f"cnn image=6 8x96 batch=8 relu he {words}", seeds=6)
    assert measured == pytest.approx(predicted, abs=0.007)
