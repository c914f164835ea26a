"""Experiment: is the loss convex, and what is at the ends and between them if it is not?

A twice differentiable function is convex exactly when its Hessian has no negative eigenvalue at any
point (Boyd & Vandenberghe 2004, Convex Optimization, section 3.1.4). One negative eigenvalue refutes
convexity; finding none at the sampled points does not prove it, and the facts do not claim it. The same
holds for a segment on which the loss rises above the chord between its ends.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim import losses
from sim.convexity.findings import describe_ends, describe_growth, describe_ways
from sim.convexity.landscape import Landscape
from sim.convexity.solutions import solve
from sim.convexity.spectrum import settled
from sim.data import draw_batch
from sim.measurements import Array, Facts, Series, Variant
from sim.networks import build
from sim.randomness import Streams
from sim.reporting import Report, one_by_one
from sim.spec import Spec

POINTS = 50
"""Random points per replica, each parameter standard normal."""


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Look at the loss at random points, where training ends, and in between; every replica has its own data.

    A spec that does not train is trained with Adam at falling rates to find its solutions, `solution_steps`
    in all, from `starts` random starts per replica; one that does trains as it says.

    Series per variant:
        `smallest`, `largest` (replica, point): eigenvalues of the Hessian of the batch loss with respect to
            all parameters, at `points` random points; 0 where rounding cannot tell it from 0, see
            `sim.convexity.spectrum`.
        `ends`, `end_slopes` (replica, point): the loss where each start ended, and |∂L/∂w| there.
        `end_distances` (replica, point): between every two ends of a replica.
        `segment` (replica, point): the loss on the straight line from the first end to the second.
        `permuted` (replica, point): from the first end to a copy of it whose hidden units are all moved one
            place on, which computes the same function; where layers can be permuted one by one.
        `weight_norm` (replica, step) at the steps `weight_norm_steps` (step): |w| of a logistic regression
            under plain gradient descent at rate 1, from its first start; of the first eight replicas.

    Facts per variant, medians over replicas where nothing else is said:
        `negative_share`, `negative_points`, `points`, `smallest`, `convex_here`: of the random points;
            `flat_points`, those without a negative eigenvalue and with a zero one: the loss is flat there
            in a direction.
        `plateau`, the loss of knowing nothing.
        `end_loss`, `end_loss_spread` (highest − lowest end), `end_slope` (the largest), `level_share` of the
            ends with a slope below `sim.convexity.solutions.LEVEL`.
        `distinct_ends` of the `starts`; `end_distance` and `start_distance`, the largest of a replica.
        `flat_directions`: zero eigenvalues at the first end; `end_curvature`: the extreme ones there.
        `separated_share` of the replicas with an end that classifies every example rightly: larger weights
            then lower the loss for ever, and it has no minimiser.
        `segment_hump`: the highest point above the chord in the replica `segment_replica`, counted from 0,
            which has the (upper) median hump; `segment_midpoint` and `segment_ends`, losses of that replica;
            `segment_hump_share` of the replicas with a hump; the same for `permuted`, and
            `permuted_difference`, the largest |loss − loss of the copy| of all replicas.
        `weight_norm` by steps; `norm_growth` over the last decade of steps; `weights_grow`.
    """
    specs = [replace(spec, precision="float64") for spec in specs]  # a sign is wanted, not a size
    return one_by_one(specs, report, _measure), {}


def _measure(spec: Spec, label: str, share: Report) -> Variant:
    share(0, label)
    streams = Streams(range(spec.seed, spec.seed + spec.seeds))
    landscape = _landscape(spec, streams)
    points = streams.normal(POINTS, landscape.parameters).to(landscape.batch.inputs.dtype)
    spectrum: Array = settled(landscape.curvatures(points).numpy(), spec.batch)
    smallest, largest = spectrum[..., 0], spectrum[..., -1]
    series = {
        "smallest": Series(axes=("replica", "point"), values=smallest),
        "largest": Series(axes=("replica", "point"), values=largest),
    }
    facts = _facts(smallest, landscape.parameters)
    share(0.3, f"{label}, training")
    # The starts follow the data in the stream of each replica, as they do in the other experiments.
    streams = Streams(range(spec.seed, spec.seed + spec.seeds))
    landscape = _landscape(spec, streams)
    found = solve(landscape, streams)
    share(0.8, label)
    for describe in (describe_ends, describe_ways, describe_growth):
        more_series, more_facts = describe(landscape, found)
        series |= more_series
        facts |= more_facts
    return Variant(spec=spec, label=label, series=series, facts=facts)


def _landscape(spec: Spec, streams: Streams) -> Landscape:
    batch = draw_batch(spec, streams)
    outputs = losses.output_units(spec)
    network = build(spec, streams, inputs=batch.inputs.shape[-1], outputs=outputs)
    return Landscape(spec=spec, network=network, batch=batch)


def _facts(smallest: Array, count: int) -> dict[str, Any]:
    negative = int(np.count_nonzero(smallest < 0))
    return {
        "parameters": count,
        "points": smallest.size,
        "negative_points": negative,
        "negative_share": negative / smallest.size,
        "flat_points": int(np.count_nonzero(smallest == 0)),
        "smallest": float(smallest.min()),
        "convex_here": negative == 0,
    }
