"""What every experiment does with passes, steps and drawings: one row each for seconds and for bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sim.cost import landscapes, passes
from sim.cost.memory import PROCESS_BYTES, run_bytes
from sim.cost.size import Size
from sim.spec import Spec

_NANO = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cost of one spec in an experiment: seconds of computing on one thread, and bytes at the peak."""

    seconds: Callable[[Spec], float]
    bytes: Callable[[Spec], float] = run_bytes


def _collapse(spec: Spec) -> float:
    """Estimate a forward pass and the slope of every activation: see `sim.collapse`."""
    size = Size.of(spec)
    inner = 4 if spec.arch == "transformer" else 1
    replica = 6e-5 + size.products * 0.04 * _NANO + size.numbers * inner * 16 * _NANO + size.joined * _NANO
    coarse = 2.0 if spec.precision in {"float16", "bfloat16"} else 1.0
    return 2e-3 + 4.5e-4 * passes.layers(spec) + spec.seeds * replica * coarse


def _theory(spec: Spec) -> float:
    if spec.steps or spec.data != "gaussian" or spec.arch in {"lstm", "gru", "transformer", "logistic"}:
        return 0.0
    if spec.norm == "none" or (spec.norm != "batch" and spec.order == "pre"):
        return 0.015
    # Averages over samples of hundreds of thousands; a dense network takes one for every layer.
    return 0.1 + (0.15 * spec.depth if spec.skip == "dense" and spec.order == "post" else 0.0)


def _gradients(spec: Spec) -> float:
    training = passes.training(spec) if spec.steps else 0.0
    return passes.drawing(spec) + training + passes.first_pass(spec) + _collapse(spec) + _theory(spec)


def _parameters(spec: Spec) -> float:
    return passes.drawing(replace(spec, seeds=1)) + _gradients(spec)


READINGS = 40  # of a training: signal and weight gradient of all layers
RECORDS = 100  # of a training: loss and updates


def _watched(spec: Spec) -> float:
    """Estimate a training with its readings, the records of its updates, and how far every layer moved."""
    size = Size.of(spec)
    read = min(spec.steps, READINGS) * 0.3 * passes.one_pass(spec)
    records = min(spec.steps, RECORDS) * (3e-4 + spec.seeds * 2 * size.largest * 4 * _NANO)
    moved = spec.seeds * size.parameters * 10 * _NANO
    return passes.drawing(spec) + passes.training(spec) + read + records + moved


RATES = 20  # trainings of the experiment: ten rates, two ways


def _learning_rate(spec: Spec) -> float:
    layered = replace(spec, layer_lr=spec.layer_lr or 1.0)
    each = passes.drawing(spec) + (passes.training(spec) + passes.training(layered)) / 2
    return passes.drawing(spec) + passes.first_pass(spec) + RATES * each


TIMED_STEPS = 20
_TYPICAL_STEPS = 40.0  # until the slowest of some ten networks has left its plateau
_SIGMOID_GROWTH = 2.8  # of those steps per layer


def _speed(spec: Spec) -> float:
    return sum(_speed_at(replace(spec, depth=depth)) for depth in range(1, spec.depth + 1))


def _speed_at(spec: Spec) -> float:
    """Estimate a training that ends when every network has left the plateau, or none of them ever does.

    Which it will be is what the experiment is to find out, so this is the mean of the usual number of steps
    and of all steps: no run takes more than twice as long.
    """
    vanishing = spec.activation == "sigmoid" and spec.norm == "none" and spec.skip == "none"
    # A budget has at most 100,000 steps; the exponent is limited for the sake of the arithmetic alone.
    usual = _TYPICAL_STEPS * (_SIGMOID_GROWTH ** min(spec.depth - 1, 20) if vanishing else 1.0)
    share = (min(usual / spec.steps, 1.0) + 1.0) / 2 if spec.steps else 1.0
    alone = replace(spec, seeds=1, steps=TIMED_STEPS)
    return passes.drawing(spec) + share * passes.training(spec) + passes.training(alone)


PRECISIONS = ("float16", "bfloat16", "float32", "float64")


def _precision(spec: Spec) -> float:
    """Estimate two passes by automatic differentiation; `estimate` gives a lone spec in every type."""
    return (
        passes.drawing(spec) + passes.first_pass(spec, by_hand=False) + passes.one_pass(spec, by_hand=False)
    )


def _differentiation(spec: Spec) -> float:
    """Estimate one and a half passes per parameter for forward mode, one for finite differences."""
    once = replace(spec, steps=0, precision="float64")  # as it is always computed
    return (
        0.3
        + passes.drawing(once)
        + passes.first_pass(once)
        + 6.0 * Size.of(once).uses * passes.arithmetic(once)
    )


def _differentiation_bytes(spec: Spec) -> float:
    """Estimate the perturbations of one batched pass, each with weights and with all layers' activations."""
    size = Size.of(spec)
    numbers = 3 * size.largest + 4 * (size.numbers + size.joined) * (2 if spec.norm != "none" else 1)
    return 2 * PROCESS_BYTES + min(PERTURBED, size.largest) * spec.seeds * 8 * numbers


PERTURBED = 256  # parameters, in one batched pass of `sim.experiments.differentiation`

ROWS: Mapping[str, Row] = {
    "gradients": Row(seconds=_gradients),
    "through_time": Row(seconds=_gradients),
    "parameters": Row(seconds=_parameters),
    "training": Row(seconds=_watched),
    "learning_rate": Row(seconds=_learning_rate),
    "speed": Row(seconds=_speed),
    "precision": Row(seconds=_precision),
    "surface": Row(seconds=landscapes.surface, bytes=landscapes.surface_bytes),
    "differentiation": Row(
        seconds=_differentiation,
        bytes=_differentiation_bytes,
    ),
    "convexity": Row(seconds=landscapes.convexity, bytes=landscapes.convexity_bytes),
}
