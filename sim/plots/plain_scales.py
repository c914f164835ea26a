"""Axes of training: plain numbers from 0, training steps, and learning rates."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from sim.measurements import Array
from sim.plots.pixels import PANEL, text_width
from sim.plots.scales import Scale, decades
from sim.plots.wording import number

_NICE = (1.0, 2.0, 5.0)
_MOST_TICKS = 5
_NO_TICK = 0.035  # share of the axis at its top where a tick's label would touch the line of text above
_BELOW, _ABOVE = 0.045, 0.16  # shares of a plain axis that are kept free: for markers, and for a label
_MARGIN = 0.025  # share of an axis that is kept free at both ends
_THOUSANDS = 10_000  # steps from which thousands are written as k
_SHORT = (1e-3, 1e5)  # steps and numbers between these are written out
_ROOM = PANEL.left - 20  # pixels left of the axis
_CLOSE = 0.6  # of the distance between two ticks: nearer to the last tick than this, a tick is left out


def linear_scale(arrays: Iterable[Array], *, top: float | None = None, bottom: float = 0.0) -> Scale:
    """Return an axis of plain numbers from `bottom`, or from the lowest value if that is lower.

    Args:
        arrays: the values to show.
        top: the highest value to show; the largest finite one if not given.
        bottom: where the axis begins.
    """
    shown = np.concatenate([np.ravel(array) for array in arrays])
    shown = shown[np.isfinite(shown)]
    low = min(bottom, float(shown.min())) if shown.size else bottom
    high = top if top is not None else float(shown.max()) if shown.size else bottom + 1
    high = high if high > low else low + 1
    step = _step((high - low) / _MOST_TICKS)
    first = int(np.ceil(low / step - 1e-9))
    high_end = high + _ABOVE * (high - low) if top is None else high
    span = (high_end - low) / (1 - _BELOW)
    low_end = high_end - span
    last = int(np.floor((high_end - _NO_TICK * span) / step + 1e-9))
    values = [place * step for place in range(first, last + 1)]
    ticks = tuple((value, _label(value, step)) for value in values)
    return Scale(low=low_end, high=high_end, ticks=ticks, to=np.asarray)


def _label(value: float, step: float) -> str:
    """Write a tick's number; one so long that it does not fit beside the axis is left away."""
    if abs(value) < step / 2:
        return "0"
    if _SHORT[0] <= step and abs(value) < _SHORT[1]:
        return f"{round(value, 12):g}"
    label = number(value)
    return label if text_width(label) < _ROOM else ""


def step_scale(most: int, *, first: float | None = None) -> Scale:
    """Return an axis of the training steps 0 to `most`.

    With `first`, the first step that was recorded, it is logarithmic beyond that step, and 0 keeps its place.
    """
    if first is None:
        step = max(1, round(_step(most / _MOST_TICKS)))
        inner = [float(value) for value in range(0, most, step) if most - value >= _CLOSE * step]
        return _marked([*inner, float(most)], np.asarray)

    def to(values: Array) -> Array:
        return np.log10(1 + np.asarray(values) / first)

    powers = [10.0**power for power in range(int(np.ceil(np.log10(first))), 6)]
    return _marked([0.0, *(value for value in powers if value <= most / 2), float(most)], to)


def rate_scale(rates: Array) -> Scale:
    """Return a logarithmic axis of learning rates, with a tick at every power of ten."""
    low, high = float(decades(rates).min()), float(decades(rates).max())
    room = max(high - low, 0.5) * _MARGIN / (1 - 2 * _MARGIN)
    powers = range(int(np.ceil(low - room)), int(np.floor(high + room)) + 1)
    ticks = tuple((float(power), f"{10.0**power:g}") for power in powers)
    return Scale(low=low - room, high=high + room, ticks=ticks, to=decades)


def _marked(steps: Sequence[float], to: Callable[[Array], Array]) -> Scale:
    """Return an axis that ends, but for a margin, at the first and last of these ticks."""
    places = to(np.array(steps, dtype=np.float64))
    room = float(places[-1] - places[0]) * _MARGIN / (1 - 2 * _MARGIN)
    ticks = tuple((float(place), _steps(step)) for place, step in zip(places, steps, strict=True))
    return Scale(low=float(places[0]) - room, high=float(places[-1]) + room, ticks=ticks, to=to)


def _steps(value: float) -> str:
    whole = round(value)
    return f"{whole // 1000}k" if whole >= _THOUSANDS and whole % 1000 == 0 else str(whole)


def _step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20, … that is not below `least`."""
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(nice * power for nice in (*_NICE, 10.0) if nice * power >= least * (1 - 1e-9)))
