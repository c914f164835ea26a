"""The batched transformers against torch's own modules, one replica at a time, and known numbers."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import cast

import numpy as np
import pytest
import torch
from sequence_oracles import TOKENS, Run, labels_like, run
from sim_oracles import TORCH_JVP, gradient, modules
from torch import Tensor, nn

from sim.conventions import parts_of
from sim.networks.parameters import DTYPES
from sim.spec import Spec

SMALL = Spec.parse(
    "arch=transformer depth=3 width=8 activation=gelu init=torch norm=layer skip=residual"
    " batch=4 seeds=3 precision=float64"
)


def tensors_of(found: Run, replica: int) -> dict[tuple[str, int], Tensor]:
    slots = zip(found.network.slots, found.parameters.tensors, strict=True)
    return {(slot.name, slot.layer): tensor[replica].detach().clone() for slot, tensor in slots}


def linear(tensors: dict[tuple[str, int], Tensor], name: str, layer: int) -> nn.Linear:
    weights = tensors[name, layer]
    module = nn.Linear(weights.shape[0], weights.shape[1])
    module.weight = nn.Parameter(weights.T)
    module.bias = nn.Parameter(tensors[f"{name}_bias", layer])
    return module


def attention(tensors: dict[tuple[str, int], Tensor], layer: int, width: int) -> nn.MultiheadAttention:
    module = nn.MultiheadAttention(width, parts_of(width), batch_first=True)
    names = ("query", "key", "value")
    module.in_proj_weight = nn.Parameter(torch.cat([tensors[name, layer].T for name in names]))
    module.in_proj_bias = nn.Parameter(torch.cat([tensors[f"{name}_bias", layer] for name in names]))
    mix = linear(tensors, "mix", layer)
    module.out_proj.weight, module.out_proj.bias = mix.weight, mix.bias
    return module


def normal(spec: Spec, found: dict[tuple[str, int], Tensor], part: str, layer: int) -> nn.Module:
    if spec.norm == "none":
        return nn.Identity()
    if spec.norm == "rms":
        rms = nn.RMSNorm(spec.width, eps=1e-5)
        rms.weight = nn.Parameter(found[f"{part}_scale", layer])
        return rms
    module = nn.LayerNorm(spec.width)
    module.weight = nn.Parameter(found[f"{part}_scale", layer])
    module.bias = nn.Parameter(found[f"{part}_shift", layer])
    return module


class Plain:
    """One replica, block by block in torch's modules, after one backward pass."""

    def __init__(self, found: Run, replica: int) -> None:
        spec, self.spec = found.spec, found.spec
        tensors = tensors_of(found, replica)
        x = found.inputs[replica]
        if ("stem", 0) in tensors:
            x = linear(tensors, "stem", 0)(x)
        self.streams: list[Tensor] = []
        self.weights: list[Tensor] = []
        for layer in range(1, spec.depth + 1):
            attend = attention(tensors, layer, spec.width)
            inner, outer = linear(tensors, "expand", layer), linear(tensors, "weight", layer)
            norms = [normal(spec, tensors, part, layer) for part in ("attention", "inner")]
            x = self.part(x, norms[0], _seeing(attend))
            x = self.part(x, norms[1], nn.Sequential(inner, modules(spec), outer))
            x.retain_grad()
            self.streams.append(x)
            self.weights.append(outer.weight)
        if spec.order == "pre":
            x = normal(spec, tensors, "last", spec.depth + 1)(x)
        self.outputs: Tensor = linear(tensors, "head", spec.depth + 1)(x.mean(dim=1))
        logits = self.outputs[:, 0]
        torch.autograd.backward(nn.BCEWithLogitsLoss(reduction="sum")(logits, labels_like(logits)))

    def part(self, x: Tensor, norm: nn.Module, compute: Callable[[Tensor], Tensor]) -> Tensor:
        """Return x + a F(N x) or N(x + a F(x)), or the same without a skip."""
        scale = self.spec.residual_scale
        kept = x if self.spec.skip == "residual" else torch.zeros_like(x[..., :1])
        if self.spec.order == "pre":
            return kept + scale * compute(norm(x))
        total: Tensor = norm(kept + scale * compute(x))
        return total


