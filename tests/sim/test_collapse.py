"""Cosines over all pairs by brute force, flat and dead shares by hand, and born-dead ReLU networks."""

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest
import torch
from sim_oracles import THEORY_ACTIVATIONS, drawn, modules, only
from torch import Tensor

from sim.collapse import Collapse, collapse
from sim.measurements import Array
from sim.networks import Forward
from sim.replicas import Replicas
from sim.spec import Spec


def of_states(*states: Tensor) -> Array:
    """Return the cosines of states of shape (replica, batch, unit, …) that are made up, (replica, layer)."""
    outputs = torch.zeros(len(states[0]), 1, 1)
    forward = Forward(outputs=outputs, streams=[], weights=[], states=list(states))
    found = collapse(forward, lambda h: h)
    assert found.flat is None
    assert found.dead is None
    return found.cosine.numpy()


def of_network(text: str) -> tuple[Spec, Replicas, Forward, Collapse]:
    spec, chunk = drawn(text)
    forward = chunk.network(chunk.parameters.tensors, chunk.batch.inputs)
    return spec, chunk, forward, collapse(forward, chunk.phi)


def mean_over_pairs(state: Tensor) -> float:
    """Average the cosine over all pairs of examples of one replica, one pair at a time."""
    examples = state.flatten(1).double().numpy()
    cosines = [a @ b / math.sqrt((a @ a) * (b @ b)) for a, b in itertools.combinations(examples, 2)]
    return float(np.mean(cosines))


@pytest.mark.parametrize(
    "text",
    [
        "mlp 4x6 tanh he batch=7",
        "mlp 3x8 gelu norm=layer skip=residual batch=5",
        "mlp 3x4 tanh skip=dense norm=rms order=post",
        "mlp 3x4 tanh skip=highway batch=2",
        "cnn 3x4 sigmoid image=3 batch=4",
    ],
)
def test_the_cosine_is_the_mean_over_all_pairs_of_examples(text: str) -> None:
    spec, _, forward, found = of_network(f"{text} seeds=3 float64")
    expected = [[mean_over_pairs(state[r]) for state in forward.states] for r in range(spec.seeds)]
    np.testing.assert_allclose(found.cosine.numpy(), expected, rtol=1e-10, atol=1e-12)


def test_equal_examples_have_cosine_one_and_perpendicular_ones_zero() -> None:
    alike = torch.tensor([3.0, -1.0]).double().expand(1, 4, 2)
    across = torch.eye(4).unsqueeze(0)
    opposite = torch.tensor([[[1.0, 2.0], [-2.0, -4.0]]])
    np.testing.assert_allclose(of_states(alike), [[1.0]], rtol=1e-12)
    np.testing.assert_allclose(of_states(across), [[0.0]], atol=1e-12)
    np.testing.assert_allclose(of_states(opposite), [[-1.0]], rtol=1e-12)


@pytest.mark.parametrize("size", [1e-300, 1e-30, 1e30, 1e300])
def test_the_cosine_does_not_depend_on_the_size(size: float) -> None:
    states = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    np.testing.assert_allclose(of_states(states * size), of_states(states), rtol=1e-9)


def test_examples_for_which_a_layer_is_silent_are_alike_and_unlike_all_others() -> None:
    np.testing.assert_array_equal(of_states(torch.zeros(2, 4, 3)), np.ones((2, 1)))
    some = torch.tensor([[[0.0, 0.0], [0.0, 0.0], [1.0, 0.0]]])
    np.testing.assert_allclose(of_states(some), [[1 / 3]], rtol=1e-12)


def test_a_deep_sigmoid_network_passes_on_the_same_for_every_example() -> None:
    found = only("gradients", "sigmoid glorot 10x64 seeds=4")
    middle = np.median(found.series["cosine"].values, axis=0)
    assert float(middle[4]) > 0.9999
    assert found.facts["cosine"] == {"first": float(middle[0]), "last": float(middle[-1])}


