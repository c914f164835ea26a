"""All replicas by `torch.func`: stacked modules, `functional_call`, `grad_and_value` and `vmap`.

Hooks do not see the gradient under `vmap`, so zeros are added to every pre-activation: their gradient is δ.
"""

import torch
from torch import Tensor, nn
from torch.func import (  # pyright: ignore[reportPrivateImportUsage]
    functional_call,
    grad_and_value,
    stack_module_state,
    vmap,
)

from benchmarks.peers import plain
from benchmarks.traces import Profiles, Traces
from sim.spec import Spec

Parameters = dict[str, Tensor]


class Tapped(nn.Module):
    """A network of sigmoid layers with something added to every pre-activation."""

    def __init__(self, hidden: list[nn.Linear], head: nn.Linear) -> None:
        super().__init__()
        self.hidden = nn.ModuleList(hidden)
        self.head = head

    def forward(self, x: Tensor, taps: list[Tensor]) -> Tensor:
        """Run on `x` (batch, unit), with a tap of the same shape for every layer."""
        for layer, tap in zip(self.hidden, taps, strict=True):
            x = torch.sigmoid(layer(x) + tap)
        return self.head(x).squeeze(1)


def train_with_norms(spec: Spec) -> Traces:
    """Train all networks of a spec together."""
    signal = torch.empty(spec.seeds, spec.steps, spec.depth, dtype=torch.float64)
    weight = torch.empty_like(signal)
    loss = torch.empty(spec.seeds, spec.steps, dtype=torch.float64)
    run = Run(spec)
    for step in range(spec.steps):
        gradients, loss[:, step], signal[:, step], weight[:, step] = run.measure()
        for name, parameter in run.parameters.items():
            parameter.sub_(gradients[name], alpha=spec.lr)
    return {"signal": signal.numpy(), "weight": weight.numpy(), "loss": loss.numpy()}


def initialise(spec: Spec) -> Profiles:
    """Measure all networks of a spec together."""
    _, _, signal, weight = Run(spec).measure()
    return signal.numpy(), weight.numpy()


class Run:
    """The networks of a spec, drawn and stacked, and their transformed loss."""

    def __init__(self, spec: Spec) -> None:
        drawn = [plain.draw(spec, spec.seed + replica) for replica in range(spec.seeds)]
        nets = [Tapped(hidden, head) for _, _, hidden, head in drawn]
        self.parameters: Parameters = {
            name: parameter.detach() for name, parameter in stack_module_state(nets)[0].items()
        }
        self._x, self._y = torch.stack([x for x, *_ in drawn]), torch.stack([y for _, y, *_ in drawn])
        self._taps = [torch.zeros(spec.batch, spec.width) for _ in range(spec.depth)]
        self._weights = [f"hidden.{layer}.weight" for layer in range(spec.depth)]

        def loss(parameters: Parameters, taps: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
            logits = functional_call(nets[0], parameters, (x, taps))
            return nn.functional.binary_cross_entropy_with_logits(logits, y)

        self._differentiate = vmap(grad_and_value(loss, argnums=(0, 1)), in_dims=(0, None, 0, 0))

    def measure(self) -> tuple[Parameters, Tensor, Tensor, Tensor]:
        """Return the gradients, the batch losses, and signal and weight of shape (replica, layer)."""
        (gradients, deltas), losses = self._differentiate(self.parameters, self._taps, self._x, self._y)
        weights = [gradients[name] for name in self._weights]
        return gradients, losses, plain.rms(deltas) * deltas[0].shape[1], plain.rms(weights)
