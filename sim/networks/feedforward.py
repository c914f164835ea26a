"""Multi-layer perceptrons and convolutional networks, plain or with normalisation and skip connections."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from sim.activations import Phi
from sim.networks.maps import Map
from sim.networks.network import Forward, OnLinear
from sim.networks.norms import normalise
from sim.networks.slots import Slot, bias_slot
from sim.spec import Spec


class Feedforward:
    """`depth` layers of `width` units or channels, then one linear output layer.

    With W_l the linear map of layer l, N the normalisation, φ the activation and x the layer's input:

    * skip none: h = W x + b, passes on φ(N h) (order pre) or N φ(h) (order post); the signal is read at h;
    * dense: the same, with x the input and all earlier layers side by side (Huang et al. 2017,
    arXiv:1608.06993);
    * residual: x + a (W φ(N x) + b) (order pre: He et al. 2016, arXiv:1603.05027) or φ(x + a N(W x + b))
      (order post: He et al. 2015, arXiv:1512.03385); the signal is read at the sum;
    * highway: T∘H + (1−T)∘x with H = φ(W u + b), T = σ(V u + c) (Srivastava et al. 2015, arXiv:1505.00387),
      u = N x (order pre) or u = x and N around the whole (order post).

    A residual or highway network whose input is not as wide as its layers starts with a linear stem, which
    does not count as a layer.
    """

    def __init__(self, spec: Spec, phi: Phi, linear: Map, *, inputs: int, outputs: int) -> None:
        self._spec = spec
        self.phi = phi
        self._map = linear
        self._stem = spec.skip in {"residual", "highway"} and inputs != spec.width
        self._slots = tuple(self._layout(inputs, outputs))

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All weights, input side first and head last; then what normalisation learns; then all biases."""
        return self._slots

    def __call__(
        self, tensors: Sequence[Tensor], inputs: Tensor, on_linear: OnLinear | None = None
    ) -> Forward:
        """Run on inputs of shape (replica, batch, unit) or (replica, batch, channel, row, column)."""
        run = _Run(self._spec, self.phi, self._map, _by_name(self._slots, tensors), on_linear)
        x = run.linear(0, inputs, "stem") if self._stem else inputs
        layer = _LAYERS[self._spec.skip]
        for number in range(1, self._spec.depth + 1):
            x = layer(run, number, x)
        if self._spec.skip == "residual" and self._spec.order == "pre":
            x = self.phi(run.norm(self._spec.depth + 1, x))
        outputs = torch.baddbmm(run.one("bias", -1).unsqueeze(1), x.flatten(2), run.one("head", -1))
        return Forward(
            outputs=outputs,
            streams=run.streams,
            weights=run.weights,
            states=run.states,
            arguments=run.arguments,
        )

    def _layout(self, inputs: int, outputs: int) -> list[Slot]:
        spec, area = self._spec, self._map.area
        top = spec.depth + 1
        fan_ins = [self._fan_in(layer, inputs) for layer in range(1, top)]
        features = (self._fan_in(top, inputs) if spec.skip == "dense" else spec.width) * self._map.positions
        out = spec.width * area
        slots: list[Slot] = []

        def weight(name: str, layer: int, n: int) -> None:
            slots.append(
                Slot(
                    name=name,
                    layer=layer,
                    shape=self._map.shape(n, spec.width),
                    fans=(n * area, out),
                )
            )

        if self._stem:
            weight("stem", 0, inputs)
        for layer, n in enumerate(fan_ins, start=1):
            weight("weight", layer, n)
        if spec.skip == "highway":
            for layer in range(1, top):
                weight("gate", layer, spec.width)
        slots.append(Slot(name="head", layer=top, shape=(features, outputs), fans=(features, outputs)))
        slots += self._norm_slots()
        for layer, n in ([(0, inputs)] if self._stem else []) + list(enumerate(fan_ins, start=1)):
            slots.append(bias_slot("bias", layer, spec.width, (n * area, out)))
        if spec.skip == "highway":
            for layer in range(1, top):
                slots.append(
                    bias_slot("gate_bias", layer, spec.width, (spec.width * area, out), spec.transform_bias)
                )
        slots.append(bias_slot("bias", top, outputs, (features, outputs)))
        return slots

    def _norm_slots(self) -> list[Slot]:
        spec = self._spec
        if spec.norm == "none":
            return []
        last = spec.skip == "residual" and spec.order == "pre"
        slots: list[Slot] = []
        for layer in range(1, spec.depth + 1 + last):
            slots.append(Slot(name="scale", layer=layer, shape=(spec.width,), constant=1.0))
            if spec.norm != "rms":
                slots.append(Slot(name="shift", layer=layer, shape=(spec.width,)))
        return slots

    def _fan_in(self, layer: int, inputs: int) -> int:
        """Count the units or channels that feed a layer (or, one past the last, the head)."""
        if self._spec.skip == "dense":
            return inputs + (layer - 1) * self._spec.width
        first = layer == 1 and not self._stem
        return inputs if first else self._spec.width


