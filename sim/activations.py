"""The non-linearities as torch functions of the pre-activation."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from sim.spec import Spec

_FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "linear": lambda h: h,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "elu": functional.elu,
    "selu": torch.selu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "softplus": functional.softplus,
    "softsign": functional.softsign,
    "hardtanh": functional.hardtanh,
}


def activation(spec: Spec) -> Callable[[Tensor], Tensor]:
    """Return φ of the spec, applied element by element."""
    if spec.activation == "leaky_relu":
        return lambda h: functional.leaky_relu(h, negative_slope=spec.slope)
    return _FUNCTIONS[spec.activation]