@pytest.mark.parametrize("words", THEORY_ACTIVATIONS)
@pytest.mark.parametrize("text", ["mlp 3x9", "cnn 2x3 image=3"])
def test_flat_and_dead_are_counted_on_the_slopes_of_torchs_module(text: str, words: str) -> None:
    spec, chunk, _, found = of_network(f"{text} activation={words} init=he gain=4 batch=5 seeds=2 float64")
    phi = modules(spec)
    grid = torch.linspace(-15, 15, 20_001, dtype=torch.float64).requires_grad_()
    (slopes,) = torch.autograd.grad(phi(grid).sum(), grid)
    steepest = float(slopes.abs().max())
    for replica in range(spec.seeds):
        # The arguments of a plain network: its pre-activations, layer by layer.
        a = chunk.batch.inputs
        for layer, weights in enumerate(chunk.parameters.named("weight")):
            h = pre_activation(spec, a, weights).detach().requires_grad_()
            a = phi(h)
            (slope,) = torch.autograd.grad(a.sum(), h)
            entries = slope[replica].abs().numpy()
            assert found.flat is not None
            assert found.dead is not None
            assert float(found.flat[replica, layer]) == pytest.approx(
                float((entries < 0.05 * steepest).mean())
            )
            units = np.moveaxis(entries, 1, 0).reshape(spec.width, -1)
            assert float(found.dead[replica, layer]) == pytest.approx(float((units == 0).all(axis=1).mean()))


def pre_activation(spec: Spec, a: Tensor, weights: Tensor) -> Tensor:
    """Apply the linear maps of all replicas without a bias, one by one."""
    if spec.arch == "mlp":
        return torch.stack([one @ w for one, w in zip(a, weights, strict=True)])
    kernels = weights.movedim(-1, 1)
    pairs = zip(a, kernels, strict=True)
    return torch.stack([torch.conv2d(one, w, padding=spec.kernel // 2) for one, w in pairs])


def test_half_of_the_entries_of_a_relu_layer_are_flat_and_almost_no_wide_unit_is_dead() -> None:
    found = only("gradients", "relu he 1x64 batch=64 seeds=16")
    error = 0.5 / math.sqrt(64 * 64 * 16)
    # Entries of one unit share its weights, and those of one example its inputs: a few errors more.
    assert float(found.series["flat"].values.mean()) == pytest.approx(0.5, abs=20 * error)
    assert not found.series["dead"].values.any()
    # tanh' = 1 − tanh² is below 0.05 beyond artanh √0.95, and these pre-activations are standard normal.
    expected = 2 * NormalDist().cdf(-math.atanh(math.sqrt(0.95)))
    saturated = only("gradients", "tanh 1x64 batch=64 seeds=16").series["flat"].values
    assert float(saturated.mean()) == pytest.approx(expected, rel=0.05)


def test_a_unit_whose_pre_activation_is_never_positive_is_dead() -> None:
    spec, chunk = drawn("relu he 1x6 batch=9 seeds=2")
    chunk.parameters.named("bias")[0][:, :2] = -100.0
    found = collapse(chunk.network(chunk.parameters.tensors, chunk.batch.inputs), chunk.phi)
    assert found.dead is not None
    assert found.dead.flatten().numpy().tolist() == pytest.approx([2 / spec.width] * 2)


@pytest.mark.parametrize(("width", "depth"), [(1, 6), (2, 10), (3, 20), (4, 20)])
def test_as_many_relu_networks_are_born_dead_for_one_example_as_the_binomial_law_says(
    width: int, depth: int
) -> None:
    """Lu et al. 2019, Dying ReLU and initialization, arXiv:1903.06733: 1 − (1 − 2⁻ⁿ)^(L−1).

    The paper counts the output among its L layers, so there are L − 1 rectifying ones: `depth`.
    """
    alive = 0
    total = 0
    for first in range(0, 1024, 256):
        _, _, forward, _ = of_network(f"relu he {depth}x{width} batch=2 seeds=256 seed={first}")
        last = forward.states[-1][:, 0]  # one example
        alive += int((last > 0).any(dim=1).sum())
        total += len(last)
    expected = (1 - 0.5**width) ** depth
    error = math.sqrt(expected * (1 - expected) / total)
    assert alive / total == pytest.approx(expected, abs=4 * error)
