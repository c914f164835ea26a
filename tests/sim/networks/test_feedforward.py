"""Every norm, order and skip connection against the same weights in plain torch, one replica at a time."""

import itertools
import math

import numpy as np
import pytest
import torch
from network_oracles import Student
from sim_oracles import THEORY_ACTIVATIONS, drawn, gradient
from torch import nn

from sim.passes import build_pass
from sim.replicas import Replicas
from sim.spec import Spec

NORMS = ("none", "batch", "layer", "group", "rms")
SKIPS = ("none", "residual", "highway", "dense")
SMALL = {"mlp": "mlp 3x8 batch=6 seeds=2", "cnn": "cnn 3x8 image=4 batch=3 seeds=2"}
CELLS = list(itertools.product(SMALL, NORMS, ("pre", "post"), SKIPS))


def shaken(text: str) -> tuple[Spec, Replicas]:
    """Draw a network whose biases, scales and shifts are not the zeros and ones it starts with."""
    spec, chunk = drawn(f"{text} float64")
    generator = torch.Generator().manual_seed(7)
    noise = torch.randn(chunk.parameters.flat.shape, generator=generator, dtype=torch.float64)
    chunk.parameters.flat.add_(noise, alpha=0.1)
    return spec, chunk


def agree(text: str, *, atol: float = 0.0) -> None:
    spec, chunk = shaken(text)
    run = build_pass(spec, chunk.network, chunk.parameters, chunk.batch)
    reading = run.run(layers=True, parameters=True)
    outputs = chunk.network(chunk.parameters.tensors, chunk.batch.inputs).outputs
    slopes = chunk.parameters.views(run.gradient)
    assert reading.signal is not None
    assert reading.weight is not None
    for replica in range(spec.seeds):
        student = Student(spec, chunk, replica)
        signal, weight = student.measure()
        assert signal.shape == weight.shape == (spec.depth,)
        expected = student.net(student.inputs).detach().numpy()
        np.testing.assert_allclose(outputs[replica].numpy(), expected, rtol=1e-9, atol=1e-12)
        assert float(reading.loss[replica]) == pytest.approx(float(student.loss().detach()), rel=1e-9)
        np.testing.assert_allclose(reading.signal[replica].numpy(), signal, rtol=1e-9, atol=atol)
        np.testing.assert_allclose(reading.weight[replica].numpy(), weight, rtol=1e-9, atol=atol)
        keys = [(slot.name, slot.layer) for slot in chunk.parameters.slots]
        assert sorted(keys) == sorted(student.named)
        scale = float(run.gradient.abs().max())
        for key, slope in zip(keys, slopes, strict=True):
            own = gradient(student.named[key]).movedim(0, -1)
            np.testing.assert_allclose(
                slope[replica].numpy(), own.numpy(), rtol=1e-7, atol=1e-9 * scale, err_msg=str(key)
            )


@pytest.mark.parametrize(("arch", "norm", "order", "skip"), CELLS)
def test_every_norm_order_and_skip_gives_the_gradients_of_plain_torch(
    arch: str, norm: str, order: str, skip: str
) -> None:
    agree(f"{SMALL[arch]} tanh init=torch norm={norm} order={order} skip={skip}")


@pytest.mark.parametrize("skip", SKIPS)
@pytest.mark.parametrize("words", THEORY_ACTIVATIONS)
def test_every_activation_goes_with_every_skip(words: str, skip: str) -> None:
    agree(f"{SMALL['mlp']} he activation={words} norm=layer skip={skip}")


@pytest.mark.parametrize("loss", ["bce", "mse", "ce"])
@pytest.mark.parametrize("skip", SKIPS)
def test_every_loss_goes_with_every_skip(loss: str, skip: str) -> None:
    agree(f"{SMALL['cnn']} elu loss={loss} norm=batch skip={skip} order=post")


@pytest.mark.parametrize("width", [1, 2, 3, 6, 12])
@pytest.mark.parametrize("arch", ["mlp depth=2 batch=5", "cnn depth=2 image=3 batch=3"])
def test_a_group_norm_has_four_groups_or_as_many_as_divide_the_channels(arch: str, width: int) -> None:
    # A group of a single unit is 0 whatever its input; torch leaves 1e-14 of a gradient there.
    agree(f"{arch} width={width} softplus norm=group seeds=2", atol=1e-12)


@pytest.mark.parametrize("order", ["pre", "post"])
@pytest.mark.parametrize("scale", ["0", "0.25", "100"])
@pytest.mark.parametrize("arch", SMALL)
def test_a_residual_branch_is_scaled(arch: str, scale: str, order: str) -> None:
    agree(f"{SMALL[arch]} gelu he skip=residual residual_scale={scale} order={order}")


@pytest.mark.parametrize("order", ["pre", "post"])
@pytest.mark.parametrize("bias", ["-20", "0", "3.5"])
@pytest.mark.parametrize("arch", SMALL)
def test_a_transform_gate_has_its_bias(arch: str, bias: str, order: str) -> None:
    agree(f"{SMALL[arch]} tanh he skip=highway transform_bias={bias} norm=rms order={order}")


@pytest.mark.parametrize("skip", SKIPS)
@pytest.mark.parametrize("data", ["blobs", "spirals", "parity", "xor"])
def test_inputs_of_another_width_go_through_a_stem_where_there_is_an_identity(data: str, skip: str) -> None:
    text = f"mlp 3x5 batch=6 seeds=2 sigmoid he data={data} skip={skip}"
    agree(f"{text} norm=layer")
    _, chunk = drawn(text)
    stems = [slot for slot in chunk.parameters.slots if slot.name == "stem"]
    assert len(stems) == (skip in {"residual", "highway"})


