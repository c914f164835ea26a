"""The measured gradient against finite differences, and against laws that hold exactly."""

import numpy as np
import pytest
import torch
from sim_oracles import by_layer, drawn, finite_differences, rms

from sim import losses
from sim.measurements import Array

TINY = ("tanh 3x3 init=torch", "sigmoid 2x4 he loss=mse", "softplus 2x3 loss=ce", "cnn 2x2 image=3 tanh")


@pytest.mark.parametrize("words", TINY)
def test_the_weight_gradient_is_the_slope_of_the_batch_loss(words: str) -> None:
    spec, chunk = drawn(f"{words} float64 batch=4 seeds=2")

    def batch_loss() -> torch.Tensor:
        return losses.per_example(
            spec, chunk.network(chunk.parameters.tensors, chunk.batch.inputs).outputs, chunk.batch.labels
        ).mean(1)

    measured = by_layer(spec, chunk)[1]
    for layer, weights in enumerate(chunk.parameters.named("weight")):
        for replica in range(spec.seeds):
            slopes = list(finite_differences(batch_loss, weights[replica]))
            expected = rms(torch.stack(slopes)[:, replica])
            assert measured[replica, layer] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("words", TINY[:3])
def test_the_signal_is_the_slope_of_each_examples_loss_by_its_pre_activation(words: str) -> None:
    # Moving a bias moves the pre-activation h itself; one example at a time this is δ.
    spec, chunk = drawn(f"{words} float64 batch=3 seeds=1")
    biases = chunk.parameters.named("bias")
    measured = by_layer(spec, chunk)[0]
    for layer in range(spec.depth):
        deltas: list[float] = []
        for example in range(spec.batch):
            one = slice(example, example + 1)

            def example_loss(one: slice = one) -> torch.Tensor:
                outputs = chunk.network(chunk.parameters.tensors, chunk.batch.inputs[:, one]).outputs
                return losses.per_example(spec, outputs, chunk.batch.labels[:, one]).sum()

            deltas += [float(slope) for slope in finite_differences(example_loss, biases[layer][0])]
        assert measured[0, layer] == pytest.approx(np.sqrt(np.mean(np.square(deltas))), rel=1e-6)


def inner_products(text: str) -> Array:
    """Return ⟨W_l, ∂L/∂W_l⟩, shape (replica, layer)."""
    spec, chunk = drawn(text)
    leaves = chunk.parameters.named("weight")
    for weights in leaves:
        weights.requires_grad_()
    outputs = chunk.network(chunk.parameters.tensors, chunk.batch.inputs).outputs
    loss = losses.per_example(spec, outputs, chunk.batch.labels).mean(dim=1)
    slopes = torch.autograd.grad(loss.sum(), chunk.parameters.named("weight"))
    products = [
        (w * g).flatten(1).sum(1) for w, g in zip(chunk.parameters.named("weight"), slopes, strict=True)
    ]
    return torch.stack(products, dim=1).detach().numpy()


@pytest.mark.parametrize("arch", ["mlp 12x16", "cnn 5x4 image=4"])
@pytest.mark.parametrize("words", ["relu he", "relu glorot", "leaky_relu slope=0.3", "linear normal std=0.1"])
def test_a_homogeneous_network_pairs_weights_and_gradient_alike_in_every_layer(arch: str, words: str) -> None:
    products = inner_products(f"{arch} {words} float64 batch=8 seeds=3")
    np.testing.assert_allclose(products, np.broadcast_to(products[:, :1], products.shape), rtol=1e-9)
    assert products.all()


@pytest.mark.parametrize("words", ["tanh he", "relu init=torch", "sigmoid"])
def test_other_networks_do_not(words: str) -> None:
    products = inner_products(f"4x16 {words} float64 batch=8 seeds=3")
    assert float(np.abs(products / products[:, :1] - 1).max()) > 0.01


def test_a_relu_networks_weight_gradient_is_flat_while_its_signal_falls() -> None:
    spec, chunk = drawn("20x128 relu glorot batch=64 seeds=4")
    signal, weight = (np.median(values, axis=0) for values in by_layer(spec, chunk))
    assert float(signal[0] / signal[-1]) == pytest.approx(2 ** (-19 / 2), rel=0.6)
    assert 0.4 < float(weight[0] / weight[-1]) < 2.5


def test_measuring_leaves_the_network_as_it_was() -> None:
    spec, chunk = drawn("3x4 tanh seeds=2 batch=4")
    before = [parameter.clone() for parameter in chunk.parameters.tensors]
    first, second = by_layer(spec, chunk), by_layer(spec, chunk)
    np.testing.assert_array_equal(first, second)
    assert all(torch.equal(a, b) for a, b in zip(before, chunk.parameters.tensors, strict=True))
    assert not any(parameter.requires_grad for parameter in chunk.parameters.tensors)


def test_a_root_mean_square_survives_where_squares_of_single_precision_do_not() -> None:
    spec, chunk = drawn("linear 8x8 normal std=0.0001 seeds=2 batch=4")
    signal, _ = by_layer(spec, chunk)
    assert signal.dtype == np.float64
    assert float(signal[:, 0].max()) < 1e-23  # its square is below the least float32
    assert bool((signal > 0).all())
