"""How the weights of logistic regression grow under plain gradient descent.

On data that a line separates the loss has no minimiser: it falls for ever, and |w| grows with the
logarithm of the steps (Soudry, Hoffer, Nacson, Gunasekar & Srebro 2018, The implicit bias of gradient
descent on separable data, arXiv:1710.10345, theorem 3).
"""

import numpy as np
import torch
from torch import Tensor

from sim import losses
from sim.algebra import root_mean_square
from sim.convexity.landscape import Landscape
from sim.measurements import Array

STEPS = tuple(round(10**decades) for decades in np.arange(0.0, 4.01, 0.25).tolist())
"""The steps after which |w| is read: from 1 to 10 000, four a decade."""

RATE = 1.0

REPLICAS = 8
"""As many replicas at most are followed: ten thousand steps are long."""


def norms(landscape: Landscape, starts: Tensor) -> Array:
    """Return |w|, the bias not counted, of the first replicas after each of `STEPS`, shape (replica, step).

    Args:
        landscape: of a logistic regression, whose gradient is written out: steps this small cost less than
            calling for automatic differentiation.
        starts: one point per replica, shape (replica, parameter).
    """
    spec, batch = landscape.spec, landscape.batch
    weights, biases = (tensor[:REPLICAS].clone() for tensor in landscape.tensors(starts))
    inputs, labels = batch.inputs[:REPLICAS], batch.labels[:REPLICAS]
    transposed, per_example = inputs.mT, RATE / spec.batch
    found: list[Array] = []
    for step in range(1, STEPS[-1] + 1):
        outputs = torch.baddbmm(biases.unsqueeze(1), inputs, weights)
        delta = losses.gradient(spec, outputs, labels)
        weights.baddbmm_(transposed, delta, alpha=-per_example)
        biases.sub_(delta.sum(dim=1), alpha=per_example)
        if step == STEPS[len(found)]:
            size = root_mean_square(weights) * weights[0].numel() ** 0.5
            found.append(size.numpy())
    return np.stack(found, axis=1)
