"""The non-linearities as torch functions of the pre-activation."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from sim.conventions import SELU_ALPHA, SELU_SCALE
from sim.randomness import Streams
from sim.spec import Spec

Phi = Callable[[Tensor], Tensor]
"""A non-linearity, applied element by element."""

_FUNCTIONS: dict[str, Phi] = {
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


def activation(spec: Spec, streams: Streams) -> Phi:
    """Return φ of the spec; where φ is noisy, axis 0 of its argument is the replica."""
    if spec.activation == "leaky_relu":
        return lambda h: functional.leaky_relu(h, negative_slope=spec.slope)
    if spec.activation == "noisy_relu":
        return lambda h: _noisy_relu(h, streams)
    return _FUNCTIONS[spec.activation]


def _noisy_relu(h: Tensor, streams: Streams) -> Tensor:
    """Add fresh noise of variance σ(h) before rectifying.

    Source: Nair & Hinton 2010, Rectified linear units improve restricted Boltzmann machines, section 2. The
    noise is a sample, so no gradient flows through its size.
    """
    deviation = torch.sigmoid(h.detach()).sqrt()
    return torch.relu(h + deviation * streams.normal(*h.shape[1:]).to(h.dtype))


def into(spec: Spec) -> Callable[[Tensor, Tensor], object]:
    """Return a function of (h, out) that writes φ(h) into `out`, which may be h; not for noisy_relu."""
    if spec.activation == "leaky_relu":
        return lambda h, out: _aten.leaky_relu.out(h, spec.slope, out=out)
    return _INTO[spec.activation]


_aten: Any = torch.ops.aten
_INTO: dict[str, Callable[[Tensor, Tensor], object]] = {
    "linear": lambda h, out: out if out is h else out.copy_(h),
    "sigmoid": lambda h, out: torch.sigmoid(h, out=out),
    "tanh": lambda h, out: torch.tanh(h, out=out),
    "relu": lambda h, out: torch.clamp_min(h, 0.0, out=out),
    "elu": lambda h, out: _aten.elu.out(h, out=out),
    "selu": lambda h, out: _aten.elu.out(h, SELU_ALPHA, SELU_SCALE, out=out),
    "gelu": lambda h, out: _aten.gelu.out(h, out=out),
    "silu": lambda h, out: _aten.silu.out(h, out=out),
    "softplus": lambda h, out: _aten.softplus.out(h, out=out),
    "softsign": lambda h, out: torch.div(h, h.abs().add_(1), out=out),
    "hardtanh": lambda h, out: torch.clamp(h, -1.0, 1.0, out=out),
}
