"""What the solutions of one spec and the ways between them come to, as series and facts."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from sim.convexity import growth, segments
from sim.convexity.landscape import Landscape
from sim.convexity.solutions import LEVEL, STARTS, Solutions
from sim.convexity.spectrum import settled
from sim.losses import plateau
from sim.measurements import Array, Series
from sim.quantiles import median

# Ends are the same point when they are this close, relative to how far apart their starts were.
_SAME = 1e-3

Found = tuple[dict[str, Series], dict[str, Any]]
"""Series and facts."""


def describe_ends(landscape: Landscape, found: Solutions) -> Found:
    """Say where the starts ended: `ends`, `end_slopes`, `end_distances` (replica, point)."""
    before, after = (_distances(points) for points in (found.starts, found.ends))
    values, slopes = found.losses.numpy(), found.slopes.numpy()
    spectrum = settled(landscape.curvatures(found.ends[:, :1]).numpy()[:, 0], landscape.spec.batch)
    separated = (found.accuracy == 1).any(dim=1).double().mean()
    facts = {
        "starts": STARTS,
        "solution_steps": found.steps,
        "plateau": plateau(landscape.spec),
        "end_loss": float(median(values.ravel()[:, None])[0]),
        "end_loss_spread": _middle(values.max(axis=1) - values.min(axis=1)),
        "end_slope": float(slopes.max()),
        "level_share": float((slopes < LEVEL).mean()),
        "start_distance": _middle(before.max(axis=1)),
        "end_distance": _middle(after.max(axis=1)),
        "distinct_ends": _middle(_distinct(found, before.max(axis=1))),
        "flat_directions": _middle((spectrum == 0).sum(axis=1)),
        "end_curvature": {"smallest": _middle(spectrum[:, 0]), "largest": _middle(spectrum[:, -1])},
        "separated_share": float(separated),
    }
    by_start = ("replica", "point")
    series = {
        "ends": Series(axes=by_start, values=values),
        "end_slopes": Series(axes=by_start, values=slopes),
        "end_distances": Series(axes=by_start, values=after),
    }
    return series, facts


def describe_ways(landscape: Landscape, found: Solutions) -> Found:
    """Say what lies between two ends: `segment`, and `permuted` to a copy with its units moved."""
    one, other = found.ends[:, 0], found.ends[:, 1]
    curve = segments.along(landscape, one, other)
    series = {"segment": Series(axes=("replica", "point"), values=curve)}
    facts: dict[str, Any] = _hump_facts("segment", curve)
    if segments.permutable(landscape):
        copy = segments.along(landscape, one, segments.permuted(landscape, one))
        series["permuted"] = Series(axes=("replica", "point"), values=copy)
        facts |= _hump_facts("permuted", copy)
        facts["permuted_difference"] = float(np.abs(copy[:, -1] - copy[:, 0]).max())
    return series, facts


def describe_growth(landscape: Landscape, found: Solutions) -> Found:
    """Say how |w| of a logistic regression grows: `weight_norm` (replica, step) at `weight_norm_steps`."""
    if landscape.spec.arch != "logistic":
        return {}, {}
    values = growth.norms(landscape, found.starts[:, 0])
    middle = median(values)
    decades = {step: float(middle[place]) for place, step in enumerate(growth.STEPS) if place % 4 == 0}
    *_, before, last = decades.values()
    series = {
        "weight_norm": Series(axes=("replica", "step"), values=values),
        "weight_norm_steps": Series(axes=("step",), values=np.array(growth.STEPS, dtype=np.float64)),
    }
    return series, {
        "weight_norm": {str(step): value for step, value in decades.items()},
        "norm_growth": last / before if before else None,
        "weights_grow": bool(last > _GROWS * before),
    }


_GROWS = 1.01  # times in ten times as many steps: less is no growth worth the name


def _hump_facts(name: str, curve: Array) -> dict[str, Any]:
    height = segments.hump(curve)
    # One replica's curve can be drawn and told; a median over curves would be the loss of no network.
    typical = int(np.argsort(height, kind="stable")[len(height) // 2])
    own = curve[typical]
    return {
        f"{name}_hump": float(height[typical]),
        f"{name}_hump_share": float((height > 0).mean()),
        f"{name}_replica": typical,
        f"{name}_midpoint": float(own[len(own) // 2]),
        f"{name}_ends": [float(own[0]), float(own[-1])],
    }


def _distances(points: Tensor) -> Array:
    """Return the distance between every two starts of a replica, shape (replica, pair)."""
    first, second = np.triu_indices(STARTS, 1)
    return torch.cdist(points, points).numpy()[:, first, second]


def _distinct(found: Solutions, scale: Array) -> Array:
    """Count the ends of every replica that are no neighbours of an end before them."""
    apart = torch.cdist(found.ends, found.ends).numpy()
    near = apart <= _SAME * scale[:, None, None]
    return np.array([sum(not row[:place].any() for place, row in enumerate(one)) for one in near])


def _middle(values: Array) -> float:
    return float(median(values)) if len(values) else float("nan")
