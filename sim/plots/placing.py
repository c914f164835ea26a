"""Place labels: on free ground, near their own line, off everybody else's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.measurements import Array
from sim.plots.ground import Ground, covered, distance, summed
from sim.plots.labels import Label
from sim.plots.pixels import Box

_STEP = (18, 9)  # pixels between the positions that are tried, across and up
_PAD = 6  # pixels kept free around a label
_APART = (26, 7)  # pixels between two labels, across and up
_TOUCH = 0.03  # share of a label that may lie on a band without an outline

# What a position costs, in pixels of distance to the own line.
INK, _FILL, _GRID, _STRANGER = 4_000.0, 60.0, 14.0, 200.0
_FAR = 1e6


@dataclass(frozen=True, slots=True)
class Placed:
    """A label, where it goes, and whether something is drawn beneath it."""

    label: Label
    box: Box
    over_ink: bool
    cost: float


def place(labels: Sequence[Label], ground: Ground) -> list[Placed]:
    """Find a position for every label; texts never overlap texts if there is room at all.

    The rows of a label stay together where that leaves all lines uncovered and every name beside its own
    line, those of a name in any case.
    """
    best = _place(labels, ground)
    rows = [part for label in labels for part in _parts(label)]
    if len(rows) == len(labels) or not any(placed.cost >= _STRANGER for placed in best):
        return best
    return min(best, _place(rows, ground), key=_total)


def _parts(label: Label) -> list[Label]:
    kept = label.name_rows
    rows = [label.rows[:kept], *((row,) for row in label.rows[kept:])]
    return [replace(label, rows=part) for part in rows]


def _place(labels: Sequence[Label], ground: Ground) -> list[Placed]:
    tables = summed(ground.ink), summed(ground.fill), summed(ground.grid)
    choices = [_candidates(label, ground, tables) for label in labels]
    best = _in_order(labels, choices, range(len(labels)))
    if any(placed.cost >= _STRANGER for placed in best):
        order = list(range(len(labels)))
        orders = [turned[start:] + turned[:start] for turned in (order, order[::-1]) for start in order]
        best = min((best, *(_in_order(labels, choices, other) for other in orders)), key=_total)
    return best


def _total(placed: list[Placed]) -> float:
    return sum(one.cost for one in placed)


def _in_order(
    labels: Sequence[Label], choices: Sequence[tuple[Array, Array, NDArray[np.bool_]]], order: Sequence[int]
) -> list[Placed]:
    taken: list[Box] = []
    found: dict[int, Placed] = {}
    for index in order:
        label = labels[index]
        corners, costs, inked = choices[index]
        width, height = label.size
        crowded = np.zeros(len(costs))
        for box in taken:
            apart = (
                (corners[:, 0] > box.right + _APART[0])
                | (corners[:, 0] + width < box.left - _APART[0])
                | (corners[:, 1] > box.top + _APART[1])
                | (corners[:, 1] + height < box.bottom - _APART[1])
            )
            crowded += np.where(apart, 0.0, _FAR)
        chosen = int(np.argmin(costs + crowded))
        left, bottom = (float(corner) for corner in corners[chosen])
        box = Box(left, bottom, left + width, bottom + height)
        taken.append(box)
        found[index] = Placed(label, box, bool(inked[chosen]), float(costs[chosen] + crowded[chosen]))
    return [found[index] for index in range(len(labels))]


def _candidates(
    label: Label, ground: Ground, tables: tuple[Array, Array, Array]
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Return corners to try, what each costs, and whether something is drawn beneath it."""
    width, height = label.size
    region = label.region
    across = np.arange(
        region.left + 2 * _PAD, max(region.right - width - _PAD, region.left + 2 * _PAD) + 1, _STEP[0]
    )
    up = np.arange(region.bottom + _PAD, max(region.top - height, region.bottom + _PAD) + 1, _STEP[1])
    corners = np.stack(np.meshgrid(across, up, indexing="ij"), axis=-1).reshape(-1, 2)
    ink, fill, grid = (
        covered(table, corners, width, height, pad) for table, pad in zip(tables, (_PAD, 0, -2), strict=True)
    )
    costs = (
        INK * np.minimum(ink, 1) * (1 + ink / (width * height))
        + _FILL * (fill / (width * height))
        + _GRID * (grid > 0)
    )
    own = distance(across, up, label.size, label.anchors)
    others = [path for owner, path in ground.paths if owner >= 0 and owner != label.owner and len(path)]
    if label.owner >= 0 and others and len(label.anchors):
        nearest = np.min([distance(across, up, label.size, path) for path in others], axis=0)
        costs += np.where(nearest < own + _PAD, _STRANGER + own - np.minimum(nearest, own), 0.0)
    covering = (ink > 0) | (fill > _TOUCH * width * height)
    # The last term settles ties: reading starts at the left.
    return corners, costs + own + 0.01 * (corners[:, 0] - region.left), covering
