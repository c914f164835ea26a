"""Weights scaled layer by layer to the data: Mishkin & Matas 2015, arXiv:1511.06422, algorithm 1."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from network_oracles import Student
from sim_oracles import drawn
from torch import Tensor, nn

from sim.replicas import Replicas
from sim.spec import Spec

NETWORKS = (
    "mlp 6x16 relu",
    "mlp 6x16 sigmoid",
    "mlp 4x5 tanh data=blobs",
    "mlp 4x8 gelu norm=layer",
    "mlp 5x12 relu skip=residual",
    "mlp 5x12 relu skip=residual order=post residual_scale=0.3",
    "mlp 4x6 tanh data=parity skip=residual norm=batch",
    "mlp 4x6 tanh skip=dense",
    "cnn 3x4 relu image=5",
    "cnn 3x4 tanh image=4 circular skip=residual",
)


def outputs_of_maps(spec: Spec, chunk: Replicas) -> Iterator[Tensor]:
    """Yield what every layer's linear map gives for the batch, replica by replica; the biases are 0."""
    for replica in range(spec.seeds):
        student = Student(spec, chunk, replica)
        found: list[Tensor] = []

        def keep(
            _module: nn.Module, _inputs: tuple[Tensor], output: Tensor, found: list[Tensor] = found
        ) -> None:
            found.append(output.detach())

        for module in student.maps:
            module.register_forward_hook(keep)
        student.net(student.inputs)
        assert len(found) == spec.depth
        yield from found


@pytest.mark.parametrize("gain", [1.0, 2.5])
@pytest.mark.parametrize("text", NETWORKS)
def test_every_layers_output_on_the_batch_has_the_standard_deviation_asked_for(
    text: str, gain: float
) -> None:
    spec, chunk = drawn(f"{text} lsuv gain={gain} float64 batch=12 seeds=3")
    for output in outputs_of_maps(spec, chunk):
        assert float(np.std(output.numpy(), ddof=1)) == pytest.approx(gain, rel=1e-9)


@pytest.mark.parametrize("text", NETWORKS)
def test_the_weights_are_those_of_orthogonal_times_a_number_per_layer(text: str) -> None:
    _, scaled = drawn(f"{text} lsuv float64 batch=12 seeds=3")
    _, start = drawn(f"{text} orthogonal float64 batch=12 seeds=3")
    slots = scaled.parameters.slots
    for slot, own, other in zip(slots, scaled.parameters.tensors, start.parameters.tensors, strict=True):
        if slot.name != "weight":
            assert torch.equal(own, other), slot
            continue
        factors = (own / other).flatten(1)
        np.testing.assert_allclose(factors.numpy(), factors[:, :1].expand_as(factors).numpy(), rtol=1e-6)
        assert bool((factors > 0).all())
        flat = other[0].flatten(0, -2)
        tall = flat if flat.shape[0] >= flat.shape[1] else flat.mT
        np.testing.assert_allclose((tall.mT @ tall).numpy(), np.eye(tall.shape[1]), atol=1e-6)


def test_a_layer_that_gives_the_same_for_everything_keeps_its_weights() -> None:
    # A residual branch that reads exact zeros has no standard deviation to divide by.
    spec, chunk = drawn("mlp 3x1 relu lsuv norm=layer batch=4 seeds=2 float64 skip=residual")
    _, start = drawn("mlp 3x1 relu orthogonal norm=layer batch=4 seeds=2 float64 skip=residual")
    assert torch.equal(chunk.parameters.flat, start.parameters.flat)
    assert spec.init == "lsuv"


@pytest.mark.parametrize(("precision", "rtol"), [("float32", 1e-5), ("bfloat16", 0.03), ("float16", 0.005)])
def test_every_precision_is_scaled_to_its_rounding(precision: str, rtol: float) -> None:
    spec, chunk = drawn(f"mlp 4x16 tanh lsuv {precision} batch=32 seeds=2")
    a = chunk.batch.inputs
    for weights in chunk.parameters.named("weight"):
        h = torch.bmm(a, weights)
        np.testing.assert_allclose(h.double().flatten(1).std(dim=1).numpy(), 1.0, rtol=rtol)
        a = torch.tanh(h)
    assert len(chunk.parameters.named("weight")) == spec.depth


def test_a_replica_is_scaled_by_its_own_data_alone() -> None:
    _, many = drawn("mlp 3x5 tanh lsuv batch=6 seeds=4 seed=3 float64")
    for replica in range(4):
        _, alone = drawn(f"mlp 3x5 tanh lsuv batch=6 seeds=1 seed={3 + replica} float64")
        for one, every in zip(alone.parameters.tensors, many.parameters.tensors, strict=True):
            # The orthogonal start is computed in single precision, together or alone.
            np.testing.assert_allclose(one[0].numpy(), every[replica].numpy(), rtol=1e-5)
