"""Training rules: from the gradient to the direction of a step, on flat buffers of any length.

They are written out because `torch.optim` keeps one state per network and hides the direction, which
layer-wise rates multiply; the tests compare every one with `torch.optim`.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from sim.spec import Spec

Rule = Callable[[Tensor], Tensor]
"""From a gradient to a direction d: the step is −lr·d. The gradient's buffer may be changed."""

_EPSILON = 1e-8


def rule_of(spec: Spec, flat: Tensor) -> Rule:
    """Return the rule of a spec with fresh state for parameters like `flat`."""
    if spec.optimizer == "adam":
        return _Adam(flat)
    if spec.optimizer == "rmsprop":
        return _RMSprop(flat)
    return _Momentum(spec.momentum, flat) if spec.momentum else lambda gradient: gradient


class _Momentum:
    """Heavy-ball momentum: Polyak 1964, doi:10.1016/0041-5553(64)90137-5, as in PyTorch."""

    def __init__(self, momentum: float, flat: Tensor) -> None:
        self._momentum = momentum
        self._velocity = torch.zeros_like(flat)

    def __call__(self, gradient: Tensor) -> Tensor:
        return self._velocity.mul_(self._momentum).add_(gradient)


class _Adam:
    """Kingma & Ba 2015, Adam: a method for stochastic optimization, arXiv:1412.6980, algorithm 1."""

    _FIRST, _SECOND = 0.9, 0.999

    def __init__(self, flat: Tensor) -> None:
        self._mean = torch.zeros_like(flat)
        self._square = torch.zeros_like(flat)
        self._step = 0

    def __call__(self, gradient: Tensor) -> Tensor:
        self._step += 1
        self._mean.lerp_(gradient, 1 - self._FIRST)
        self._square.mul_(self._SECOND).addcmul_(gradient, gradient, value=1 - self._SECOND)
        root = (self._square / (1 - self._SECOND**self._step)).sqrt_().add_(_EPSILON)
        return self._mean / root.mul_(1 - self._FIRST**self._step)


class _RMSprop:
    """Tieleman & Hinton 2012, Lecture 6.5: rmsprop, in Neural Networks for Machine Learning."""

    _DECAY = 0.99  # as in PyTorch

    def __init__(self, flat: Tensor) -> None:
        self._square = torch.zeros_like(flat)

    def __call__(self, gradient: Tensor) -> Tensor:
        self._square.mul_(self._DECAY).addcmul_(gradient, gradient, value=1 - self._DECAY)
        return gradient.div_(self._square.sqrt().add_(_EPSILON))
