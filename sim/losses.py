"""The losses per example, for labels 0 and 1."""

import torch
from torch import Tensor
from torch.nn import functional

from sim.spec import Spec

PLATEAU = {"bce": 0.6931471805599453, "ce": 0.6931471805599453, "mse": 0.25}
"""The loss of a network that gives both classes probability one half, whatever it sees."""


def output_units(spec: Spec) -> int:
    """Return how many outputs the loss needs: a logit, or one score per class for ce."""
    return 2 if spec.loss == "ce" else 1


def per_example(spec: Spec, outputs: Tensor, labels: Tensor) -> Tensor:
    """Return the loss of every example, shape (replica, batch).

    Args:
        spec: `bce` is the cross-entropy of a sigmoid unit, `ce` that of a softmax over classes,
            `mse` the squared error of the sigmoid unit's probability.
        outputs: raw outputs of shape (replica, batch, unit).
        labels: 0 or 1, shape (replica, batch).
    """
    if spec.loss == "ce":
        return functional.cross_entropy(outputs.movedim(-1, 1), labels, reduction="none")
    logits = outputs.squeeze(-1)
    targets = labels.to(logits.dtype)
    if spec.loss == "mse":
        return (torch.sigmoid(logits) - targets).square()
    return functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
