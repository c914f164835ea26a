"""The hand-written pass against automatic differentiation, and both against what they promise."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sim_oracles import THEORY_ACTIVATIONS, drawn

from sim.algebra import SafeNorms, root_mean_squares
from sim.passes import build_pass
from sim.passes.automatic import AutomaticPass
from sim.passes.plain import PlainPass, is_plain
from sim.passes.reading import Pass
from sim.replicas import Replicas
from sim.spec import Spec


def both(text: str) -> tuple[Pass, Pass]:
    spec, chunk = drawn(text)
    plain = build_pass(spec, chunk.network, chunk.parameters, chunk.batch)
    assert isinstance(plain, PlainPass)
    return plain, automatic(spec, chunk)


def automatic(spec: Spec, chunk: Replicas) -> AutomaticPass:
    return AutomaticPass(spec, chunk.network, chunk.parameters, chunk.batch)


def agree(text: str, rtol: float) -> None:
    passes = both(text)
    for layers, parameters in ((True, False), (True, True), (False, True), (False, False)):
        one, other = (run.run(layers=layers, parameters=parameters) for run in passes)
        np.testing.assert_allclose(one.loss.numpy(), other.loss.numpy(), rtol=rtol)
        assert (one.signal is None) == (other.signal is None) == (not layers)
        if one.signal is not None and other.signal is not None:
            np.testing.assert_allclose(one.signal.numpy(), other.signal.numpy(), rtol=rtol)
        if one.weight is not None and other.weight is not None:
            np.testing.assert_allclose(one.weight.numpy(), other.weight.numpy(), rtol=rtol)
        if parameters:
            scale = float(passes[1].gradient.abs().max())
            np.testing.assert_allclose(
                passes[0].gradient.numpy(), passes[1].gradient.numpy(), atol=rtol * scale
            )


@pytest.mark.parametrize("words", THEORY_ACTIVATIONS)
@pytest.mark.parametrize("loss", ["bce", "mse", "ce"])
def test_both_passes_agree_to_the_last_digits_of_double_precision(words: str, loss: str) -> None:
    agree(f"5x7 activation={words} init=torch gain=2 loss={loss} float64 batch=6 seeds=3", rtol=1e-11)


@pytest.mark.parametrize("words", THEORY_ACTIVATIONS)
def test_both_passes_agree_in_single_precision(words: str) -> None:
    agree(f"4x16 activation={words} data=blobs batch=8 seeds=3", rtol=3e-5)


@settings(settings.get_profile("sim"), max_examples=40)
@given(
    depth=st.integers(1, 6),
    width=st.integers(1, 9),
    batch=st.integers(2, 9),
    seeds=st.integers(1, 4),
    data=st.sampled_from(["gaussian", "blobs", "parity"]),
)
def test_both_passes_agree_for_every_shape(depth: int, width: int, batch: int, seeds: int, data: str) -> None:
    agree(f"{depth}x{width} tanh he data={data} float64 batch={batch} seeds={seeds}", rtol=1e-11)


def test_a_deep_networks_small_signal_is_read_as_exactly_as_a_large_one() -> None:
    # Layer 1 has 1e-25 here: its squares are far below the least single-precision number.
    plain, other = both("40x32 sigmoid seeds=2 batch=16")
    one, two = (run.run(layers=True, parameters=True) for run in (plain, other))
    assert one.signal is not None
    assert two.signal is not None
    assert float(one.signal.min()) < 1e-22
    np.testing.assert_allclose(one.signal.numpy(), two.signal.numpy(), rtol=1e-4)


def test_a_pass_sees_the_parameters_as_they_are_now() -> None:
    spec, chunk = drawn("3x5 tanh seeds=2 batch=4")
    run = build_pass(spec, chunk.network, chunk.parameters, chunk.batch)
    before = run.run(layers=True, parameters=True).loss.clone()
    chunk.parameters.flat.add_(0.3)  # biases too: they were zero
    after = run.run(layers=True, parameters=True).loss
    expected = automatic(spec, chunk).run(layers=False, parameters=False).loss
    assert not torch.allclose(before, after)
    torch.testing.assert_close(after, expected)


@pytest.mark.parametrize(
    "words", ["norm=batch", "skip=residual", "noisy_relu", "float16", "bfloat16", "cnn", "lstm data=recall"]
)
def test_everything_else_is_left_to_automatic_differentiation(words: str) -> None:
    spec = Spec.parse(f"depth=2 width=2 image=3 {words}")
    assert not is_plain(spec)


def test_loss_scaling_moves_what_would_round_to_zero() -> None:
    spec, chunk = drawn("18x16 sigmoid float16 seeds=4 batch=64")
    scaled = AutomaticPass(spec, chunk.network, chunk.parameters, chunk.batch, loss_scale=2.0**15)
    plain, rescued = (run.run(layers=True, parameters=False) for run in (automatic(spec, chunk), scaled))
    assert plain.signal is not None
    assert rescued.signal is not None
    alive, saved = ((signal > 0).sum() for signal in (plain.signal, rescued.signal))
    assert int(saved) > int(alive)
    top = plain.signal[:, -1] / rescued.signal[:, -1]
    np.testing.assert_allclose(top.numpy(), 1.0, rtol=0.01)


def test_norms_are_exact_in_every_round_however_small_or_large() -> None:
    norms = SafeNorms(2, 3)
    for sizes in ((1.0, 1e-25, 1e25), (1e-25, 1.0, 1.0), (1e25, 1e-30, 1.0), (1.0, 0.0, 1e-20)):
        tensors = torch.tensor(sizes).view(3, 1, 1, 1).expand(3, 2, 4, 5).clone()
        norms.put_all(tensors)
        np.testing.assert_allclose(
            norms.read().numpy(), [tensors[:, 0, 0, 0].double().numpy()] * 2, rtol=1e-6
        )


@pytest.mark.parametrize("size", [1e-30, 1e-16, 1.0, 1e17, 1e30])
def test_a_root_mean_square_of_single_precision_neither_overflows_nor_rounds_to_zero(size: float) -> None:
    tensors = [torch.full((3, 4, 7), size), torch.ones(3, 5)]
    np.testing.assert_allclose(root_mean_squares(tensors).numpy(), [[size, 1.0]] * 3, rtol=1e-6)


def test_a_signal_that_vanishes_only_while_training_is_still_read() -> None:
    spec, chunk = drawn("12x8 sigmoid seeds=2 batch=4")
    plain = build_pass(spec, chunk.network, chunk.parameters, chunk.batch)
    plain.run(layers=True, parameters=True)
    for weights in chunk.parameters.named("weight"):
        weights.mul_(0.01)
    one, other = (run.run(layers=True, parameters=True) for run in (plain, automatic(spec, chunk)))
    assert one.signal is not None
    assert other.signal is not None
    assert 0 < float(one.signal.min()) < 1e-20
    np.testing.assert_allclose(one.signal.numpy(), other.signal.numpy(), rtol=1e-4)