def _by_name(slots: Sequence[Slot], tensors: Sequence[Tensor]) -> dict[tuple[str, int], Tensor]:
    """Index the tensors by name and layer; the head's have the layer −1, whatever the depth."""
    top = max(slot.layer for slot in slots)
    return {
        (slot.name, -1 if slot.layer == top and slot.name in {"head", "bias"} else slot.layer): tensor
        for slot, tensor in zip(slots, tensors, strict=True)
    }


@dataclass(slots=True)
class _Run:
    """One forward pass under way."""

    spec: Spec
    phi: Phi
    map: Map
    tensors: dict[tuple[str, int], Tensor]
    on_linear: OnLinear | None
    streams: list[Tensor] = field(default_factory=list[Tensor])
    weights: list[Tensor] = field(default_factory=list[Tensor])
    states: list[Tensor] = field(default_factory=list[Tensor])
    arguments: list[Tensor] = field(default_factory=list[Tensor])

    def one(self, name: str, layer: int) -> Tensor:
        return self.tensors[name, layer]

    def linear(self, layer: int, x: Tensor, name: str = "weight", bias: str = "bias") -> Tensor:
        weights = self.one(name, layer)
        h = self.map(x, weights)
        if name == "weight":
            self.weights.append(weights)
            if self.on_linear is not None:
                h = self.on_linear(layer, weights, h)
        return h + self.map.per_unit(self.one(bias, layer))

    def norm(self, layer: int, x: Tensor) -> Tensor:
        if self.spec.norm == "none":
            return x
        y = normalise(self.spec, x) * self.map.per_unit(self.one("scale", layer))
        return y if self.spec.norm == "rms" else y + self.map.per_unit(self.one("shift", layer))

    def activate(self, argument: Tensor) -> Tensor:
        self.arguments.append(argument)
        return self.phi(argument)

    def keep(self, *, stream: Tensor, state: Tensor) -> Tensor:
        self.streams.append(stream)
        self.states.append(state)
        return state


def _plain(run: _Run, layer: int, x: Tensor) -> Tensor:
    h = run.linear(layer, x)
    if run.spec.order == "pre":
        return run.keep(stream=h, state=run.activate(run.norm(layer, h)))
    return run.keep(stream=h, state=run.norm(layer, run.activate(h)))


def _dense(run: _Run, layer: int, x: Tensor) -> Tensor:
    return torch.cat([x, _plain(run, layer, x)], dim=2)


def _residual(run: _Run, layer: int, x: Tensor) -> Tensor:
    scale = run.spec.residual_scale
    if run.spec.order == "pre":
        branch = run.linear(layer, run.activate(run.norm(layer, x)))
        total = x + scale * branch
    else:
        branch = run.norm(layer, run.linear(layer, x))
        total = run.activate(x + scale * branch)
    return run.keep(stream=total, state=total)


def _highway(run: _Run, layer: int, x: Tensor) -> Tensor:
    pre = run.spec.order == "pre"
    u = run.norm(layer, x) if pre else x
    h = run.activate(run.linear(layer, u))
    gate = torch.sigmoid(run.linear(layer, u, "gate", "gate_bias"))
    total = gate * h + (1 - gate) * x
    if not pre:
        total = run.norm(layer, total)
    return run.keep(stream=total, state=total)


_LAYERS: dict[str, Callable[[_Run, int, Tensor], Tensor]] = {
    "none": _plain,
    "dense": _dense,
    "residual": _residual,
    "highway": _highway,
}
