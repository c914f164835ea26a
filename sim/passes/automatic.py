"""The pass of any architecture, by automatic differentiation."""

import torch
from torch import Tensor

from sim import losses
from sim.algebra import root_mean_squares
from sim.data import Batch
from sim.networks import Network, Parameters
from sim.passes.reading import Reading
from sim.spec import Spec

_COARSE = ("bfloat16", "float16")


class AutomaticPass:
    """Reverse-mode differentiation by torch; `loss_scale` multiplies the loss and divides what is read."""

    def __init__(
        self, spec: Spec, network: Network, parameters: Parameters, batch: Batch, *, loss_scale: float = 1.0
    ) -> None:
        self._scale = loss_scale
        self._spec = spec
        self._network = network
        self._parameters = parameters
        self._batch = batch
        self.gradient = torch.empty(0)

    def run(self, *, layers: bool, parameters: bool) -> Reading:
        """Run forward and backward; see `Pass`."""
        leaves = [tensor.detach().requires_grad_(layers or parameters) for tensor in self._parameters.tensors]
        forward = self._network(leaves, self._batch.inputs)
        per_example = losses.per_example(self._spec, forward.outputs, self._batch.labels)
        loss = per_example.mean(dim=1)
        signals = forward.streams if layers else []
        shares = [*(forward.weights if layers else []), *(leaves if parameters else [])]
        if not signals and not shares:
            return Reading(loss=loss.detach())
        # The sum over examples leaves every δ as the gradient of its own example's loss.
        if self._spec.precision in _COARSE:
            # Dividing by the batch afterwards would rescue from underflow what training in this type loses.
            by_stream = _grad(self._scale * per_example.sum(), signals, keep=bool(shares))
            by_weight = _grad(self._scale * loss.sum(), shares)
        else:
            both = _grad(self._scale * per_example.sum(), [*signals, *shares])
            by_stream = both[: len(signals)]
            by_weight = [g / self._spec.batch for g in both[len(signals) :]]
        if parameters:
            by_leaf = by_weight[len(by_weight) - len(leaves) :]
            self.gradient = torch.cat([g.reshape(-1) for g in by_leaf]) / self._scale
        if not layers:
            return Reading(loss=loss.detach())
        return Reading(
            loss=loss.detach(),
            signal=root_mean_squares(by_stream) / self._scale,
            weight=root_mean_squares(by_weight[: len(forward.weights)]) / self._scale,
        )


def _grad(total: Tensor, inputs: list[Tensor], *, keep: bool = False) -> list[Tensor]:
    return list(torch.autograd.grad(total, inputs, retain_graph=keep)) if inputs else []
