"""δ ← δ·φ'(h) in place, for every activation whose derivative torch has as one kernel.

Where the derivative follows from the activation's value, the pre-activation need not be kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from sim.conventions import SELU_ALPHA, SELU_SCALE
from sim.spec import Spec

_SOFTPLUS_THRESHOLD = 20.0  # torch's: above it, softplus is linear

_aten: Any = torch.ops.aten


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivative:
    """`multiply(delta, kept)` multiplies `delta` by φ' in place; `kept` is φ(h), or h where `by_argument`."""

    multiply: Callable[[Tensor, Tensor], object]
    by_argument: bool = False


def derivative(spec: Spec) -> Derivative | None:
    """Return φ' of the spec's activation, or None where only automatic differentiation has it."""
    if spec.activation == "leaky_relu":
        slope = spec.slope
        return Derivative(
            multiply=lambda d, h: _aten.leaky_relu_backward.grad_input(
                d, h, slope, self_is_result=False, grad_input=d
            ),
            by_argument=True,
        )
    return _DERIVATIVES.get(spec.activation)


def _elu(delta: Tensor, a: Tensor, alpha: float, scale: float) -> None:
    _aten.elu_backward.grad_input(
        delta, alpha, scale, input_scale=1.0, is_result=True, self_or_result=a, grad_input=delta
    )


def _softsign(delta: Tensor, h: Tensor) -> None:
    delta.div_(h.abs().add_(1).square_())


_DERIVATIVES = {
    "linear": Derivative(multiply=lambda d, _a: d),
    "sigmoid": Derivative(multiply=lambda d, a: _aten.sigmoid_backward.grad_input(d, a, grad_input=d)),
    "tanh": Derivative(multiply=lambda d, a: _aten.tanh_backward.grad_input(d, a, grad_input=d)),
    "relu": Derivative(multiply=lambda d, a: _aten.threshold_backward.grad_input(d, a, 0.0, grad_input=d)),
    "elu": Derivative(multiply=lambda d, a: _elu(d, a, 1.0, 1.0)),
    "selu": Derivative(multiply=lambda d, a: _elu(d, a, SELU_ALPHA, SELU_SCALE)),
    "gelu": Derivative(
        multiply=lambda d, h: _aten.gelu_backward.grad_input(d, h, grad_input=d), by_argument=True
    ),
    "silu": Derivative(
        multiply=lambda d, h: _aten.silu_backward.grad_input(d, h, grad_input=d), by_argument=True
    ),
    "softplus": Derivative(
        multiply=lambda d, h: _aten.softplus_backward.grad_input(
            d, h, 1.0, _SOFTPLUS_THRESHOLD, grad_input=d
        ),
        by_argument=True,
    ),
    "softsign": Derivative(multiply=_softsign, by_argument=True),
    "hardtanh": Derivative(
        multiply=lambda d, h: _aten.hardtanh_backward.grad_input(d, h, -1.0, 1.0, grad_input=d),
    ),
}
