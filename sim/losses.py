"""The losses per example, for labels 0 … K−1, with their gradients in closed form."""

import math

import torch
from torch import Tensor
from torch.nn import functional

from sim.data.fitting import classes
from sim.spec import Spec

__all__ = ["LEFT", "accuracy", "classes", "gradient", "output_units", "per_example", "plateau"]

LEFT = 0.9
"""A loss has left the plateau, and learning has begun, when it is below this share of it."""


def output_units(spec: Spec) -> int:
    """Return how many outputs the loss needs: a logit, or one score per class for ce."""
    return classes(spec) if spec.loss == "ce" else 1


def plateau(spec: Spec) -> float:
    """Return the loss of knowing nothing: of a network that finds all classes equally likely."""
    return 0.25 if spec.loss == "mse" else math.log(classes(spec))


def per_example(spec: Spec, outputs: Tensor, labels: Tensor) -> Tensor:
    """Return the loss of every example, shape (replica, batch).

    Args:
        spec: `bce` is the cross-entropy of a sigmoid unit, `ce` that of a softmax over classes,
            `mse` the squared error of the sigmoid unit's probability.
        outputs: raw outputs of shape (replica, batch, unit).
        labels: 0 … K−1, shape (replica, batch).
    """
    if spec.loss == "ce":
        return functional.cross_entropy(outputs.movedim(-1, 1), labels, reduction="none")
    logits = outputs.squeeze(-1)
    targets = labels.to(logits.dtype)
    if spec.loss == "mse":
        return (torch.sigmoid(logits) - targets).square()
    return functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")


def gradient(spec: Spec, outputs: Tensor, labels: Tensor) -> Tensor:
    """Return the gradient of each example's own loss with respect to its outputs, in their shape."""
    if spec.loss == "ce":
        hot = functional.one_hot(labels, outputs.shape[-1])
        return torch.softmax(outputs, dim=-1) - hot.to(outputs.dtype)
    probability = torch.sigmoid(outputs)
    error = probability - labels.unsqueeze(-1).to(outputs.dtype)
    return error if spec.loss == "bce" else 2.0 * error * probability * (1.0 - probability)


def accuracy(spec: Spec, outputs: Tensor, labels: Tensor) -> Tensor:
    """Return the share of examples whose class comes first, shape (replica,), in float64.

    A logit of 0 counts as class 0, equal scores as the lowest class, and outputs that are no numbers
    as wrong.
    """
    answers = outputs.argmax(dim=-1) if spec.loss == "ce" else (outputs.squeeze(-1) > 0).long()
    right = (answers == labels) & ~outputs.isnan().any(dim=-1)
    return right.double().mean(dim=1)
