"""The feed-forward networks as a student would write them: one replica, one `nn.Module` per layer, hooks."""

from collections.abc import Callable

import numpy as np
import torch
from sim_oracles import gradient, modules, rms
from torch import Tensor, nn

from sim.measurements import Array
from sim.replicas import Replicas
from sim.spec import Spec

Named = dict[tuple[str, int], nn.Parameter]
"""Every parameter of a network by the name and the layer that the engine gives it."""


class RMSNorm(nn.Module):
    """x / rms(x) over everything but the batch, with one scale per unit or channel."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(units))

    def forward(self, x: Tensor) -> Tensor:
        axes = list(range(1, x.ndim))
        size = torch.sqrt(torch.mean(x**2, dim=axes, keepdim=True) + 1e-5)
        return x / size * self.weight.view(1, -1, *[1] * (x.ndim - 2))


class Block(nn.Module):
    """One layer; the signal is read at the output of the module `read_at`, which is the layer itself here."""

    def read_at(self) -> nn.Module:
        return self


class PlainBlock(Block):
    """φ(N(W x + b)), or N(φ(W x + b)); the signal is read at W x + b."""

    def __init__(self, linear: nn.Module, norm: nn.Module, phi: nn.Module, *, pre: bool) -> None:
        super().__init__()
        self.linear = linear
        self.rest = nn.Sequential(norm, phi) if pre else nn.Sequential(phi, norm)

    def read_at(self) -> nn.Module:
        return self.linear

    def forward(self, x: Tensor) -> Tensor:
        return self.rest(self.linear(x))


class DenseBlock(PlainBlock):
    """The same, with its input in front of its output."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, super().forward(x)], dim=1)


class PreActivation(Block):
    """x + a·(W φ(N x) + b)."""

    def __init__(self, linear: nn.Module, norm: nn.Module, phi: nn.Module, *, a: float) -> None:
        super().__init__()
        self.branch = nn.Sequential(norm, phi, linear)
        self.a = a

    def forward(self, x: Tensor) -> Tensor:
        return x + self.a * self.branch(x)


class PostActivation(Block):
    """φ(x + a·N(W x + b))."""

    def __init__(self, linear: nn.Module, norm: nn.Module, phi: nn.Module, *, a: float) -> None:
        super().__init__()
        self.branch, self.phi = nn.Sequential(linear, norm), phi
        self.a = a

    def forward(self, x: Tensor) -> Tensor:
        return self.phi(x + self.a * self.branch(x))


class Highway(Block):
    """T∘H + (1−T)∘x, with the norm before the two linear maps or after everything."""

    def __init__(
        self, linear: nn.Module, gate: nn.Module, norm: nn.Module, phi: nn.Module, *, pre: bool
    ) -> None:
        super().__init__()
        self.linear, self.gate, self.phi = linear, gate, phi
        self.before, self.after = (norm, nn.Identity()) if pre else (nn.Identity(), norm)

    def forward(self, x: Tensor) -> Tensor:
        u = self.before(x)
        t = torch.sigmoid(self.gate(u))
        return self.after(t * self.phi(self.linear(u)) + (1 - t) * x)


_NORMS: dict[str, Callable[[int, bool], nn.Module]] = {
    "none": lambda _n, _mlp: nn.Identity(),
    "batch": lambda n, mlp: nn.BatchNorm1d(n) if mlp else nn.BatchNorm2d(n),
    # Over an image nn.LayerNorm would learn a scale per pixel; one group has one per channel.
    "layer": lambda n, mlp: nn.LayerNorm(n) if mlp else nn.GroupNorm(1, n),
    "group": lambda n, _mlp: nn.GroupNorm(4 if n % 4 == 0 else 2 if n % 2 == 0 else 1, n),
    "rms": lambda n, _mlp: RMSNorm(n),
}


