"""Axes in coordinates of their own: decades, signed decades, or plain numbers, with few plain ticks.

Values are turned into coordinates here rather than by matplotlib's log scale, which loses
values under 1e-308, takes 10 ms a card for its tick locators, and writes 10⁻⁴ with mathtext.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from sim.measurements import Array

Tick = tuple[float, str]
"""Where a tick is, in coordinates, and what stands beside it."""

_STEPS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200)
_MOST_TICKS = 5
_ALL_TICKS = 12  # whole numbers up to which every one is a tick
_PLAIN = (-3, 3)  # decades written as 0.001 … 1000; beyond, as 1e-4
_LONGEST = 6  # characters that fit beside an axis: −1e-99 does, −1e-100 does not
_FINE = 2.2  # below this many decades, 2 and 5 are ticks too
_ZONE = 0.16  # least share of the axis for a shaded zone with words in it
_AIR = 0.07  # empty share of the axis below the data
_HEADROOM = 0.16  # and above: room for the label of the topmost line
_NO_TICK = 0.035  # share of the axis at its top where a tick's label would touch the line of text above


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One axis: its ends and ticks in coordinates, and how a value becomes a coordinate."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    to: Callable[[Array], Array]


def decades(values: Array) -> Array:
    """Return the base-10 logarithm: -inf for 0, inf for overflow, NaN for what has no logarithm."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log10(values)


def log_scale(
    arrays: Iterable[Array],
    *,
    least: float,
    floor: bool = False,
    ceiling: bool = False,
    zone_below: float | None = None,
) -> Scale:
    """Return a logarithmic axis that shows every positive finite value.

    Args:
        arrays: the values to show.
        least: the fewest decades to show, so that noise does not look like a trend.
        floor: keep a strip free at the bottom, for what is 0.
        ceiling: keep a strip free at the top, for what overflows.
        zone_below: decades below which a zone is shaded; where data go there, its words have room.
    """
    shown = np.concatenate([decades(array).ravel() for array in arrays])
    shown = shown[np.isfinite(shown)]
    low, high = (float(shown.min()), float(shown.max())) if shown.size else (-least / 2, least / 2)
    missing = max(least - (high - low), 0.0) / 2
    low, high = low - missing, high + missing
    air = _AIR * (high - low)
    low = low - air * (2 if floor else 1)
    high = high + _HEADROOM * (high - low) + (air if ceiling else 0)
    if zone_below is not None and low < zone_below:
        low = min(low, zone_below - (max(high, zone_below) - zone_below) * _ZONE / (1 - _ZONE))
        high = max(high, zone_below + (zone_below - low) * _AIR)
    return Scale(low=low, high=high, ticks=log_ticks(low, high), to=decades)


def log_ticks(low: float, high: float) -> tuple[Tick, ...]:
    """Return at most six ticks between two decades, at powers of ten that include 1 where it is shown."""
    if high - low < _FINE:
        fine = [
            (place, f"{digit * 10.0**power:g}")
            for power in range(int(np.floor(low)), int(np.ceil(high)) + 1)
            for digit in (1, 2, 5)
            if low <= (place := power + float(np.log10(digit))) <= high
        ]
        if _PLAIN[0] <= low and high <= _PLAIN[1] + 1 and len(fine) <= _MOST_TICKS + 1:
            return tuple(fine)
    high -= _NO_TICK * (high - low)
    step = next(step for step in (*_STEPS, 500, 1000) if (high - low) / step <= _MOST_TICKS)
    powers = range(int(np.ceil(low / step)) * step, int(np.floor(high)) + 1, step)
    plain = all(_PLAIN[0] <= power <= _PLAIN[1] for power in powers)
    return tuple((float(power), _power(power, plain=plain)) for power in powers)


def count_scale(most: int, *, margin: float = 0.025) -> Scale:
    """Return an axis of the whole numbers 1 to `most`, with both ends and a few numbers between marked."""
    steps = [1] if most <= _ALL_TICKS else [step for step in _STEPS if 3 <= most / step <= _MOST_TICKS]  # noqa: PLR2004
    step = next((step for step in steps if most % step == 0), steps[0])
    inner = [value for value in range(step, most, step) if min(value - 1, most - value) >= 0.6 * step]
    marked = sorted({1, *inner, most})
    room = max(most - 1, 1) * margin / (1 - 2 * margin)
    ends = (1 - room, most + room) if most > 1 else (0.0, 2.0)
    return Scale(low=ends[0], high=ends[1], ticks=tuple((float(m), str(m)) for m in marked), to=np.asarray)


def share_scale(*, margin: float = 0.025) -> Scale:
    """Return an axis of shares, marked from 0 to 100 (percent)."""
    ticks = tuple((percent / 100, str(percent)) for percent in (0, 25, 50, 75, 100))
    room = margin / (1 - 2 * margin)
    return Scale(low=-room, high=1 + room, ticks=ticks, to=np.asarray)


def signed_scale(arrays: Iterable[Array]) -> Scale:
    """Return an axis that is logarithmic away from 0 on both sides and passes through 0."""
    shown = np.concatenate([np.ravel(array) for array in arrays])
    shown = shown[np.isfinite(shown)]
    sizes = np.abs(shown[shown != 0])
    largest = float(sizes.max()) if sizes.size else 1.0
    # Within the smallest twentieth, and below a millionth of the largest, the axis is linear.
    small = max(float(np.quantile(sizes, 0.05)), largest * 1e-6) if sizes.size else largest
    base = float(np.floor(np.log10(min(small, largest / 10))))

    def to(values: Array) -> Array:
        scaled = np.abs(values) / largest * 10 ** (np.log10(largest) - base)
        return np.sign(values) * np.log10(1 + scaled)

    coordinates = to(shown) if shown.size else np.zeros(1)
    low, high = min(float(coordinates.min()), 0.0), max(float(coordinates.max()), 0.0)
    # Half of the larger side at least, so that "below 0" can be seen and named.
    reach = max(high, -low) or 1.0
    low, high = min(low * 1.1, -0.4 * reach), max(high, 0.25 * reach)
    high += _HEADROOM * (high - low)
    top = float(np.floor(np.log10(largest)))
    step = max(1.0, float(np.ceil((top - base) / 2)))
    sizes_marked = [10**power for power in np.arange(top, base, -step)]
    marked = [0.0, *(sign * size for size in sizes_marked for sign in (1.0, -1.0))]
    top_tick = high - _NO_TICK * (high - low)
    shown_ticks = sorted(
        (place, value) for value in marked if low <= (place := float(to(np.array(value)))) <= top_tick
    )
    inside = [(place, label) for place, value in shown_ticks if len(label := _signed(value)) <= _LONGEST]
    return Scale(low=low, high=high, ticks=tuple(inside), to=to)


def _power(power: int, *, plain: bool) -> str:
    """Write a power of ten; 1 to 1000 are always plain, as nobody writes 1e1."""
    return f"{10.0**power:g}" if plain or 0 <= power <= _PLAIN[1] else f"1e{power}"


def _signed(value: float) -> str:
    if value == 0:
        return "0"
    power = round(float(np.log10(abs(value))))
    return ("−" if value < 0 else "") + _power(power, plain=_PLAIN[0] <= power <= _PLAIN[1])
