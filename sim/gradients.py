"""One backward pass, read layer by layer."""

from dataclasses import dataclass

import torch
from torch import Tensor

from sim import losses
from sim.algebra import root_mean_square
from sim.data import Batch
from sim.networks import Network
from sim.spec import Spec


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
    loss = losses.per_example(spec, forward.outputs, batch.labels).sum()
    gradients = torch.autograd.grad(loss, [*forward.streams, *network.weights])
    depth = len(network.weights)
    for weights in network.weights:
        weights.requires_grad = False
    return LayerGradients(
        signal=torch.stack([root_mean_square(g) for g in gradients[:depth]], dim=1),
        weight=torch.stack([root_mean_square(g) / spec.batch for g in gradients[depth:]], dim=1),
    )
