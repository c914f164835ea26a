"""The batched networks against the same weights in `nn.Linear` and `nn.Conv2d`, one replica at a time."""

import numpy as np
import pytest
import torch
from sim_oracles import THEORY_ACTIVATIONS, Plain, by_layer, drawn, plain_profiles

from sim import losses

INITS = ("glorot", "he", "lecun", "orthogonal", "torch", "heuristic", "normal std=0.4", "zeros")
SMALL = {"mlp": "mlp 4x9 batch=7 seeds=3", "cnn": "cnn 3x4 image=5 batch=4 seeds=3"}


def agree(text: str, *, rtol: float = 1e-9) -> None:
    spec, chunk = drawn(text)
    measured_signal, measured_weight = by_layer(spec, chunk)
    signal, weight = plain_profiles(spec, chunk.parameters, chunk.batch)
    # A gradient of zero is zero in both, so no absolute tolerance is needed.
    np.testing.assert_allclose(measured_signal, signal, rtol=rtol)
    np.testing.assert_allclose(measured_weight, weight, rtol=rtol)
    assert signal.shape == (spec.seeds, spec.depth)


@pytest.mark.parametrize("arch", SMALL)
@pytest.mark.parametrize("words", THEORY_ACTIVATIONS)
def test_every_activation_gives_the_gradients_of_plain_torch(arch: str, words: str) -> None:
    agree(f"{SMALL[arch]} float64 activation={words}")


@pytest.mark.parametrize("arch", SMALL)
@pytest.mark.parametrize("init", INITS)
def test_every_init_gives_the_gradients_of_plain_torch(arch: str, init: str) -> None:
    agree(f"{SMALL[arch]} float64 tanh init={init} gain=1.5")


@pytest.mark.parametrize("arch", SMALL)
@pytest.mark.parametrize("loss", ["bce", "mse", "ce"])
def test_every_loss_gives_the_gradients_of_plain_torch(arch: str, loss: str) -> None:
    agree(f"{SMALL[arch]} float64 elu he loss={loss}")


@pytest.mark.parametrize("padding", ["zeros", "circular"])
@pytest.mark.parametrize(("kernel", "image"), [(1, 1), (1, 4), (3, 2), (3, 6), (5, 3), (7, 4), (5, 8)])
def test_every_convolution_gives_the_gradients_of_plain_torch(padding: str, kernel: int, image: int) -> None:
    agree(f"cnn 3x3 padding={padding} kernel={kernel} image={image} init=torch tanh float64 batch=3 seeds=2")


@pytest.mark.parametrize(
    "words",
    [
        "1x5 relu he",
        "3x6 data=blobs tanh",
        "2x1 sigmoid",
        "3x8 input_scale=30 tanh",
        "2x5 batch=2 seed=2147483640",
    ],
)
def test_every_shape_and_scale_gives_the_gradients_of_plain_torch(words: str) -> None:
    agree(f"{words} float64 seeds=4")


@pytest.mark.parametrize("arch", SMALL)
@pytest.mark.parametrize("words", ["relu he", "tanh init=torch", "gelu orthogonal"])
def test_single_precision_agrees_to_its_rounding(arch: str, words: str) -> None:
    agree(f"{SMALL[arch]} {words}", rtol=2e-5)


@pytest.mark.parametrize("words", ["relu he", "tanh circular", "sigmoid init=torch kernel=5"])
def test_a_convolutions_outputs_are_those_of_plain_torch(words: str) -> None:
    spec, chunk = drawn(f"cnn 2x4 image=6 batch=3 seeds=3 float64 {words}")
    forward = chunk.network(chunk.parameters.tensors, chunk.batch.inputs)
    assert forward.outputs.shape == (3, 3, 1)
    assert [tuple(h.shape) for h in forward.streams] == [(3, 3, 4, 6, 6)] * 2
    for replica in range(spec.seeds):
        plain = Plain(spec, chunk.parameters, replica).net(chunk.batch.inputs[replica])
        np.testing.assert_allclose(forward.outputs[replica].numpy(), plain.detach().numpy(), rtol=1e-10)


@pytest.mark.parametrize(("loss", "units"), [("bce", 1), ("mse", 1), ("ce", 2)])
def test_a_loss_has_one_number_per_example_and_its_plateau_at_output_zero(loss: str, units: int) -> None:
    spec, chunk = drawn(f"1x3 init=zeros loss={loss} batch=5 seeds=2")
    outputs = chunk.network(chunk.parameters.tensors, chunk.batch.inputs).outputs
    assert outputs.shape == (2, 5, units)
    values = losses.per_example(spec, outputs, chunk.batch.labels)
    torch.testing.assert_close(values, torch.full((2, 5), losses.plateau(spec)))


def test_cross_entropy_of_two_scores_is_the_binary_one_of_their_difference() -> None:
    binary, chunk = drawn("1x3 loss=bce batch=6 seeds=2 float64")
    logits = chunk.batch.inputs[..., :1]
    scores = torch.cat([torch.zeros_like(logits), logits], dim=-1)
    spec, _ = drawn("1x3 loss=ce batch=6 seeds=2 float64")
    torch.testing.assert_close(
        losses.per_example(spec, scores, chunk.batch.labels),
        losses.per_example(binary, logits, chunk.batch.labels),
    )
