"""What the experiments cost that look at the loss as a surface: `convexity` and `surface`.

The counts in capitals are those of the experiments, which cannot be imported here: they need torch.
"""

from dataclasses import replace

from sim.cost import passes
from sim.cost.memory import CHUNK_BYTES, PROCESS_BYTES, bytes_per_number, replica_bytes, run_bytes
from sim.cost.size import Size
from sim.cost.work import Work
from sim.spec import Spec
from sim.vocabulary import RECURRENT

_NANO = 1e-9

POINTS = 50  # of `sim.experiments.convexity`
_SETTING_UP, _HESSIAN_LAYER = 0.35, 3e-3
_EXAMPLE, _OUTER, _EIGEN = 1900 * _NANO, 4.4 * _NANO, 1.2 * _NANO  # of a Hessian
_MOVE_LAYER, _MOVE = 7.5e-5, 0.8 * _NANO  # of a step towards a solution
_GROW_STEP, _GROW = 8.8e-6, 0.65 * _NANO
STARTS = 4
SOLUTION_STEPS = 1000
GROWTH_STEPS = 10_000
GROWING = 8  # replicas
HESSIAN_CHUNK = 128 * 2**20  # of `sim.convexity.landscape`


def convexity(spec: Spec) -> Work:
    """Estimate the Hessians at random points, the solutions, and how weights grow."""
    count = _all_parameters(spec)
    hidden = 0 if spec.arch == "logistic" else spec.depth
    found = POINTS * spec.seeds * (spec.batch * (_EXAMPLE + _OUTER * count**2) + _EIGEN * count**3)
    together = max(1.0, HESSIAN_CHUNK // (8 * count**2 * (spec.batch + 3)))
    called = POINTS * spec.seeds / min(together, POINTS) * _HESSIAN_LAYER * (hidden + 2)
    steps = spec.steps or SOLUTION_STEPS
    computed = _MOVE * STARTS * spec.seeds * spec.batch * count
    work = Work(_SETTING_UP + called, found) + steps * Work(_MOVE_LAYER * (hidden + 2), computed)
    if spec.arch == "logistic":
        grown = _GROW * min(GROWING, spec.seeds) * Size.of(spec).inputs
        work += GROWTH_STEPS * Work(_GROW_STEP, grown)
    return work


def _all_parameters(spec: Spec) -> float:
    """Count weights and biases."""
    biases = 2 if spec.arch == "logistic" else spec.depth * spec.width + 2
    return Size.of(spec).parameters + biases


def convexity_bytes(spec: Spec) -> float:
    """Estimate the memory of the Hessians, or of the training."""
    count = _all_parameters(spec)
    # The Hessians, and what a pass keeps of those that are computed together; later, all starts in training.
    together = max(8 * count**2 * (spec.batch + 3), HESSIAN_CHUNK)
    hessians = 3 * POINTS * spec.seeds * 8 * count**2
    copies = 1.5 if spec.arch == "logistic" else 5.0
    computing = copies * min(together, POINTS * 8 * count**2 * (spec.batch + 3))
    starts = STARTS * spec.seeds * replica_bytes(replace(spec, precision="float64"))
    return 1.5 * PROCESS_BYTES + max(hessians + computing, starts)


MAP, LINE = 21**2, 21  # evaluations of `sim.experiments.surface`
TOGETHER_BYTES = 32 * 2**20  # of `sim.slices`
_FORWARD, _FORWARD_CALLS = 0.58, 0.4  # of a forward and backward pass
_MOVING, _REPEATING = 2.6 * _NANO, 0.8 * _NANO
_DIRECTIONS, _POINT_COPIES = 6, 2


def surface(spec: Spec) -> Work:
    """Estimate the training and the forward passes of the map."""
    size = Size.of(spec)
    passed = passes.one_pass(spec, by_hand=False)
    # Where the networks of several points are small, they are computed in one pass.
    batches = LINE + MAP / min(MAP, max(1.0, TOGETHER_BYTES / _point_bytes(spec)))
    moving = spec.seeds * (size.parameters * _MOVING + size.inputs * _REPEATING)
    steps = passes.training(spec) if spec.steps else Work()
    evaluating = Work(
        batches * _FORWARD_CALLS * passed.calls,
        (LINE + MAP) * (_FORWARD * passed.arithmetic + moving),
        (LINE + MAP) * _FORWARD * passed.bfloat16,
    )
    return 3 * passes.drawing(spec) + steps + evaluating


def _point_bytes(spec: Spec) -> float:
    """Estimate the memory of all networks at one point."""
    size = Size.of(spec)
    steps = spec.depth if spec.arch in RECURRENT else 1
    one = bytes_per_number(spec) * (size.parameters + 8 * (size.numbers / steps + size.inputs))
    return min(spec.seeds * one, max(one, CHUNK_BYTES))


def surface_bytes(spec: Spec) -> float:
    """Estimate the memory of the replicas, of two directions, and of the points computed together."""
    one = _DIRECTIONS * 8 * Size.of(spec).parameters
    directions = min(spec.seeds * one, max(one, CHUNK_BYTES))
    points = max(_point_bytes(spec), min(TOGETHER_BYTES, MAP * _point_bytes(spec)))
    return run_bytes(spec) + directions + _POINT_COPIES * points