@pytest.mark.parametrize("skip", SKIPS)
def test_an_image_of_one_channel_goes_through_a_stem_too(skip: str) -> None:
    agree(f"cnn 2x3 batch=4 seeds=2 tanh data=digits norm=group order=post skip={skip}")


@pytest.mark.parametrize("skip", ["residual", "highway"])
def test_inputs_as_wide_as_the_network_need_no_stem(skip: str) -> None:
    for text in (f"mlp 2x2 data=blobs skip={skip}", f"mlp 2x8 data=parity skip={skip}"):
        spec, chunk = drawn(f"{text} seeds=1 batch=4")
        assert [slot.name for slot in chunk.parameters.slots].count("weight") == spec.depth
        assert "stem" not in {slot.name for slot in chunk.parameters.slots}


@pytest.mark.parametrize("padding", ["zeros", "circular"])
@pytest.mark.parametrize(("kernel", "image"), [(1, 1), (1, 3), (3, 2), (5, 3), (7, 4)])
@pytest.mark.parametrize("skip", ["residual", "highway", "dense"])
def test_every_kernel_and_padding_goes_with_every_skip(
    skip: str, kernel: int, image: int, padding: str
) -> None:
    agree(
        f"cnn 2x3 kernel={kernel} image={image} padding={padding} batch=3 seeds=2 tanh skip={skip} norm=batch"
    )


@pytest.mark.parametrize("text", ["mlp 4x5 data=blobs", "mlp 3x6", "cnn 3x2 image=4", "cnn 3x4 kernel=5"])
def test_a_dense_layer_reads_its_input_and_all_layers_before(text: str) -> None:
    spec, chunk = drawn(f"{text} skip=dense seeds=1 batch=3")
    inputs = chunk.batch.inputs.shape[2]
    channels = [inputs + layer * spec.width for layer in range(spec.depth + 1)]
    area = spec.kernel**2 if spec.arch == "cnn" else 1
    weights = [slot for slot in chunk.parameters.slots if slot.name == "weight"]
    assert [slot.shape[0] for slot in weights] == channels[:-1]
    assert [slot.fans for slot in weights] == [(n * area, spec.width * area) for n in channels[:-1]]
    (head,) = (slot for slot in chunk.parameters.slots if slot.name == "head")
    assert head.shape[0] == channels[-1] * (spec.image**2 if spec.arch == "cnn" else 1)


@pytest.mark.parametrize("skip", SKIPS)
@pytest.mark.parametrize("text", ["mlp 3x64 data=blobs", "cnn 3x16 image=4"])
def test_every_matrix_is_drawn_with_the_fan_in_that_torch_counts(text: str, skip: str) -> None:
    spec, chunk = drawn(f"{text} relu he skip={skip} seeds=16 batch=2")
    for slot, tensor in zip(chunk.parameters.slots, chunk.parameters.tensors, strict=True):
        if slot.name in {"weight", "gate", "stem"}:
            plain = nn.Linear(slot.shape[0], slot.shape[1])
            if spec.arch == "cnn":
                plain = nn.Conv2d(slot.shape[0], slot.shape[-1], spec.kernel)
            fan_in = plain.weight[0].numel()
            # A standard deviation of N normal numbers is off by 1/√(2N).
            assert float(tensor.std()) == pytest.approx(
                math.sqrt(2 / fan_in), rel=5 / math.sqrt(2 * tensor.numel())
            )


def test_gates_start_at_the_transform_bias_and_norms_at_the_identity() -> None:
    _, chunk = drawn("mlp 3x4 skip=highway transform_bias=-1.5 norm=layer seeds=2 batch=4")
    for name, constant in (("gate_bias", -1.5), ("scale", 1.0), ("shift", 0.0), ("bias", 0.0)):
        tensors = chunk.parameters.named(name)
        assert tensors
        assert all(bool((tensor == constant).all()) for tensor in tensors)
    _, chunk = drawn("mlp 3x4 skip=highway transform_bias=-1.5 init=torch seeds=8 batch=4")
    for bias in chunk.parameters.named("gate_bias"):
        assert 0 < float((bias + 1.5).abs().max()) <= 1 / math.sqrt(4)


def test_an_open_gate_is_the_plain_network_and_a_closed_one_the_identity() -> None:
    plain, chunk = drawn("mlp 4x6 tanh he float64 seeds=2 batch=5")
    _, opened = drawn("mlp 4x6 tanh he float64 seeds=2 batch=5 skip=highway transform_bias=20")
    _, closed = drawn("mlp 4x6 tanh he float64 seeds=2 batch=5 skip=highway transform_bias=-20")
    for one in (opened, closed):
        for name in ("weight", "head"):
            for own, other in zip(one.parameters.named(name), chunk.parameters.named(name), strict=True):
                own.copy_(other)
    states = [run.network(run.parameters.tensors, chunk.batch.inputs).states for run in (chunk, opened)]
    assert len(states[0]) == plain.depth
    for one, other in zip(*states, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), atol=1e-6)
    carried = closed.network(closed.parameters.tensors, chunk.batch.inputs).states[-1]
    np.testing.assert_allclose(carried.numpy(), chunk.batch.inputs.numpy(), atol=1e-6)
