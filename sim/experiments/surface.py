"""Experiment: what does the loss look like around the present weights, on a slice through two directions?

The slice, see `sim.slices`, has two of a network's many dimensions: what it shows is there, but what it does
not show may be there as well.
"""

import math
from collections import Counter
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
ONLY_HEAD = (0.01, 0.05)
"""Only the output layer matters where moving the hidden ones changes the loss by less than the first of these
shares, and moving all weights by more than the second."""

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
        `over_seeds`: what all replicas come to: how many have each of the `shapes`, and how many a map that
            `beats_guessing` somewhere or on which only the output layer matters (`only_head`, see
            `ONLY_HEAD`); medians of `rise` and `fall`, from the middle up to the highest and down to the
            lowest loss relative to the middle's, and of `below` and `overflow`. None where it is no finite
            number.
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
    shapes = [
        _shape(float(one), rows, float(change), plateau)
        for one, rows, change in zip(centres, maps, changes, strict=True)
    ]
    changed = {name: _changes(line, centres) for name, line in lines.items()}
    return {
        "replica": shown,
        "seed": spec.seed + shown,
        "centre": centre,
        "lowest": float(here.min()),
        "highest": float(here.max()),
        "change": _finite(changes[shown]),
        "change_low": _finite(quantile(changes, 0.1)),
        "change_high": _finite(quantile(changes, 0.9)),
        **{name: _finite(along[shown]) for name, along in changed.items()},
        "below": float((here < centre).sum() / (here.size - 1)),
        "overflow": float((~np.isfinite(here)).mean()),
        "shape": shapes[shown],
        "over_seeds": {
            "shapes": dict(Counter(shapes)),
            "beats_guessing": int((maps.min(axis=1) < plateau).sum()),
            "only_head": _only_head(changed),
            **_medians(maps, centres),
        },
        "plateau": plateau,
        "side": SIDE,
        "reach": REACH,
    }


def _only_head(changed: dict[str, Array]) -> int:
    """Count the replicas of which moving the hidden layers changes the loss hardly, and all weights does."""
    if "hidden_change" not in changed:
        return 0
    hardly, much = ONLY_HEAD
    return int(((changed["hidden_change"] < hardly) & (changed["line_change"] > much)).sum())


def _medians(maps: Array, centres: Array) -> dict[str, float | None]:
    with np.errstate(all="ignore"):
        rise, fall = maps.max(axis=1) / centres - 1, 1 - maps.min(axis=1) / centres
    others = maps.shape[1] - 1
    return {
        "rise": _finite(quantile(rise, 0.5)),
        "fall": _finite(quantile(fall, 0.5)),
        "below": float(quantile((maps < centres[:, None]).sum(axis=1) / others, 0.5)),
        "overflow": float(quantile((~np.isfinite(maps)).mean(axis=1), 0.5)),
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
