"""Normalisation layers, S replicas at a time, for activations (replica, batch, unit, …).

Sources: Ioffe & Szegedy 2015, arXiv:1502.03167 (batch); Ba, Kiros & Hinton 2016, arXiv:1607.06450
(layer); Wu & He 2018, arXiv:1803.08494 (group); Zhang & Sennrich 2019, arXiv:1910.07467 (rms).
"""

import torch
from torch import Tensor

from sim.conventions import NORM_EPSILON, parts_of
from sim.spec import Spec


def normalise(spec: Spec, x: Tensor) -> Tensor:
    """Normalise without the learnt scale and shift.

    Batch norm uses the batch's own mean and biased variance, also after training. Half precision is
    normalised in single precision, as torch's own layers do.
    """
    if x.dtype in {torch.float16, torch.bfloat16}:
        return normalise(spec, x.float()).to(x.dtype)
    if spec.norm == "batch":
        return _standardise(x, (1, *range(3, x.ndim)))
    if spec.norm == "layer":
        return _standardise(x, tuple(range(2, x.ndim)))
    if spec.norm == "group":
        count = parts_of(x.shape[2])
        split = x.reshape(*x.shape[:2], count, x.shape[2] // count, *x.shape[3:])
        return _standardise(split, tuple(range(3, split.ndim))).flatten(2, 3)
    if spec.norm == "rms":
        axes = tuple(range(2, x.ndim))
        return x * (x.square().mean(axes, keepdim=True) + NORM_EPSILON).rsqrt()
    return x


def _standardise(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    centred = x - x.mean(axes, keepdim=True)
    return centred * (centred.square().mean(axes, keepdim=True) + NORM_EPSILON).rsqrt()