def _seeing(attend: nn.MultiheadAttention) -> Callable[[Tensor], Tensor]:
    return lambda x: attend(x, x, x, need_weights=False)[0]


@pytest.mark.parametrize("order", ["pre", "post"])
@pytest.mark.parametrize(
    "words",
    [
        "",
        "norm=rms residual_scale=0.5 init=glorot",
        "norm=none",
        "norm=none skip=none",
        "skip=none tanh",
        "depth=1 width=1 batch=2 seeds=1",
        "width=6 relu",
        "width=3 orthogonal gain=2",
    ],
)
@pytest.mark.parametrize("features", [None, 5])
def test_every_block_gives_the_numbers_of_torchs_modules(
    order: str, words: str, features: int | None
) -> None:
    spec = Spec.parse(f"order={order} {words}", base=SMALL)
    found = run(spec, features)
    signals = found.gradients(found.forward.streams)
    weights = found.gradients(found.forward.weights)
    assert len(signals) == len(weights) == len(found.forward.arguments) == spec.depth
    for replica in range(spec.seeds):
        plain = Plain(found, replica)
        torch.testing.assert_close(found.forward.outputs[replica], plain.outputs)
        for stream, signal, expected in zip(found.forward.streams, signals, plain.streams, strict=True):
            torch.testing.assert_close(stream[replica], expected)
            torch.testing.assert_close(signal[replica], gradient(expected), rtol=1e-8, atol=1e-14)
        for weight, expected in zip(weights, plain.weights, strict=True):
            torch.testing.assert_close(weight[replica], gradient(expected).T, rtol=1e-8, atol=1e-14)


@pytest.mark.parametrize("norm_first", [True, False])
def test_the_network_is_torchs_encoder(*, norm_first: bool) -> None:
    found = run(replace(SMALL, order="pre" if norm_first else "post", activation="relu"))
    for replica in range(SMALL.seeds):
        tensors = tensors_of(found, replica)
        block = nn.TransformerEncoderLayer(
            8, 4, 32, dropout=0.0, batch_first=True, norm_first=norm_first, dtype=torch.float64
        )
        last = nn.LayerNorm(8, dtype=torch.float64) if norm_first else None
        encoder = nn.TransformerEncoder(block, SMALL.depth, last, enable_nested_tensor=False)
        for layer, copy in enumerate(encoder.layers, start=1):
            assert isinstance(copy, nn.TransformerEncoderLayer)
            copy.self_attn = attention(tensors, layer, 8)
            copy.linear1, copy.linear2 = (linear(tensors, name, layer) for name in ("expand", "weight"))
        encoded = encoder(found.inputs[replica])
        outputs = linear(tensors, "head", SMALL.depth + 1)(encoded.mean(dim=1))
        torch.testing.assert_close(found.forward.outputs[replica], outputs)


def test_learnt_scales_and_shifts_take_part() -> None:
    found = run(SMALL)
    gradients = dict(
        zip(
            ((slot.name, slot.layer) for slot in found.network.slots),
            found.gradients(found.leaves),
            strict=True,
        )
    )
    names = ("attention_scale", "attention_shift", "inner_scale", "inner_shift")
    inside = [(name, layer) for name in names for layer in range(1, SMALL.depth + 1)]
    for place in chain(inside, [("last_scale", SMALL.depth + 1), ("last_shift", SMALL.depth + 1)]):
        assert gradients[place].any(), place


def test_arguments_have_their_units_on_axis_two() -> None:
    found = run(SMALL)
    shapes = {tuple(argument.shape) for argument in found.forward.arguments}
    assert shapes == {(SMALL.seeds, SMALL.batch, 4 * SMALL.width, TOKENS)}


@pytest.mark.parametrize(("width", "count"), [(1, 1), (2, 2), (6, 2), (7, 1), (8, 4), (64, 4)])
def test_the_heads_divide_the_width(width: int, count: int) -> None:
    assert parts_of(width) == count


