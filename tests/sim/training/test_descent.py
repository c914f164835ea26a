"""Batched gradient descent against `torch.optim.SGD`, step by step."""

import numpy as np
import pytest
import torch
from sim_oracles import Plain, drawn, only
from torch import Tensor

from sim.passes import Reading
from sim.training import train

RUNS = (
    "tanh 3x6 lr=0.3",
    "relu he 3x6 lr=0.05 momentum=0.9",
    "sigmoid 2x5 init=torch lr=1 momentum=0.5 loss=mse data=blobs",
    "elu 2x5 loss=ce lr=0.1 momentum=0.99 data=blobs",
    "cnn tanh 2x3 image=4 lr=0.2 momentum=0.9 circular",
)


@pytest.mark.parametrize("words", RUNS)
def test_every_step_is_the_step_of_torchs_sgd(words: str) -> None:
    spec, chunk = drawn(f"{words} steps=12 batch=6 seeds=3 float64")
    plain = [Plain(spec, chunk.parameters, replica) for replica in range(spec.seeds)]
    seen: list[Tensor] = []

    def observe(step: int, reading: Reading) -> bool:
        assert step == len(seen)
        seen.append(reading.loss)
        return False

    train(spec, chunk.network, chunk.parameters, chunk.batch, observe)
    for replica, one in enumerate(plain):
        optimizer = torch.optim.SGD(one.net.parameters(), lr=spec.lr, momentum=spec.momentum)
        x, y = chunk.batch.inputs[replica], chunk.batch.labels[replica]
        for step in range(spec.steps + 1):
            optimizer.zero_grad()
            loss = one.loss(x, y)
            assert float(seen[step][replica]) == pytest.approx(float(loss.detach()), rel=1e-9)
            if step < spec.steps:
                torch.autograd.backward(loss)
                optimizer.step()  # pyright: ignore[reportUnknownMemberType]
        trained = Plain(spec, chunk.parameters, replica).net.state_dict()
        for name, value in one.net.state_dict().items():
            np.testing.assert_allclose(trained[name].numpy(), value.numpy(), rtol=1e-8, atol=1e-12)
    assert len(seen) == spec.steps + 1


def test_training_stops_when_it_is_told_to() -> None:
    spec, chunk = drawn("tanh 2x4 steps=50 seeds=2 batch=4")
    steps: list[int] = []

    def observe(step: int, _reading: Reading) -> bool:
        steps.append(step)
        return step == 3

    before = chunk.parameters.named("weight")[0].clone()
    train(spec, chunk.network, chunk.parameters, chunk.batch, observe)
    assert steps == [0, 1, 2, 3]
    assert not torch.equal(before, chunk.parameters.named("weight")[0])
    assert not any(parameter.requires_grad for parameter in chunk.parameters.tensors)


def test_the_last_layer_trains_too() -> None:
    spec, chunk = drawn("tanh 2x4 steps=1 seeds=2 batch=4")
    before = [parameter.clone() for parameter in chunk.parameters.tensors]
    train(spec, chunk.network, chunk.parameters, chunk.batch, lambda _step, _reading: False)
    assert all(not torch.equal(a, b) for a, b in zip(before, chunk.parameters.tensors, strict=True))


def test_the_gradient_is_measured_after_the_last_step() -> None:
    untrained = only("gradients", "tanh 3x8 data=blobs seeds=2 float64")
    trained = only("gradients", "tanh 3x8 data=blobs seeds=2 float64 steps=100 lr=0.5")
    assert trained.facts["loss"]["last"] < 0.5 * trained.facts["loss"]["first"]
    assert float(trained.series["signal"].values[:, -1].max()) < float(
        untrained.series["signal"].values[:, -1].min()
    )
    np.testing.assert_allclose(trained.series["loss"].values[:, 0], [0.69, 0.69], atol=0.6)
