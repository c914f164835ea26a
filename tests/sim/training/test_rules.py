"""Training rules, clipping and layer-wise rates against `torch.optim` and torch's own clipping."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from sim_oracles import Plain, drawn
from torch import nn

from sim.passes import Reading
from sim.spec import Spec
from sim.training import train

Make = Callable[[nn.Module, Spec], torch.optim.Optimizer]


def keep_going(_step: int, _reading: Reading) -> bool:
    return False


def trained_alike(text: str, make: Make, before_step: Callable[[nn.Module], object] = id) -> None:
    """Train with the engine and one network at a time with torch, and compare the parameters."""
    spec, chunk = drawn(f"{text} steps=15 batch=6 seeds=3 float64")
    nets = [Plain(spec, chunk.parameters, replica) for replica in range(spec.seeds)]
    train(spec, chunk.network, chunk.parameters, chunk.batch, keep_going)
    for replica, plain in enumerate(nets):
        optimizer = make(plain.net, spec)
        for _ in range(spec.steps):
            optimizer.zero_grad()
            loss = plain.loss(chunk.batch.inputs[replica], chunk.batch.labels[replica])
            torch.autograd.backward(loss)
            before_step(plain.net)
            optimizer.step()  # pyright: ignore[reportUnknownMemberType]
        ours = Plain(spec, chunk.parameters, replica).net.state_dict()
        for name, value in plain.net.state_dict().items():
            np.testing.assert_allclose(ours[name].numpy(), value.numpy(), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(
    "words", ["tanh 3x5", "cnn relu he 2x3 image=4", "sigmoid 2x4 init=torch data=blobs"]
)
def test_adam_is_torchs_adam(words: str) -> None:
    trained_alike(f"{words} adam lr=0.01", lambda net, spec: torch.optim.Adam(net.parameters(), lr=spec.lr))


@pytest.mark.parametrize("words", ["tanh 3x5", "cnn relu he 2x3 image=4"])
def test_rmsprop_is_torchs_rmsprop(words: str) -> None:
    trained_alike(
        f"{words} rmsprop lr=0.01", lambda net, spec: torch.optim.RMSprop(net.parameters(), lr=spec.lr)
    )


def sgd(net: nn.Module, spec: Spec) -> torch.optim.Optimizer:
    return torch.optim.SGD(net.parameters(), lr=spec.lr, momentum=spec.momentum)


@pytest.mark.parametrize("limit", [0.01, 0.3, 100])
def test_clipping_by_norm_is_torchs(limit: float) -> None:
    def clip(net: nn.Module) -> None:
        nn.utils.clip_grad_norm_(net.parameters(), limit)

    trained_alike(f"tanh 3x5 he momentum=0.5 lr=0.5 clip={limit}", sgd, clip)


@pytest.mark.parametrize("limit", [0.001, 0.05])
def test_clipping_by_value_is_torchs(limit: float) -> None:
    def clip(net: nn.Module) -> None:
        nn.utils.clip_grad_value_(net.parameters(), limit)

    trained_alike(f"tanh 3x5 he lr=0.5 clip_value={limit}", sgd, clip)


@pytest.mark.parametrize("precision", ["float16", "bfloat16", "float32", "float64"])
def test_every_limit_can_be_given_in_every_precision(precision: str) -> None:
    spec, chunk = drawn(f"tanh 2x3 steps=2 clip_value=1000000 clip=1000000 {precision} seeds=2 batch=4")
    before = chunk.parameters.flat.clone()
    train(spec, chunk.network, chunk.parameters, chunk.batch, keep_going)
    assert bool(chunk.parameters.flat.isfinite().all())
    assert not torch.equal(before, chunk.parameters.flat)


def test_a_gradient_that_is_clipped_to_a_norm_has_it() -> None:
    spec, chunk = drawn("relu he gain=3 6x16 steps=1 lr=1 clip=0.25 float64 seeds=3 batch=8")
    before = chunk.parameters.clone()
    train(spec, chunk.network, chunk.parameters, chunk.batch, keep_going)
    moved = [new - old for new, old in zip(chunk.parameters.tensors, before.tensors, strict=True)]
    norms = torch.stack([step.flatten(1).square().sum(1) for step in moved]).sum(0).sqrt()
    np.testing.assert_allclose(norms.numpy(), 0.25, rtol=1e-5)


def test_layer_wise_rates_are_parameter_groups() -> None:
    def make(net: nn.Module, spec: Spec) -> torch.optim.Optimizer:
        layers = [module for module in net.modules() if isinstance(module, nn.Linear)]
        rates = [spec.lr * 3 ** max(spec.depth - 1 - place, 0) for place in range(len(layers))]
        groups = [
            {"params": layer.parameters(), "lr": rate} for layer, rate in zip(layers, rates, strict=True)
        ]
        return torch.optim.SGD(groups, lr=spec.lr, momentum=spec.momentum)

    trained_alike("tanh 4x5 layer_lr=3 lr=0.05 momentum=0.5", make)