def test_tokens_have_no_positions_and_examples_do_not_see_each_other() -> None:
    found = run(SMALL)
    tensors = found.parameters.tensors
    permuted = found.network(tensors, found.inputs.flip(2)).outputs
    torch.testing.assert_close(permuted, found.forward.outputs)
    alone = found.network(tensors, found.inputs[:, 1:2]).outputs
    torch.testing.assert_close(alone, found.forward.outputs[:, 1:2])


def test_a_replica_alone_is_the_same_network() -> None:
    together, alone = run(SMALL), run(replace(SMALL, seed=2, seeds=1))
    torch.testing.assert_close(together.forward.outputs[2:], alone.forward.outputs)


@pytest.mark.parametrize("order", ["pre", "post"])
@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_every_precision_agrees_with_float64_to_its_rounding(order: str, precision: str) -> None:
    spec = replace(SMALL, order=order, precision=precision)
    exact, found = run(replace(spec, precision="float64")), run(spec)
    assert found.forward.outputs.dtype == DTYPES[precision]
    tolerance = 60 * torch.finfo(DTYPES[precision]).eps
    ours, true = (torch.stack(one.gradients(one.forward.streams), dim=1).double() for one in (found, exact))
    torch.testing.assert_close(ours, true, rtol=0, atol=tolerance * float(true.abs().max()))


@pytest.mark.filterwarnings(TORCH_JVP)
@pytest.mark.parametrize("words", ["pre", "order=post", "order=pre norm=rms", "norm=none skip=none"])
def test_function_transforms_see_the_same_network(words: str) -> None:
    spec = SMALL if words == "pre" else Spec.parse(words, base=SMALL)
    found = run(spec, features=2)
    point, direction = found.directed()
    value, slope = cast("tuple[Tensor, Tensor]", torch.func.jvp(found.outputs, (point,), (direction,)))
    torch.testing.assert_close(value, found.forward.outputs.detach())
    along = torch.autograd.grad(found.forward.outputs.sum(), found.leaves)
    expected = sum(float((g * d).sum()) for g, d in zip(along, direction, strict=True))
    assert float(slope.sum()) == pytest.approx(expected, rel=1e-9)
    moved = [t + 0.1 * d for t, d in zip(point, direction, strict=True)]
    both = torch.func.vmap(found.outputs)([torch.stack(pair) for pair in zip(point, moved, strict=True)])
    torch.testing.assert_close(both, torch.stack([found.outputs(point), found.outputs(moved)]))


def test_init_torch_draws_every_map_as_nn_linear_does() -> None:
    width = 16
    found = run(replace(SMALL, width=width, seeds=60, depth=1))
    slots = zip(found.network.slots, found.parameters.tensors, strict=True)
    fan_ins = dict.fromkeys(("query", "key", "value", "mix", "expand", "head"), width) | {"weight": 4 * width}
    for slot, tensor in slots:
        fan_in = fan_ins.get(slot.name.removesuffix("_bias"))
        if fan_in is not None and tensor.numel() > 500:
            assert float(tensor.detach().std()) == pytest.approx(1 / math.sqrt(3 * fan_in), rel=0.07)


# What the literature says.


def weight_profile(order: str, depth: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    spec = replace(
        SMALL,
        activation="relu",
        init="glorot",
        order=order,
        depth=depth,
        width=32,
        batch=8,
        seeds=32,
        precision="float32",
    )
    found = run(spec)
    return np.sqrt(np.square(found.profile(found.forward.weights)).mean(axis=0))


def test_the_last_blocks_weight_gradient_falls_with_depth_only_where_norms_come_first() -> None:
    # Xiong et al. 2020, arXiv:2002.04745: as 1/√L with norms first, constant with norms last.
    shallow, deep = 6, 24
    pre, post = (
        weight_profile(order, deep)[-1] / weight_profile(order, shallow)[-1] for order in ("pre", "post")
    )
    assert pre == pytest.approx(math.sqrt(shallow / deep), abs=0.15)
    assert post == pytest.approx(1, abs=0.2)


def test_lower_blocks_have_the_larger_weight_gradients_where_norms_come_first() -> None:
    pre, post = weight_profile("pre", 24), weight_profile("post", 24)
    assert pre[0] / pre[-1] > 3
    assert 0.7 < post[0] / post[-1] < 1.6
