"""What every experiment does with passes, steps and drawings: one row each for seconds and for bytes."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sim.cost import landscapes, passes
from sim.cost.memory import PROCESS_BYTES, run_bytes
from sim.cost.size import Size
from sim.cost.work import Work
from sim.spec import Spec

_NANO = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cost of one spec in an experiment: the work of one thread, and bytes at the peak."""

    work: Callable[[Spec], Work]
    bytes: Callable[[Spec], float] = run_bytes


_COLLAPSE, _COLLAPSE_LAYER, _COLLAPSE_REPLICA = 6.9e-3, 1.6e-4, 6e-5
_COLLAPSE_PRODUCT, _COLLAPSE_NUMBER, _COLLAPSE_JOINED = 0.035 * _NANO, 6.0 * _NANO, 1.0 * _NANO


def _collapse(spec: Spec) -> Work:
    """Estimate a forward pass and the slope of every activation: see `sim.collapse`."""
    size = Size.of(spec)
    numbers = size.numbers * (4 if spec.arch == "transformer" else 1)
    replica = size.products * _COLLAPSE_PRODUCT + numbers * _COLLAPSE_NUMBER + size.joined * _COLLAPSE_JOINED
    coarse = 2.0 if spec.precision in {"float16", "bfloat16"} else 1.0
    calls = _COLLAPSE + _COLLAPSE_LAYER * passes.layers(spec) + spec.seeds * _COLLAPSE_REPLICA
    return Work(calls, spec.seeds * replica * coarse)


_RECURSION, _SAMPLED, _SAMPLED_LAYER = 2.5e-3, 0.02, 0.15


def _theory(spec: Spec) -> Work:
    if spec.steps or spec.data != "gaussian" or spec.arch in {"lstm", "gru", "transformer", "logistic"}:
        return Work()
    if spec.norm == "none" or (spec.norm != "batch" and spec.order == "pre"):
        return Work(_RECURSION)
    # Averages over samples of hundreds of thousands; a dense network takes one for every layer.
    every = spec.depth if spec.skip == "dense" and spec.order == "post" else 0
    return Work(arithmetic=_SAMPLED + _SAMPLED_LAYER * every)


def _gradients(spec: Spec) -> Work:
    training = passes.training(spec) if spec.steps else Work()
    return passes.drawing(spec) + training + passes.first_pass(spec) + _collapse(spec) + _theory(spec)


def _parameters(spec: Spec) -> Work:
    return passes.drawing(replace(spec, seeds=1)) + _gradients(spec)


READINGS = 40  # of a training: signal and weight gradient of all layers
RECORDS = 100  # of a training: loss and updates
_READING, _READING_LAYER = 0.27, 2e-5
_RECORD, _RECORDED, _MOVED = 3e-4, 9 * _NANO, 10 * _NANO


def _watched(spec: Spec) -> Work:
    """Estimate a training with its readings, the records of its updates, and how far every layer moved."""
    size = Size.of(spec)
    own = Work(calls=_READING_LAYER * passes.layers(spec))
    read = min(spec.steps, READINGS) * (own + _READING * passes.one_pass(spec))
    records = min(spec.steps, RECORDS) * Work(_RECORD, spec.seeds * size.largest * _RECORDED)
    moved = Work(arithmetic=spec.seeds * size.parameters * _MOVED)
    return passes.drawing(spec) + passes.training(spec) + read + records + moved


RATES = 20  # trainings of the experiment: ten rates, two ways


def _learning_rate(spec: Spec) -> Work:
    layered = replace(spec, layer_lr=spec.layer_lr or 1.0)
    each = 0.5 * (passes.training(spec) + passes.training(layered))
    return passes.drawing(spec) + passes.first_pass(spec) + RATES * (_AGAIN * passes.drawing(spec) + each)


_AGAIN = 0.12  # of what the first drawing of a process takes
TIMED_STEPS = 20
DEPTHS = 8  # that are looked at; between them the work is taken to be linear
_PACE = 1e-2  # setting up threads

# Steps until the last of some ten networks has left its plateau, at a learning rate of 0.1 and of 1, ...
_FIRST_STEPS, _SIGMOID_STEPS = 20.0, 6.0
_SIGMOID_GROWTH = 4.0  # ... times this for each layer
_ADAPTIVE = 10.0  # of the learning rate
_HARD, _HARDER = frozenset({"parity", "spirals", "xor"}), 5.0


