"""Transformer encoders, S replicas at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from sim.activations import Phi
from sim.networks.attention import attend
from sim.networks.network import Forward, OnLinear
from sim.networks.norms import normalise
from sim.networks.slots import Slot
from sim.spec import Spec

_INNER = 4
"""Units inside the feed-forward part per unit of the stream: Vaswani et al. 2017, section 3.3."""


class Transformer:
    """`depth` blocks of self-attention and a feed-forward part, then one linear layer on the mean token.

    Each part F is x + a F(N x) (order pre) or N(x + a F(x)) (order post), without "x + a" where skip is none;
    with order pre a last N follows. F is attention, or φ(x W_1 + b_1) W_2 + b_2 with 4n units inside. Every
    token is normalised by itself. The signal is read after each block, the weight gradient at W_2.

    Sources: Vaswani et al. 2017, arXiv:1706.03762; Xiong et al. 2020, On layer normalization in the
    transformer architecture, arXiv:2002.04745, figure 1. init=torch draws every map as `nn.Linear` does;
    `nn.MultiheadAttention` itself draws Q, K and V 1.22 times as large, and its biases are zero.
    """

    def __init__(self, spec: Spec, phi: Phi, *, inputs: int, outputs: int) -> None:
        self._spec = spec
        self._phi = phi
        self._stem = inputs != spec.width
        self._slots = tuple(self._layout(inputs, outputs))

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All weights, input side first and head last; then what normalisation learns; then all biases.

        A stem turns inputs of another width into the stream's; it does not count as a layer.
        """
        return self._slots

    def __call__(
        self,
        tensors: Sequence[Tensor],
        inputs: Tensor,
        on_linear: OnLinear | None = None,  # noqa: ARG002  init=lsuv is not for shared or split weights
    ) -> Forward:
        """Run on inputs of shape (replica, batch, token, feature); `on_linear` is never called."""
        top = self._spec.depth + 1
        run = _Run(self._spec, self._phi, self._by_name(tensors), inputs.shape[2])
        # All tokens of all examples are rows of one matrix; only attention tells examples apart.
        x = inputs.flatten(1, 2)
        if self._stem:
            x = run.linear("stem", 0, x)
        for layer in range(1, top):
            x = run.part("attention", layer, x, run.attention)
            x = run.part("inner", layer, x, run.feed_forward)
            x = run.keep(x)
        if self._spec.order == "pre":
            x = run.norm("last", top, x)
        mean = run.by_token(x).mean(dim=2)
        return Forward(
            outputs=run.linear("head", top, mean),
            streams=run.streams,
            weights=run.weights,
            states=run.streams,
            arguments=run.arguments,
        )

    def _by_name(self, tensors: Sequence[Tensor]) -> dict[tuple[str, int], Tensor]:
        return {(slot.name, slot.layer): tensor for slot, tensor in zip(self._slots, tensors, strict=True)}

    def _layout(self, inputs: int, outputs: int) -> list[Slot]:
        depth, n = self._spec.depth, self._spec.width
        maps: list[tuple[str, int, int, int]] = [("stem", 0, inputs, n)] if self._stem else []
        for layer in range(1, depth + 1):
            maps += [(name, layer, n, n) for name in ("query", "key", "value", "mix")]
            maps += [("expand", layer, n, _INNER * n), ("weight", layer, _INNER * n, n)]
        maps.append(("head", depth + 1, n, outputs))
        weights = [
            Slot(name=name, layer=layer, shape=(before, after), fans=(before, after))
            for name, layer, before, after in maps
        ]
        biases = [
            Slot(name=f"{name}_bias", layer=layer, shape=(after,), fans=(before, after), is_bias=True)
            for name, layer, before, after in maps
        ]
        return [*weights, *self._norm_slots(), *biases]

    def _norm_slots(self) -> list[Slot]:
        spec = self._spec
        if spec.norm == "none":
            return []
        norms = [(part, layer) for layer in range(1, spec.depth + 1) for part in ("attention", "inner")]
        if spec.order == "pre":
            norms.append(("last", spec.depth + 1))
        slots: list[Slot] = []
        for part, layer in norms:
            slots.append(Slot(name=f"{part}_scale", layer=layer, shape=(spec.width,), constant=1.0))
            if spec.norm != "rms":
                slots.append(Slot(name=f"{part}_shift", layer=layer, shape=(spec.width,)))
        return slots


@dataclass(slots=True)
class _Run:
    """One forward pass under way, on rows of shape (replica, batch·token, unit)."""

    spec: Spec
    phi: Phi
    tensors: dict[tuple[str, int], Tensor]
    tokens: int
    streams: list[Tensor] = field(default_factory=list[Tensor])
    weights: list[Tensor] = field(default_factory=list[Tensor])
    arguments: list[Tensor] = field(default_factory=list[Tensor])

    def linear(self, name: str, layer: int, x: Tensor) -> Tensor:
        bias = self.tensors[f"{name}_bias", layer].unsqueeze(1)
        return torch.baddbmm(bias, x, self.tensors[name, layer])

    def norm(self, part: str, layer: int, x: Tensor) -> Tensor:
        if self.spec.norm == "none":
            return x
        y = normalise(self.spec, x) * self.tensors[f"{part}_scale", layer].unsqueeze(1)
        return y if self.spec.norm == "rms" else y + self.tensors[f"{part}_shift", layer].unsqueeze(1)

    def part(self, name: str, layer: int, x: Tensor, compute: Callable[[int, Tensor], Tensor]) -> Tensor:
        pre = self.spec.order == "pre"
        total = compute(layer, self.norm(name, layer, x) if pre else x)
        if self.spec.skip == "residual":
            total = torch.add(x, total, alpha=self.spec.residual_scale)
        return total if pre else self.norm(name, layer, total)

    def attention(self, layer: int, x: Tensor) -> Tensor:
        names = ("query", "key", "value")
        weights = torch.cat([self.tensors[name, layer] for name in names], dim=2)
        biases = torch.cat([self.tensors[f"{name}_bias", layer] for name in names], dim=1)
        return self.linear("mix", layer, attend(torch.baddbmm(biases.unsqueeze(1), x, weights), self.tokens))

    def feed_forward(self, layer: int, x: Tensor) -> Tensor:
        argument = self.linear("expand", layer, x)
        # Units belong on axis 2, as everywhere.
        self.arguments.append(self.by_token(argument).transpose(2, 3))
        self.weights.append(self.tensors["weight", layer])
        return self.linear("weight", layer, self.phi(argument))

    def keep(self, x: Tensor) -> Tensor:
        """Note the stream after a block, by token; what follows must be computed from the noted tensor."""
        self.streams.append(self.by_token(x))
        return self.streams[-1].flatten(1, 2)

    def by_token(self, rows: Tensor) -> Tensor:
        return rows.reshape(rows.shape[0], -1, self.tokens, rows.shape[2])
