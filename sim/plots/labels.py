"""Place direct labels beside their lines: on free ground, near their own line, off everybody else's."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from sim.measurements import Array
from sim.plots.ground import Ground, covered, distance, summed
from sim.plots.pixels import ASCENT, DESCENT, LINE, PANEL, Box, text_width

GLYPH = 38
"""Pixels that the sample of a line takes at the left of its label."""
_STEP = (18, 9)  # pixels between the positions that are tried, across and up
_PAD = 7  # pixels kept free around a label
_FULL_SEARCH = 4  # labels up to which every order is tried when the first order fails

# What a pixel position costs, in pixels of distance to the own line.
_INK, _FILL, _GRID, _STRANGER = 4_000.0, 60.0, 14.0, 30.0
_FAR = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Words in one colour and weight."""

    text: str
    color: str
    bold: bool = False

    @property
    def width(self) -> float:
        """The width in pixels."""
        return text_width(self.text, bold=self.bold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """The sample that stands before a label: a marker, or a dash if `marker` is empty."""

    marker: str
    size: float
    color: str
    filled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a label."""

    runs: tuple[Run, ...]
    glyph: Glyph | None = None

    @property
    def width(self) -> float:
        """The width in pixels, with the sample before the words."""
        return sum(run.width for run in self.runs) + (GLYPH if self.glyph else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Rows that belong together, and the points in pixels that they should stand close to."""

    rows: tuple[Row, ...]
    anchors: Array
    owner: int = -1  # the series it names: others of the same owner are no strangers
    region: Box = PANEL

    @classmethod
    def plain(cls, words: str, color: str, anchors: Array, *, region: Box = PANEL) -> "Label":
        """Return a label of one line of plain words that names no series."""
        return cls(rows=(Row(runs=(Run(text=words, color=color),)),), anchors=anchors, region=region)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels."""
        return max(row.width for row in self.rows), ASCENT + DESCENT + LINE * (len(self.rows) - 1)


@dataclass(frozen=True, slots=True)
class Placed:
    """A label, where it goes, and whether something is drawn beneath it."""

    label: Label
    box: Box
    over_ink: bool
    cost: float


def place(labels: Sequence[Label], ground: Ground) -> list[Placed]:
    """Find a position for every label; texts never overlap texts if there is room at all."""
    tables = tuple(summed(cells) for cells in (ground.ink, ground.fill, ground.grid))
    choices = [_candidates(label, ground, tables) for label in labels]
    best = _in_order(labels, choices, range(len(labels)))
    if any(placed.cost >= _INK for placed in best) and len(labels) <= _FULL_SEARCH + 1:
        orders = list(permutations(range(len(labels))))[1:]
        best = min((best, *(_in_order(labels, choices, order) for order in orders)), key=_total)
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
                (corners[:, 0] > box.right + _PAD)
                | (corners[:, 0] + width < box.left - _PAD)
                | (corners[:, 1] > box.top + _PAD)
                | (corners[:, 1] + height < box.bottom - _PAD)
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
        _INK * np.minimum(ink, 1) * (1 + ink / (width * height))
        + _FILL * (fill / (width * height))
        + _GRID * (grid > 0)
    )
    free = ink == 0
    if free.any():  # what lies on a line is looked at only if nothing else is left
        corners, costs, ink, fill, grid = (array[free] for array in (corners, costs, ink, fill, grid))
    own = distance(corners, width, height, label.anchors)
    others = [path for owner, path in ground.paths if owner != label.owner and len(path)]
    if label.owner >= 0 and others and len(label.anchors):
        nearest = np.min([distance(corners, width, height, path) for path in others], axis=0)
        costs += np.where(nearest < own + _PAD, _STRANGER + own - np.minimum(nearest, own), 0.0)
    # The last term settles ties: reading starts at the left.
    return corners, costs + own + 0.01 * (corners[:, 0] - region.left), (ink > 0) | (fill > 0)