def _speed(spec: Spec) -> Work:
    """Estimate the trainings at every depth up to the spec's, and their timed steps."""
    count = min(spec.depth, DEPTHS)
    depths = [1 + round(place * (spec.depth - 1) / max(count - 1, 1)) for place in range(count)]
    works = [_leaving(replace(spec, depth=depth)) for depth in depths]
    total = works[0]
    for (before, low), (depth, high) in itertools.pairwise(zip(depths, works, strict=True)):
        between = depth - before
        total += (between - 1) / 2 * low + (between + 1) / 2 * high
    # What is proportional to the depth takes as long as so many networks of the middle one.
    middle = replace(spec, depth=(spec.depth + 1) // 2)
    alone = replace(middle, seeds=1, steps=TIMED_STEPS, pretrain="none")
    timed = passes.training(alone) + _AGAIN * (passes.drawing(alone) + passes.drawing(middle))
    return total + (spec.depth + 1) * timed + Work(calls=_PACE)


def _leaving(spec: Spec) -> Work:
    return _share(spec) * passes.training(spec)


def _share(spec: Spec) -> float:
    """Guess the share of its steps that a training takes which ends once every network has left the plateau.

    Whether they ever do is what the experiment is to find out. So the usual number of steps, from some
    hundred networks, is only where the share turns from nearly none to nearly all: a run that ends at once,
    or never does, can be far from it.
    """
    rate = max(spec.lr / (1 - spec.momentum) if spec.optimizer == "sgd" else _ADAPTIVE * spec.lr, 1e-6)
    usual = _FIRST_STEPS * max(0.1 / rate, 1.0)
    if spec.activation == "sigmoid" and spec.norm == "none" and spec.skip == "none":
        # A budget has at most 100,000 steps; the exponent is limited for the sake of the arithmetic alone.
        usual = _SIGMOID_STEPS / rate * _SIGMOID_GROWTH ** min(spec.depth - 1, 20)
    if spec.data == "gaussian":  # labels at random: the more of them, the longer to learn them by heart
        usual *= max(spec.batch / spec.width, 1.0)
    usual *= _HARDER if spec.data in _HARD else 1.0
    return usual / (usual + spec.steps)


PRECISIONS = ("float16", "bfloat16", "float32", "float64")


def _precision(spec: Spec) -> Work:
    """Estimate two passes by automatic differentiation; `estimate` gives a lone spec in every type."""
    return (
        passes.drawing(spec) + passes.first_pass(spec, by_hand=False) + passes.one_pass(spec, by_hand=False)
    )


_COMPILING, _PERTURBED_PASS = 0.33, 2.1


def _differentiation(spec: Spec) -> Work:
    """Estimate one batched pass per parameter for forward mode, one for finite differences."""
    once = replace(spec, steps=0, precision="float64")  # as it is always computed
    passed = Work(arithmetic=passes.one_pass(once).arithmetic)
    perturbed = _PERTURBED_PASS * Size.of(once).uses * passed
    return Work(_COMPILING) + passes.drawing(once) + passes.first_pass(once) + perturbed


def _differentiation_bytes(spec: Spec) -> float:
    """Estimate the perturbations of one batched pass, each with weights and with all layers' activations."""
    size = Size.of(spec)
    numbers = 3 * size.largest + 4 * (size.numbers + size.joined) * (2 if spec.norm != "none" else 1)
    return 2 * PROCESS_BYTES + min(PERTURBED, size.largest) * spec.seeds * 8 * numbers


PERTURBED = 256  # parameters, in one batched pass of `sim.experiments.differentiation`

ROWS: Mapping[str, Row] = {
    "gradients": Row(work=_gradients),
    "through_time": Row(work=_gradients),
    "parameters": Row(work=_parameters),
    "training": Row(work=_watched),
    "learning_rate": Row(work=_learning_rate),
    "speed": Row(work=_speed),
    "precision": Row(work=_precision),
    "surface": Row(work=landscapes.surface, bytes=landscapes.surface_bytes),
    "differentiation": Row(
        work=_differentiation,
        bytes=_differentiation_bytes,
    ),
    "convexity": Row(work=landscapes.convexity, bytes=landscapes.convexity_bytes),
}
