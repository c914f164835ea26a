"""Experiment: what does the loss look like around the present weights, on a slice through two directions?

The slice, see `sim.slices`, has two of a network's many dimensions: what it shows is there, but what it does
not show may be there as well.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sim import losses
from sim.measurements import Array, Facts, Series, Variant
from sim.passes import Reading
from sim.quantiles import quantile
from sim.replicas import Replicas, draw
from sim.reporting import Report, one_by_one
from sim.slices import Slice, directions, hidden_only, moves
from sim.spec import Spec
from sim.training import train

SIDE = 21
"""Grid points along each direction; odd, so that one of them is the present point."""
REACH = 1.0
"""How far the grid reaches, in units of the weights' own norms."""
FLAT = 0.05
"""A loss is flat, or no better than another, within this share of it."""

_TRAINING = 0.5  # share of the work, where there is training: a guess, for the progress alone


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Map the loss around the present point: untrained, or after the spec's training steps.

    Series per variant: `loss` (replica, row, column), the batch loss at w + x·d₁ + y·d₂, where x and y are
    the entries of `at` (point) at the column and the row; every replica has two directions of its own. Where
    there are hidden layers, `hidden` (replica, point): the loss along d₁ with the output layer left alone.

    Facts per variant, all of one replica, the one with the (upper) median `change`, unless said otherwise:
        `replica`, counted from 0, and its `seed`.
        `centre`, `lowest` and `highest` loss on the map; what is no number counts as highest.
        `change`: (highest − lowest) / centre; `change_low` and `change_high`: its 10 and 90 % quantile over
            all replicas. None where it is no finite number.
        `line_change` and `hidden_change`: the same along d₁, with the output layer moved and left alone.
        `below`: the share of the other grid points whose loss is below the centre's.
        `overflow`: the share of grid points whose loss is no finite number.
        `shape`: lost (no finite loss in the middle), overflow (somewhere else), flat, guessing (no point of
            the map is better than knowing nothing), bowl (none is better than the middle) or slope.
        `plateau`, the loss of knowing nothing; `dimensions`, the number of parameters; `moved`, how many of
            them the directions change; `side` and `reach` of the grid.
    """
    return one_by_one(specs, report, _measure), {}


def _measure(spec: Spec, label: str, share: Report) -> Variant:
    maps: list[Array] = []
    lines: list[Array] = []
    sizes: dict[str, int] = {}
    for chunk in draw(spec):

        def told(done: float, _text: str = "", numbers: range = chunk.numbers) -> None:
            share((numbers.start + done * len(numbers)) / spec.seeds, label)

        if spec.steps:
            _train(spec, chunk, told)
        pair = directions(spec, chunk)
        hidden = hidden_only(chunk, pair[0])
        lines.append(_line(Slice(spec, chunk, (hidden, hidden))))
        maps.append(_map(Slice(spec, chunk, pair), told, start=_TRAINING if spec.steps else 0.0))
        moved = [math.prod(slot.shape) for slot in chunk.parameters.slots if moves(slot)]
        sizes = {"dimensions": chunk.parameters.count(), "moved": sum(moved)}
    series = {
        "loss": Series(axes=("replica", "row", "column"), values=np.concatenate(maps)),
        "at": Series(axes=("point",), values=_places().numpy()),
    }
    if spec.arch != "logistic":
        series["hidden"] = Series(axes=("replica", "point"), values=np.concatenate(lines))
    return Variant(spec=spec, label=label, series=series, facts=_facts(spec, series) | sizes)


def _train(spec: Spec, chunk: Replicas, told: Report) -> None:
    def observe(step: int, _reading: Reading) -> bool:
        if step % 20 == 0:
            told(_TRAINING * step / spec.steps, "")
        return False

    train(spec, chunk.network, chunk.parameters, chunk.batch, observe)


def _map(slice_: Slice, told: Report, *, start: float) -> Array:
    """Return the loss on the grid, shape (replica, row, column)."""
    x, y = _places().repeat(SIDE), _places().repeat_interleave(SIDE)
    found: list[Tensor] = []
    for first in range(0, SIDE**2, slice_.together):
        here = slice(first, first + slice_.together)
        found.append(slice_.at(x[here], y[here]))
        told(start + (1 - start) * min(here.stop / SIDE**2, 1.0), "")
    return torch.cat(found, dim=1).reshape(-1, SIDE, SIDE).numpy()


def _line(slice_: Slice) -> Array:
    """Return the loss along the first direction, shape (replica, point)."""
    return torch.cat([slice_.at(x, torch.zeros(1)) for x in _places().reshape(SIDE, 1)], dim=1).numpy()


def _places() -> Tensor:
    return torch.linspace(-REACH, REACH, SIDE, dtype=torch.float64)


def _facts(spec: Spec, series: dict[str, Series]) -> dict[str, Any]:
    loss = series["loss"].values
    maps = np.where(np.isnan(loss), np.inf, loss).reshape(len(loss), -1)
    centres = maps[:, maps.shape[1] // 2]
    changes = _changes(maps, centres)
    shown = int(np.argsort(changes, kind="stable")[len(changes) // 2])
    here, centre = maps[shown], float(centres[shown])
    lines = {"line_change": loss[:, SIDE // 2]}
    if "hidden" in series:
        lines["hidden_change"] = series["hidden"].values
    plateau = losses.plateau(spec)
    return {
        "replica": shown,
        "seed": spec.seed + shown,
        "centre": centre,
        "lowest": float(here.min()),
        "highest": float(here.max()),
        "change": _finite(changes[shown]),
        "change_low": _finite(quantile(changes, 0.1)),
        "change_high": _finite(quantile(changes, 0.9)),
        **{name: _finite(_changes(line, centres)[shown]) for name, line in lines.items()},
        "below": float((here < centre).sum() / (here.size - 1)),
        "overflow": float((~np.isfinite(here)).mean()),
        "shape": _shape(centre, here, float(changes[shown]), plateau),
        "plateau": plateau,
        "side": SIDE,
        "reach": REACH,
    }


def _changes(values: Array, centres: Array) -> Array:
    """Return (highest − lowest) / centre of every replica, for values (replica, …); inf if one overflows."""
    rows = values.reshape(len(values), -1)
    lowest, highest = rows.min(axis=1), rows.max(axis=1)
    with np.errstate(all="ignore"):
        changes = np.where(highest == lowest, 0.0, (highest - lowest) / centres)
    return np.where(np.isfinite(highest) & np.isfinite(changes), changes, np.inf)


def _shape(centre: float, here: Array, change: float, plateau: float) -> str:
    if not np.isfinite(centre):
        return "lost"
    if not np.isfinite(here).all():
        return "overflow"
    if change < FLAT:
        return "flat"
    lowest = float(here.min())
    if lowest >= plateau:
        return "guessing"
    return "bowl" if lowest >= (1 - FLAT) * centre else "slope"


def _finite(value: Array | np.float64) -> float | None:
    return float(value) if np.isfinite(value) else None