class Student:
    """One replica of an mlp or cnn, with the engine's numbers in torch's modules."""

    def __init__(self, spec: Spec, chunk: Replicas, replica: int) -> None:
        self.spec = spec
        self.named: Named = {}
        self.maps: list[nn.Module] = []  # of the layers, without stem, gates and head
        drawn = zip(chunk.parameters.slots, chunk.parameters.tensors, strict=True)
        self._numbers = {(slot.name, slot.layer): tensor[replica].clone() for slot, tensor in drawn}
        self.inputs, self.labels = chunk.batch.inputs[replica], chunk.batch.labels[replica]
        channels, top = self.inputs.shape[1], spec.depth + 1
        parts: list[nn.Module] = []
        if spec.skip in {"residual", "highway"} and channels != spec.width:
            parts.append(self._linear("stem", 0, channels))
            channels = spec.width
        self.blocks: list[Block] = []
        for layer in range(1, top):
            self.blocks.append(self._block(layer, channels))
            channels = channels + spec.width if spec.skip == "dense" else spec.width
        parts += self.blocks
        if spec.skip == "residual" and spec.order == "pre":
            parts += [self._norm(top), modules(spec)]
        classes = {"spirals": 3, "digits": 10}.get(spec.data, 2)
        self.head = nn.Linear(channels * self.inputs[0, 0].numel(), classes if spec.loss == "ce" else 1)
        self._fill(self.head, ("head", top), ("bias", top))
        self.net = nn.Sequential(*parts, nn.Flatten(), self.head).double().train()

    def loss(self) -> Tensor:
        """Return the batch loss, by torch's loss modules."""
        outputs: Tensor = self.net(self.inputs)
        if self.spec.loss == "ce":
            return nn.CrossEntropyLoss()(outputs, self.labels)
        targets = self.labels.to(outputs.dtype).unsqueeze(1)
        if self.spec.loss == "mse":
            return nn.MSELoss()(torch.sigmoid(outputs), targets)
        return nn.BCEWithLogitsLoss()(outputs, targets)

    def measure(self) -> tuple[Array, Array]:
        """Return signal and weight gradient by layer: backward from the mean, gradients kept by hooks."""
        streams: list[Tensor] = []

        def keep(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
            output.retain_grad()
            streams.append(output)

        handles = [block.read_at().register_forward_hook(keep) for block in self.blocks]
        self.net.zero_grad()
        torch.autograd.backward(self.loss())
        for handle in handles:
            handle.remove()
        signal = [rms(gradient(h)) * len(self.labels) for h in streams]
        weights = [self.named["weight", layer] for layer in range(1, self.spec.depth + 1)]
        return np.array(signal), np.array([rms(gradient(w)) for w in weights])

    def _block(self, layer: int, channels: int) -> Block:
        spec, pre = self.spec, self.spec.order == "pre"
        linear, phi = self._linear("weight", layer, channels), modules(spec)
        if spec.skip == "highway":
            gate = self._linear("gate", layer, spec.width)
            return Highway(linear, gate, self._norm(layer), phi, pre=pre)
        if spec.skip == "residual":
            block = PreActivation if pre else PostActivation
            return block(linear, self._norm(layer), phi, a=spec.residual_scale)
        block = DenseBlock if spec.skip == "dense" else PlainBlock
        return block(linear, self._norm(layer), phi, pre=pre)

    def _linear(self, name: str, layer: int, channels: int) -> nn.Module:
        spec = self.spec
        if spec.arch == "mlp":
            module: nn.Linear | nn.Conv2d = nn.Linear(channels, spec.width)
        else:
            mode = "circular" if spec.padding == "circular" else "zeros"
            module = nn.Conv2d(channels, spec.width, spec.kernel, padding="same", padding_mode=mode)
        self._fill(module, (name, layer), ("gate_bias" if name == "gate" else "bias", layer))
        if name == "weight":
            self.maps.append(module)
        return module

    def _norm(self, layer: int) -> nn.Module:
        spec = self.spec
        module = _NORMS[spec.norm](spec.width, spec.arch == "mlp")
        if spec.norm != "none":
            self._fill(module, ("scale", layer), ("shift", layer))
        return module

    def _fill(self, module: nn.Module, weight: tuple[str, int], bias: tuple[str, int]) -> None:
        """Put the engine's numbers, whose last axis is the output unit, in the place of a module's own."""
        for name, key in (("weight", weight), ("bias", bias)):
            if hasattr(module, name):
                own: Tensor = getattr(module, name)
                numbers = self._numbers[key].movedim(-1, 0)
                assert own.shape == numbers.shape
                self.named[key] = nn.Parameter(numbers)
                setattr(module, name, self.named[key])
