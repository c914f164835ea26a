"""What a run will cost, before it runs, so that a request that is too big is refused with a way out.

The seconds are a cautious estimate for one thread of a slow machine: arithmetic at a low rate plus a fixed
overhead for every operation of every layer. What takes longer all the same is stopped at its deadline.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sim.errors import TooExpensive
from sim.spec import Spec

_FLOPS_PER_SECOND = 1.5e10
_OVERHEAD_SECONDS = 2e-4  # per layer and pass: dispatch, autograd, allocation
_NUMBERS_PER_SECOND = 1e8  # random numbers drawn
_SLOWDOWN = {"float64": 2.0, "float32": 1.0, "bfloat16": 3.0, "float16": 12.0}
_POINTS = 50  # of `experiments.convexity`, which cannot be imported here: it needs torch
_BYTES = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """An estimate: seconds on one thread, and bytes of the largest chunk of replicas."""

    seconds: float
    bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one run may take."""

    seconds: float = 30.0
    bytes: float = 1.5 * 2**30


def replica_bytes(spec: Spec) -> float:
    """Estimate the memory of one replica: parameters with gradients, activations with gradients."""
    kept = 3 * _weights(spec) + 5 * spec.batch * _units(spec) * spec.depth
    return kept * max(_BYTES[spec.precision], 4)  # drawn as float32 whatever the precision


def estimate(experiment: str, specs: Sequence[Spec]) -> Cost:
    """Estimate what an experiment costs on these specs; one that is not listed here costs a pass."""
    seconds = _SECONDS.get(experiment, _gradients)
    return Cost(
        seconds=sum(seconds(spec) for spec in specs),
        bytes=max(_BYTES_NEEDED.get(experiment, replica_bytes)(spec) for spec in specs),
    )


def require_affordable(experiment: str, specs: Sequence[Spec], allowance: Allowance) -> None:
    """Raise TooExpensive, naming the knob to turn, unless the experiment fits the allowance."""
    cost = estimate(experiment, specs)
    if cost.seconds <= allowance.seconds and cost.bytes <= allowance.bytes:
        return
    if cost.seconds > allowance.seconds:
        excess = f"about {_rounded(cost.seconds)} s of computing, and the limit is {allowance.seconds:g} s"
    else:
        needed, limit = (round(value / 2**20) for value in (cost.bytes, allowance.bytes))
        excess = f"about {needed} MB of memory, and the limit is {limit} MB"
    msg = f"This run needs {excess}; {_way_out(experiment, specs, allowance)}."
    raise TooExpensive(msg)


def _way_out(experiment: str, specs: Sequence[Spec], allowance: Allowance) -> str:
    """Find a knob that makes the run fit when turned down by halves, as the end of a sentence."""
    for knob, floor in (("steps", 1), ("seeds", 4), ("batch", 16), ("width", 16), ("depth", 5)):
        largest = max(getattr(spec, knob) for spec in specs)
        value = largest // 2
        while value >= floor:
            smaller = [replace(spec, **{knob: min(getattr(spec, knob), value)}) for spec in specs]
            cost = estimate(experiment, smaller)
            if cost.seconds <= allowance.seconds and cost.bytes <= allowance.bytes:
                return f"{knob}={value} would fit"
            value //= 2
    return "turn down width, depth, batch and steps together"


def _rounded(seconds: float) -> str:
    return f"{math.ceil(seconds)}" if seconds < 100 else f"{float(f'{seconds:.1e}'):,.0f}"  # noqa: PLR2004


def _weights(spec: Spec) -> float:
    area = spec.kernel**2 if spec.arch == "cnn" else 1
    return spec.depth * spec.width**2 * area


def _units(spec: Spec) -> float:
    return spec.width * (spec.image**2 if spec.arch == "cnn" else 1)


def _pass(spec: Spec) -> float:
    """Estimate the seconds of one forward and backward pass of all replicas."""
    positions = spec.image**2 if spec.arch == "cnn" else 1
    products = spec.seeds * spec.batch * positions * _weights(spec)
    elementwise = 20 * spec.seeds * spec.batch * _units(spec) * spec.depth
    arithmetic = (6 * products + elementwise) / _FLOPS_PER_SECOND * _SLOWDOWN[spec.precision]
    return arithmetic + _OVERHEAD_SECONDS * spec.depth


def _gradients(spec: Spec) -> float:
    drawing = spec.seeds * _weights(spec) / _NUMBERS_PER_SECOND
    if spec.init == "orthogonal":  # a QR decomposition per layer and replica
        drawing += spec.seeds * spec.depth * 6 * spec.width**3 / _FLOPS_PER_SECOND
    return drawing + _pass(spec) * (spec.steps + 1)


def _differentiation(spec: Spec) -> float:
    """Estimate one and a half passes per parameter for forward mode, one for finite differences."""
    once = replace(spec, steps=0, precision="float64")  # as it is always computed
    arithmetic_only = _pass(once) - _OVERHEAD_SECONDS * spec.depth
    return 1.0 + _gradients(once) + 6.0 * _weights(spec) * arithmetic_only


def _convexity(spec: Spec) -> float:
    parameters = _parameters(spec)
    passes = 30 * spec.batch * parameters**2 + 30 * parameters**3
    return 1.5 + 2e-6 * _POINTS * spec.seeds * spec.batch + _POINTS * spec.seeds * passes / _FLOPS_PER_SECOND


def _parameters(spec: Spec) -> float:
    """Count the parameters of a logistic regression or an MLP."""
    inputs = 2 if spec.data == "blobs" else spec.width
    outputs = 2 if spec.loss == "ce" else 1
    sizes = [inputs, *([] if spec.arch == "logistic" else [spec.width] * spec.depth), outputs]
    return sum((n + 1) * m for n, m in pairwise(sizes))


def _speed(spec: Spec) -> float:
    depths = (replace(spec, depth=depth) for depth in range(1, spec.depth + 1))
    # A plateau is left long before the budget at all but the largest depths.
    return sum(_pass(one) * spec.steps * 3.0 ** (one.depth - spec.depth) for one in depths)


_SECONDS: Mapping[str, Callable[[Spec], float]] = {
    "gradients": _gradients,
    "differentiation": _differentiation,
    "convexity": _convexity,
    "speed": _speed,
}
_BYTES_NEEDED: Mapping[str, Callable[[Spec], float]] = {
    # The perturbations of one batched pass, each with a copy of the layers' activations.
    "differentiation": lambda spec: 256 * spec.seeds * spec.batch * spec.width * 8 * 4,
    "convexity": lambda spec: (
        _POINTS * spec.seeds * 8 * _parameters(spec) * (3 * _parameters(spec) + spec.batch)
    ),
}
