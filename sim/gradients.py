"""One backward pass, read layer by layer."""

from dataclasses import dataclass

import torch
from torch import Tensor

from sim import losses
from sim.algebra import root_mean_square
from sim.data import Batch
from sim.networks import Network
from sim.spec import Spec

_COARSE = ("bfloat16", "float16")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerGradients:
    """Sizes of the gradient in every hidden layer, float64, shape (replica, layer), input side first.

    `signal` is the root mean square over examples and units of δ_l = ∂(per-example loss)/∂h_l;
    `weight` is the root mean square of ∂(batch loss)/∂W_l.
    """

    signal: Tensor
    weight: Tensor


def by_layer(spec: Spec, network: Network, batch: Batch) -> LayerGradients:
    """Measure the gradient of every hidden layer at the network's present parameters."""
    for weights in network.weights:
        weights.requires_grad_()
    forward = network(batch.inputs)
    # The sum over examples leaves every δ as the gradient of its own example's loss.
    per_example = losses.per_example(spec, forward.outputs, batch.labels)
    gradients = torch.autograd.grad(
        per_example.sum(), [*forward.streams, *network.weights], retain_graph=True
    )
    depth = len(network.weights)
    weight_gradients, divisor = gradients[depth:], spec.batch
    if spec.precision in _COARSE:
        # Dividing afterwards would rescue from underflow what training in this precision loses.
        weight_gradients, divisor = torch.autograd.grad(per_example.mean(dim=1).sum(), network.weights), 1
    for weights in network.weights:
        weights.requires_grad = False
    return LayerGradients(
        signal=torch.stack([root_mean_square(g) for g in gradients[:depth]], dim=1),
        weight=torch.stack([root_mean_square(g) / divisor for g in weight_gradients], dim=1),
    )
