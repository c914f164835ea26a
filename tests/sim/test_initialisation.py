"""How weights are drawn: variances, ranges, orthogonality, and the same network in every precision."""

import math

import numpy as np
import pytest
import torch
from sim_oracles import drawn

from sim.measurements import Array
from sim.spec import Spec

N = 256


def weights(text: str) -> list[Array]:
    """Return the hidden layers' weights, (replica, fan in, …, unit), in float64."""
    _, chunk = drawn(text)
    return [w.double().numpy() for w in chunk.parameters.named("weight")]


def biases(text: str) -> Array:
    _, chunk = drawn(text)
    return np.stack([b.double().numpy() for b in chunk.parameters.named("bias")[:-1]])


# Standard deviation of a weight with n inputs and n outputs, from the papers.
SPREAD = {
    "glorot": math.sqrt(2 / (2 * N)),
    "he": math.sqrt(2 / N),
    "lecun": math.sqrt(1 / N),
    "orthogonal": math.sqrt(1 / N),
    "torch": math.sqrt(1 / (3 * N)),
    "heuristic": math.sqrt(1 / (3 * N)),
    "normal std=0.3": 0.3,
    "zeros": 0.0,
}


@pytest.mark.parametrize("init", SPREAD)
@pytest.mark.parametrize("gain", [1.0, 2.5])
def test_weights_have_the_standard_deviation_of_their_init(init: str, gain: float) -> None:
    for w in weights(f"2x{N} init={init} gain={gain} seeds=2 batch=2"):
        # 65,536 numbers: their standard deviation is known to 0.3 %, their mean to 0.4 % of it.
        assert float(w.std()) == pytest.approx(gain * SPREAD[init], rel=0.01)
        assert abs(float(w.mean())) <= 0.02 * gain * SPREAD[init]


@pytest.mark.parametrize("init", ["glorot", "torch", "heuristic"])
def test_a_uniform_init_fills_its_interval_and_stays_inside(init: str) -> None:
    edge = math.sqrt(3) * SPREAD[init]
    (w,) = weights(f"1x{N} init={init} seeds=1 batch=2")
    assert float(np.abs(w).max()) <= edge * (1 + 1e-6)
    assert float(np.abs(w).max()) > 0.999 * edge
    # The fourth moment tells a uniform from a normal distribution: 9/5 against 3.
    assert float((w**4).mean() / w.var() ** 2) == pytest.approx(1.8, abs=0.03)


@pytest.mark.parametrize("init", ["he", "lecun", "normal"])
def test_a_normal_init_is_normal(init: str) -> None:
    (w,) = weights(f"1x{N} init={init} seeds=1 batch=2")
    assert float((w**4).mean() / w.var() ** 2) == pytest.approx(3.0, abs=0.1)


def test_heuristic_is_the_interval_of_one_over_the_square_root_of_n() -> None:
    (w,) = weights("1x100 init=heuristic seeds=4 batch=2")
    assert float(np.abs(w).max()) == pytest.approx(0.1, rel=1e-3)


def test_only_torchs_default_draws_biases() -> None:
    for init in SPREAD:
        b = biases(f"3x{N} init={init} seeds=4 batch=2")
        if init == "torch":
            assert float(b.std()) == pytest.approx(SPREAD["torch"], rel=0.05)
            assert float(np.abs(b).max()) <= 1 / math.sqrt(N)
        else:
            assert not b.any()


def test_the_first_layers_fan_in_is_the_number_of_inputs() -> None:
    first, second = weights(f"2x{N} he data=blobs seeds=32 batch=2")
    assert first.shape == (32, 2, N)
    assert float(first.std()) == pytest.approx(1.0, rel=0.03)
    assert float(second.std()) == pytest.approx(SPREAD["he"], rel=0.01)


def test_a_convolutions_fan_in_counts_its_taps() -> None:
    for w in weights("cnn he 2x32 kernel=5 image=4 seeds=2 batch=2"):
        assert w.shape == (2, 32, 5, 5, 32)
        assert float(w.std()) == pytest.approx(math.sqrt(2 / (25 * 32)), rel=0.02)


@pytest.mark.parametrize("words", ["3x24 float64", "1x24 data=blobs float64", "cnn 2x6 image=4 float64"])
def test_orthogonal_matrices_are_orthogonal(words: str) -> None:
    for w in weights(f"{words} orthogonal gain=2 seeds=3 batch=2"):
        for matrix in w.reshape(len(w), -1, w.shape[-1]):
            rows, columns = matrix.shape
            gram = matrix.T @ matrix if rows >= columns else matrix @ matrix.T
            np.testing.assert_allclose(gram, 4 * np.eye(min(rows, columns)), atol=1e-5)


def test_orthogonal_matrices_prefer_no_direction() -> None:
    # Without the sign correction of QR the diagonal of Q would be biased.
    (w,) = weights("1x4 orthogonal seeds=256 batch=2")
    assert abs(float(np.mean(np.diagonal(w, axis1=1, axis2=2)))) < 0.08
    assert float(np.mean(np.square(w))) == pytest.approx(0.25, rel=1e-5)


def test_every_layer_and_every_replica_is_drawn_anew() -> None:
    first, second = weights("2x16 he seeds=3 batch=2")
    drawn_once = np.concatenate([first, second]).reshape(6, -1)
    assert len(np.unique(drawn_once, axis=0)) == 6


@pytest.mark.parametrize("precision", ["float64", "bfloat16", "float16"])
def test_every_precision_starts_from_the_same_network_and_data(precision: str) -> None:
    _, single = drawn("tanh 2x8 init=torch seeds=2 batch=6")
    spec, other = drawn(f"tanh 2x8 init=torch seeds=2 batch=6 precision={precision}")
    dtype = getattr(torch, spec.precision)
    for one, two in zip(single.parameters.tensors, other.parameters.tensors, strict=True):
        assert two.dtype == dtype
        assert torch.equal(one.to(dtype), two)
    assert torch.equal(single.batch.inputs.to(dtype), other.batch.inputs)


@pytest.mark.parametrize("fan", [1, 7, 512])
def test_glorot_takes_the_mean_of_both_fans(fan: int) -> None:
    _, chunk = drawn(Spec(depth=1, width=fan, data="blobs", seeds=256, batch=2).text)
    edge = math.sqrt(6 / (2 + fan))
    assert float(chunk.parameters.named("weight")[0].abs().max()) == pytest.approx(edge, rel=0.02)
