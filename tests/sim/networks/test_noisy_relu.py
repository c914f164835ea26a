"""max(0, h + ε) with ε ~ N(0, σ(h)): its distribution, its slope, and whose random numbers it uses."""

import math
from statistics import NormalDist

import numpy as np
import pytest
import torch
from sim_oracles import by_layer, drawn, only

from sim.activations import activation
from sim.measurements import Array
from sim.randomness import Streams
from sim.spec import Spec

SPEC = Spec(activation="noisy_relu")
DRAWS = 40_000


def sampled(h: float) -> Array:
    """Apply the activation to one pre-activation many times."""
    values = activation(SPEC, Streams([0]))(torch.full((1, DRAWS, 1), h))
    return values.double().flatten().numpy()


def deviation(h: float) -> float:
    return math.sqrt(1 / (1 + math.exp(-h)))


@pytest.mark.parametrize("h", [-1.5, -0.5, 0.0, 1.0, 4.0])
def test_what_passes_is_a_normal_number_that_is_cut_at_zero(h: float) -> None:
    noise = NormalDist(h, deviation(h))
    values, silent = sampled(h), noise.cdf(0.0)
    error = math.sqrt(silent * (1 - silent) / DRAWS)
    assert float((values == 0).mean()) == pytest.approx(silent, abs=5 * error)
    passed = np.sort(values[values > 0])
    # Kolmogorov & Smirnov's distance to the rest of the normal law, at odds of one in a million.
    expected = np.array([(noise.cdf(value) - silent) / (1 - silent) for value in passed.tolist()])
    distance = np.abs(expected - (np.arange(len(passed)) + 0.5) / len(passed)).max()
    assert distance < math.sqrt(math.log(2e6) / 2 / len(passed)) + 0.5 / len(passed)


def test_far_from_zero_the_noise_has_the_variance_of_a_sigmoid_unit() -> None:
    for h in (6.0, 40.0):
        noise = sampled(h) - h
        assert float(noise.mean()) == pytest.approx(0.0, abs=5 / math.sqrt(DRAWS))
        assert float(noise.var()) == pytest.approx(deviation(h) ** 2, rel=5 * math.sqrt(2 / DRAWS))
    assert not sampled(-40.0).any()


def test_the_slope_is_one_where_something_passes_and_the_size_of_the_noise_is_a_constant() -> None:
    h = torch.linspace(-3, 3, 601, dtype=torch.float64).view(1, -1, 1).requires_grad_()
    values = activation(SPEC, Streams([4]))(h)
    (slope,) = torch.autograd.grad(values.sum(), h)
    assert torch.equal(slope, (values > 0).double())
    assert 0.4 < float(slope.mean()) < 0.7


def test_noise_is_fresh_at_every_call_and_reproducible() -> None:
    h = torch.zeros(2, 50, 3)
    phi, again = (activation(SPEC, Streams([7, 8])) for _ in range(2))
    first, second = phi(h), phi(h)
    assert not torch.equal(first, second)
    assert torch.equal(first, again(h))
    assert torch.equal(second, again(h))


def test_every_replica_has_noise_of_its_own_stream() -> None:
    h = torch.zeros(3, 20, 4)
    together = activation(SPEC, Streams([5, 6, 7]))(h)
    for replica, seed in enumerate((5, 6, 7)):
        assert torch.equal(activation(SPEC, Streams([seed]))(h[:1])[0], together[replica])
    assert not torch.equal(together[0], together[1])


@pytest.mark.parametrize(
    "text", ["noisy_relu he 4x8", "cnn noisy_relu he 2x3 image=4", "noisy_relu lsuv 3x6 skip=residual"]
)
@pytest.mark.parametrize("steps", ["steps=0", "steps=4 lr=0.01"])
def test_an_experiment_with_noise_can_be_repeated_as_a_whole_and_in_parts(text: str, steps: str) -> None:
    if text.startswith("cnn") and steps != "steps=0":
        steps = "steps=2 lr=0.01"
    words = f"{text} {steps} batch=6 float64"
    many, again = (only("gradients", f"{words} seeds=4 seed=2") for _ in range(2))
    alone = only("gradients", f"{words} seeds=1 seed=4")
    for name in ("signal", "weight", "cosine", "flat", "dead"):
        assert np.array_equal(many.series[name].values, again.series[name].values)
        np.testing.assert_allclose(alone.series[name].values[0], many.series[name].values[2], rtol=1e-9)


def test_the_backward_pass_uses_the_noise_of_its_own_forward_pass() -> None:
    # With one layer and a linear head, δ = (∂loss/∂output)·w where a unit passed something, and 0 where not.
    spec, chunk = drawn("noisy_relu he 1x6 batch=40 seeds=3 float64 mse")
    measured, _ = by_layer(spec, chunk)
    _, same = drawn("noisy_relu he 1x6 batch=40 seeds=3 float64 mse")
    forward = same.network(same.parameters.tensors, same.batch.inputs)
    output = torch.sigmoid(forward.outputs)
    labels = same.batch.labels.unsqueeze(-1).double()
    above = 2 * (output - labels) * output * (1 - output)
    delta = (above @ same.parameters.named("head")[0].mT) * (forward.states[0] > 0)
    np.testing.assert_allclose(measured[:, 0], delta.square().mean(dim=(1, 2)).sqrt().numpy(), rtol=1e-12)


@pytest.mark.parametrize("seeds", [1, 24])
def test_half_of_all_small_pre_activations_pass_a_gradient_whatever_the_number_of_replicas(
    seeds: int,
) -> None:
    found = only("gradients", f"noisy_relu 1x64 batch=64 seeds={seeds} normal std=0.000001")
    error = 0.5 / math.sqrt(64 * 64 * seeds)
    assert float(found.series["flat"].values.mean()) == pytest.approx(0.5, abs=5 * error)
    assert not found.series["dead"].values.any()
