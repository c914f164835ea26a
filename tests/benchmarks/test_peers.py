"""The contestants of a benchmark compute the same numbers: a faster wrong answer wins nothing."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import engine
from benchmarks.peers import HAS_JAX, TORCH, Peer, batched
from benchmarks.traces import Profiles, Traces
from sim.measurements import Array
from sim.spec import Spec

pytestmark = pytest.mark.long

SPEC = Spec(depth=3, width=8, batch=16, seeds=3, seed=5, steps=6, lr=2.0)


def agree(found: Array, expected: Array) -> None:
    """All are computed in float32, some in another order."""
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=2e-4)


@pytest.fixture(scope="module")
def traces() -> Traces:
    return engine.train_with_norms(SPEC)


@pytest.fixture(scope="module")
def profiles() -> Profiles:
    return engine.initialise(SPEC)


def test_the_case_tells_replicas_steps_and_layers_apart(traces: Traces) -> None:
    for values in (traces["signal"], traces["weight"]):
        assert values.shape == (3, 6, 3)
        for axis in range(3):
            assert (np.abs(np.diff(np.log(values), axis=axis)) > 1e-3).mean() > 0.9
    assert traces["loss"].shape == (3, 6)


def test_the_first_step_is_the_untrained_network(traces: Traces, profiles: Profiles) -> None:
    agree(traces["signal"][:, 0], profiles[0])
    agree(traces["weight"][:, 0], profiles[1])


@pytest.mark.parametrize("peer", TORCH.values(), ids=TORCH)
def test_a_peer_trains_the_same_networks(peer: Peer, traces: Traces) -> None:
    found = peer.train_with_norms(SPEC)
    agree(found["signal"], traces["signal"])
    agree(found["weight"], traces["weight"])
    agree(found["loss"], traces["loss"])


@pytest.mark.parametrize("peer", TORCH.values(), ids=TORCH)
def test_a_peer_measures_the_same_untrained_networks(peer: Peer, profiles: Profiles) -> None:
    signal, weight = peer.initialise(SPEC)
    agree(signal, profiles[0])
    agree(weight, profiles[1])


@pytest.mark.parametrize("peer", TORCH.values(), ids=TORCH)
def test_a_peer_keeps_gradients_whose_squares_float32_cannot_hold(peer: Peer) -> None:
    deep = replace(SPEC, depth=36, steps=0)
    signal, weight = engine.initialise(deep)
    assert signal[:, 0].max() < 1e-20
    found = peer.initialise(deep)
    agree(found[0], signal)
    assert np.all(weight > 0)
    np.testing.assert_allclose(found[1], weight, rtol=2e-2)  # sums over examples that nearly cancel


@pytest.mark.skipif(not HAS_JAX, reason="JAX is installed only for the benchmarks")
def test_jax_computes_the_same_from_the_same_start(traces: Traces, profiles: Profiles) -> None:
    from benchmarks.peers import with_jax  # noqa: PLC0415  not installed everywhere

    x, y, layers = batched.draw(SPEC)
    arrays = [weights.detach().numpy() for weights, _ in layers]
    start = with_jax.Start(x.numpy(), y.numpy(), np.stack(arrays[:-1], axis=1), arrays[-1])
    found = with_jax.train_with_norms(SPEC, start)
    agree(found["signal"], traces["signal"])
    agree(found["weight"], traces["weight"])
    agree(found["loss"], traces["loss"])
    signal, weight = with_jax.initialise(SPEC, start)
    agree(signal, profiles[0])
    agree(weight, profiles[1])


@pytest.mark.skipif(not HAS_JAX, reason="JAX is installed only for the benchmarks")
def test_jax_draws_by_the_same_laws() -> None:
    from benchmarks.peers import with_jax  # noqa: PLC0415  not installed everywhere

    spec = replace(SPEC, width=64, batch=256)
    own = with_jax.draw(spec)
    x, y, layers = batched.draw(spec)
    np.testing.assert_allclose(own.x.std(), x.std(), rtol=0.02)
    np.testing.assert_allclose(own.y.mean(axis=1), y.mean(dim=1))
    assert own.weights.shape == (3, 3, 64, 64)
    np.testing.assert_allclose(own.weights.std(), layers[0][0].detach().std(), rtol=0.02)
    np.testing.assert_allclose(own.head.std(), layers[-1][0].detach().std(), rtol=0.1)
